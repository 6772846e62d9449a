"""Make the secrets of a new service: `python portal/deployment/make_secrets.py [folder]`.

Needs Python alone. Files that exist stay as they are. The folder is closed to everyone else; the
files in it are readable, because each container reads its own ones as a user of its own.
"""

import secrets
import sys
from pathlib import Path

FOLDER = Path("var/secrets")
# The operator writes these.
BY_HAND = {
    "email_url": "smtp+tls://user:password@host:587?from=portal@example.gov",
    "certificates/certificate.pem": "the certificate with its chain",
    "certificates/key.pem": "its private key",
}


def drafts() -> dict[str, str]:
    """Fresh content by file name."""
    database, queue, cache = (secrets.token_hex(24) for _ in range(3))
    return {
        "secret_key": secrets.token_hex(32),
        "metrics_token": secrets.token_hex(24),
        "database_superuser_password": secrets.token_hex(24),
        "database_password": database,
        "database_url": f"postgresql://portal:{database}@postgres:5432/portal",
        "queue.conf": f"requirepass {queue}",
        "queue_url": f"redis://:{queue}@queue:6379/0",
        "cache.conf": f"requirepass {cache}",
        "cache_url": f"redis://:{cache}@cache:6379/0",
    }


def make(folder: Path) -> list[str]:
    """Write what is missing; returns the names of what is still to be written by hand.

    Raises FileExistsError when only some of the secrets are there: passwords and addresses belong
    together.
    """
    found = drafts()
    there = [name for name in found if (folder / name).exists()]
    if there and len(there) < len(found):
        raise FileExistsError(f"{folder} holds only some secrets: {', '.join(there)}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / "certificates").mkdir(mode=0o755, exist_ok=True)
    for name, content in found.items() if not there else ():
        (folder / name).write_text(f"{content}\n")
        (folder / name).chmod(0o444)
    return [name for name in BY_HAND if not (folder / name).exists()]


def main(arguments: list[str]) -> int:
    folder = Path(arguments[1]) if len(arguments) > 1 else FOLDER
    try:
        missing = make(folder)
    except OSError as fault:
        print(fault, file=sys.stderr)  # noqa: T201 this is a command
        return 2
    for name in missing:
        print(f"Now write {folder / name}: {BY_HAND[name]}")  # noqa: T201 this is a command
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
