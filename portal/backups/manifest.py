"""What a backup says about itself, and whether this installation can take it."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from engagement.audit import erasures, heads
from engagement.audit.digests import canonical
from engagement.audit.sealing import current_heads
from engagement.keys import signing, store
from engagement.keys.moments import floor_to_hour
from engagement.keys.purposes import Purpose
from engagement.places.models import Agency
from portal.backups.faults import BackupFault
from portal.backups.programs import OWNER
from portal.environment import ROOT
from portal.models import Installation

FORMAT = 1
BAD_MANIFEST = "the backup is damaged or of another make; nothing was changed."


@dataclass(frozen=True)
class Manifest:
    """`as_of` is the full hour before the backup, `dumped_by` the major version of pg_dump.

    `keys` has fingerprints by purpose and version.
    """

    format: int
    software: str
    as_of: str
    dumped_by: int
    migrations: list[list[str]]
    agencies: int
    is_demonstration: bool
    heads: list[list[int | str]]
    keys: dict[str, dict[str, str]]
    erasures: int


def describe(now: datetime, *, dumped_by: int) -> Manifest:
    """Read in the caller's snapshot, on the owner's connection."""
    applied = MigrationRecorder(connections[OWNER]).applied_migrations()
    mark = Installation.objects.using(OWNER).first()
    return Manifest(
        format=FORMAT,
        software=software(),
        as_of=floor_to_hour(now).isoformat(),
        dumped_by=dumped_by,
        migrations=sorted([app, name] for app, name in applied),
        agencies=Agency.objects.using(OWNER).count(),
        is_demonstration=bool(mark and mark.is_demonstration),
        heads=heads.rows_of(current_heads(OWNER)),
        keys=fingerprints(),
        erasures=len(erasures.remembered()),
    )


def software() -> str:
    """The version in pyproject.toml."""
    try:
        return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "unknown"


def fingerprints() -> dict[str, dict[str, str]]:
    """Enough of a digest to know a key again, and nothing to find it by."""
    return {
        purpose.value: {
            str(version): hashlib.sha256(b"fingerprint" + key).hexdigest()[:16]
            for version, key in sorted(store.ring(purpose).versions.items())
        }
        for purpose in Purpose
    }


def encoded(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), indent=1).encode()


def decoded(content: bytes) -> Manifest:
    """Raises BackupFault."""
    try:
        values = json.loads(content)
        if values["format"] != FORMAT:
            raise BackupFault(f"this release reads backups of format {FORMAT} only.")
        return Manifest(**values)
    except (ValueError, KeyError, TypeError):
        raise BackupFault(BAD_MANIFEST) from None


def signed_digests(digests: Mapping[str, Any]) -> bytes:
    """Age tells who may read a backup; this tells that we made it."""
    signature = signing.sign(canonical(digests)).hex()
    return json.dumps({"body": digests, "signature": signature}).encode()


def checked_digests(content: bytes) -> dict[str, Any]:
    """Raises BackupFault unless we signed them."""
    try:
        stored = json.loads(content)
        body: dict[str, Any] = stored["body"]
        signature = bytes.fromhex(stored["signature"])
    except (ValueError, KeyError, TypeError):
        raise BackupFault(BAD_MANIFEST) from None
    if not signing.verify(canonical(body), signature):
        raise BackupFault("this backup was not signed with the keys in PORTAL_KEYS.")
    return body


def unknown_migrations(manifest: Manifest) -> list[str]:
    """What the backup has and this release does not know."""
    known = set(MigrationLoader(None).disk_migrations or {})
    return [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]


def missing_keys(manifest: Manifest) -> list[str]:
    """Keys that rows of the backup were written with and that are not held here."""
    held = fingerprints()
    return [
        f"{purpose} version {version}"
        for purpose, versions in manifest.keys.items()
        for version, mark in versions.items()
        if held.get(purpose, {}).get(version) != mark
    ]
