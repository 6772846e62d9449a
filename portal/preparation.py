"""What `serve --prepare` brings up to date before the first page."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from engagement.places.models import Agency
from portal import translations
from portal.models import Installation
from portal.schema import is_current, mark_current

ACCOUNTS = "demo-accounts.json"
SEED = "seed_demo"


def static_digest() -> str:
    """Changes with any static file of ours or of a package."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Gather and compress static files, unless nothing changed since the last time."""
    stamp = settings.VAR / "static.stamp"
    digest = static_digest()
    if stamp.exists() and stamp.read_text() == digest and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest)


def demonstration_accounts() -> list[dict[str, str]]:
    """E-mail, password and role of each, as the seeding command left them."""
    path = settings.SERVERS.run / ACCOUNTS
    if not path.exists():
        return []
    found: list[dict[str, str]] = json.loads(path.read_text())
    return found


def seed_demonstration() -> None:
    """Fill a demonstration database that nobody has filled yet."""
    mark = Installation.objects.first()
    if mark and mark.is_demonstration and not Agency.objects.exists():
        call_command(SEED, verbosity=0)


def prepare() -> None:
    """Schema, translations, static files, demonstration data; safe to repeat."""
    if not is_current():
        call_command("migrate", interactive=False, verbosity=0)
        mark_current()
    translations.compile_catalogs()
    collect_static()
    seed_demonstration()
