"""Key files: one per purpose in settings.PORTAL_KEYS, mode 0600, with versions.

A file is replaced as a whole and every use looks at its stamp first, so all processes write
under a new version from the moment that it lies there, without a restart.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from engagement.keys.purposes import Purpose

KEY_BYTES = 32
HIGHEST_VERSION = 65535  # a sealed value holds its version in two bytes


class KeyMissing(Exception):
    """A key file is absent, damaged or open to others; the message says what to do."""


@dataclass(frozen=True)
class KeyRing:
    """The versions of one purpose's key that can still be read; `current` is written with."""

    current: int
    versions: dict[int, bytes]

    @property
    def newest_first(self) -> list[int]:
        return sorted(self.versions, reverse=True)


def ring(purpose: Purpose) -> KeyRing:
    """All live versions of the key. Raises KeyMissing."""
    path = _path(purpose)
    try:
        stamp = path.stat()
    except FileNotFoundError:
        _make_first(purpose, path)
        stamp = path.stat()
    except OSError as error:
        raise KeyMissing(f"{path}: {error.strerror}; make that folder yours.") from None
    if stamp.st_mode & 0o077:
        raise KeyMissing(f"{path}: others can read this key; run chmod 600 on it.")
    return _load(path, (stamp.st_ino, stamp.st_mtime_ns, stamp.st_size))


def derived(purpose: Purpose, *, agency_id: int | None, version: int | None = None) -> bytes:
    """32 bytes for this purpose and agency (None: the installation), current version by default.

    HKDF-SHA256 (RFC 5869). Raises KeyMissing when `version` is not, or no longer, held.
    """
    keys = ring(purpose)
    wanted = keys.current if version is None else version
    if wanted not in keys.versions:
        raise KeyMissing(f"{_path(purpose)}: version {wanted} is not held any more.")
    return _derive(keys.versions[wanted], purpose, agency_id)


def missing() -> list[Purpose]:
    """The purposes that have no key file."""
    return [purpose for purpose in Purpose if not _path(purpose).exists()]


def make(purpose: Purpose) -> None:
    """Write the first version, unless the purpose has a key file. Raises KeyMissing."""
    with _changing(purpose) as path:
        if not path.exists():
            _replace(path, KeyRing(1, {1: secrets.token_bytes(KEY_BYTES)}))


def add_version(purpose: Purpose) -> int:
    """Write a new version, which is current at once in every process; return its number."""
    ring(purpose)  # makes the first version before the lock is held
    with _changing(purpose) as path:
        keys = ring(purpose)
        version = keys.current + 1
        if version > HIGHEST_VERSION:
            raise KeyMissing(f"{path}: no version is left.")
        _replace(path, KeyRing(version, {**keys.versions, version: secrets.token_bytes(KEY_BYTES)}))
    return version


def retire_old_versions(purpose: Purpose) -> list[int]:
    """Forget all versions but the current one; return those forgotten."""
    ring(purpose)
    with _changing(purpose) as path:
        keys = ring(purpose)
        _replace(path, KeyRing(keys.current, {keys.current: keys.versions[keys.current]}))
    return sorted(set(keys.versions) - {keys.current})


def _path(purpose: Purpose) -> Path:
    return Path(settings.PORTAL_KEYS) / f"{purpose}.key"


def _make_first(purpose: Purpose, path: Path) -> None:
    if not settings.KEYS_MAY_BE_MADE:
        raise KeyMissing(
            f"{path}: this key is missing; restore it from your copy of the keys "
            "(on a new installation: manage.py make_keys)."
        )
    make(purpose)


@lru_cache(maxsize=64)
def _load(path: Path, stamp: tuple[int, int, int]) -> KeyRing:
    """Read once per state of the file; `stamp` changes whenever the file is replaced."""
    try:
        stored = json.loads(path.read_text())
        versions = {int(number): bytes.fromhex(key) for number, key in stored["versions"].items()}
        current = int(stored["current"])
    except OSError as error:
        raise KeyMissing(f"{path}: {error.strerror}; make that folder yours.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyMissing(f"{path}: damaged; restore it from your copy of the keys.") from None
    if current not in versions or any(len(key) != KEY_BYTES for key in versions.values()):
        raise KeyMissing(f"{path}: damaged; restore it from your copy of the keys.")
    return KeyRing(current, versions)


@lru_cache(maxsize=1024)
def _derive(key: bytes, purpose: Purpose, agency_id: int | None) -> bytes:
    place = "installation" if agency_id is None else f"agency {agency_id}"
    info = f"common ground | {purpose} | {place}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def _replace(path: Path, keys: KeyRing) -> None:
    """Write beside and rename, so that a crash leaves the old file or the new one, whole."""
    stored = {
        "current": keys.current,
        "versions": {str(number): key.hex() for number, key in sorted(keys.versions.items())},
    }
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(stored, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _changing(purpose: Purpose) -> Iterator[Path]:
    """Hold the purpose's lock: two processes that change one file would lose a version."""
    path = _path(purpose)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise KeyMissing(f"{path.parent}: {error.strerror}; make that folder yours.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Whoever wrote these is gone, or would hold the lock: a crash left keys in them.
        for draft in path.parent.glob(f".{path.name}.*.*"):
            draft.unlink(missing_ok=True)
        yield path
    finally:
        os.close(descriptor)
