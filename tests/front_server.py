"""The nginx of the deployment's tests: found on the system, else fetched.

Where Debian's packages can be reached its program is unpacked under var/tools, and nothing of the
system is changed: no service is started, and no right of root is needed.
"""

import os
import shutil
import subprocess
from pathlib import Path

from portal.environment import ROOT
from portal.servers.locks import Lock

TOOLS = ROOT / "var" / "tools"
ADVICE = (
    "No nginx, so the TLS front cannot be tried: install it (Debian: apt-get install nginx-light; "
    "macOS: brew install nginx) or set PORTAL_NGINX to its program."
)


class NoFront(Exception):
    """There is no nginx here and none can be had; the message says what to do."""


def find() -> Path | None:
    """PORTAL_NGINX, else the system's, else one that was unpacked before."""
    given = os.environ.get("PORTAL_NGINX")
    if given:
        return Path(given)
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", str(TOOLS / "usr/sbin")])
    found = shutil.which("nginx", path=places)
    return Path(found) if found else None


def fetch() -> None:
    """Unpack Debian's package; when that fails once, with fresh lists of packages."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    for before in ([], ["apt-get", "update", "--quiet"]):
        if before:
            subprocess.run(before, capture_output=True, check=False)
        done = subprocess.run(
            ["apt-get", "download", "nginx"], cwd=TOOLS, capture_output=True, check=False
        )
        packages = sorted(TOOLS.glob("nginx_*.deb"))
        if done.returncode == 0 and packages:
            subprocess.run(["dpkg-deb", "-x", str(packages[-1]), str(TOOLS)], check=True)
            return


def program() -> Path:
    """The path of nginx. Raises NoFront."""
    with Lock(ROOT / "var" / "tools.lock").exclusive():
        found = find()
        if found is None and shutil.which("apt-get"):
            fetch()
            found = find()
    if found is None:
        raise NoFront(ADVICE)
    return found
