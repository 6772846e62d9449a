"""The browser of the journeys: found on the system, else installed.

python -m tests.browser      installs one where needed; exits 1 where none can be had
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
# Text needs letters: a bare container has none.
PACKAGES = ("chromium", "fonts-dejavu-core")


def find() -> Path | None:
    """PORTAL_CHROMIUM, else Chromium or Chrome of the system, else Playwright's own."""
    given = os.environ.get("PORTAL_CHROMIUM")
    if given:
        return Path(given)
    for name in (*NAMES, *PLACES):
        found = shutil.which(name)
        if found:
            return Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def attempts() -> list[list[list[str]]]:
    """Ways to get one, each a list of commands."""
    ways = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES]
        ways.append([["apt-get", "update", "--quiet"], install])
    ways.append([[sys.executable, "-m", "playwright", "install", "chromium"]])
    return ways


def install() -> Path | None:
    """Try each way until a browser is found; their output goes to standard error."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for commands in attempts():
        for command in commands:
            done = subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
            if done.returncode:
                break
        found = find()
        if found:
            return found
    return None


def main() -> int:
    found = find() or install()
    if found:
        print(found)  # noqa: T201 this is a command
        return 0
    print(  # noqa: T201 this is a command
        "No browser: the journeys (pytest -m journey) cannot run here. Install Chromium "
        "(Debian: apt-get install chromium) or set PORTAL_CHROMIUM to its program.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
