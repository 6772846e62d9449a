"""Read a backup: decrypt on the way, check every digest, keep nothing on disk in plain."""

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Thread
from typing import IO

import pyrage

from portal.backups import archive
from portal.backups.faults import BackupFault
from portal.backups.manifest import BAD_MANIFEST, Manifest, checked_digests, decoded

DAMAGED = "{} is damaged or cut short; nothing was changed."
LONGEST_LIST = 256 << 20


@dataclass(frozen=True)
class Sinks:
    """Where the parts go: the dump piece by piece; for a file its path, then a writer."""

    dump: Callable[[bytes], object]
    media: Callable[[str, Iterator[bytes]], None]


def identities_in(path: Path) -> list[pyrage.x25519.Identity]:
    """The age identities in a key file, as age-keygen writes it. Raises BackupFault."""
    try:
        lines = path.read_text().splitlines()
        found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        identities = [pyrage.x25519.Identity.from_str(line) for line in found]
    except OSError as error:
        raise BackupFault(f"{path}: {error.strerror}.") from None
    except (UnicodeDecodeError, pyrage.IdentityError):
        identities = []
    if not identities:
        raise BackupFault(f"{path} holds no age identity; it begins with AGE-SECRET-KEY-1.")
    return identities


def read(path: Path, identities: list[pyrage.x25519.Identity], sinks: Sinks) -> Manifest:
    """Go through the whole backup; return only when all of it is as we signed it.

    Raises BackupFault. What the sinks got before is then not to be believed.
    """
    with _opened(path, identities) as tar:
        return _Walk(sinks).through(tar)


class _Walk:
    def __init__(self, sinks: Sinks) -> None:
        self.sinks = sinks
        self.database = hashlib.sha256()
        self.files: dict[str, str] = {}
        self.small: dict[str, bytes] = {}
        self.part = 0

    def through(self, tar: tarfile.TarFile) -> Manifest:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                raise BackupFault(BAD_MANIFEST)
            self._take(member, content)
        about = self.small.get(archive.MANIFEST, b"")
        digests = checked_digests(self.small.get(archive.DIGESTS, b""))
        seen = {
            "manifest": hashlib.sha256(about).hexdigest(),
            "database": self.database.hexdigest(),
            "media": self.files,
        }
        if digests != seen:
            raise BackupFault(BAD_MANIFEST)
        return decoded(about)

    def _take(self, member: tarfile.TarInfo, content: IO[bytes]) -> None:
        name = member.name
        if name in {archive.MANIFEST, archive.DIGESTS} and member.size < LONGEST_LIST:
            self.small[name] = content.read()
        elif name == f"{archive.DATABASE}{self.part:06}.gz" and member.size <= 2 * archive.PART:
            part = archive.unzipped(content.read())
            self.database.update(part)
            self.sinks.dump(part)
            self.part += 1
        elif name.startswith(archive.MEDIA) and is_inside(name):
            digest = hashlib.sha256()
            inner = name.removeprefix(archive.MEDIA)
            self.sinks.media(inner, _pieces(content, digest))
            self.files[inner] = digest.hexdigest()
        else:
            raise BackupFault(BAD_MANIFEST)


def is_inside(name: str) -> bool:
    """Whether a file of that name stays below the folder it is written to."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _pieces(content: IO[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    while piece := content.read(archive.PIECE):
        digest.update(piece)
        yield piece


@contextmanager
def _opened(path: Path, identities: list[pyrage.x25519.Identity]) -> Iterator[tarfile.TarFile]:
    """The tar inside, decrypted by a thread that writes into a pipe."""
    if not path.is_file():
        raise BackupFault(f"{path} is no file.")
    out, into = os.pipe()
    faults: list[Exception] = []
    thread = Thread(target=_decrypt, args=(path, into, identities, faults), daemon=True)
    thread.start()
    broken = False
    try:
        with os.fdopen(out, "rb") as plain:
            try:
                with tarfile.open(fileobj=plain, mode="r|") as tar:
                    yield tar
                while plain.read(archive.PIECE):
                    pass  # age tells only at its end that nothing was cut off
            except (tarfile.TarError, EOFError):
                broken = True
    finally:
        thread.join()
        # Why the decryption ended says more than what its reader then missed.
        _refuse(path, faults)
    if broken:
        raise BackupFault(DAMAGED.format(path))


def _refuse(path: Path, faults: list[Exception]) -> None:
    for fault in faults:
        if isinstance(fault, pyrage.DecryptError) and "No matching keys" in str(fault):
            raise BackupFault(f"this identity does not open {path}.") from None
        if not isinstance(fault, BrokenPipeError):
            raise BackupFault(DAMAGED.format(path)) from None


def _decrypt(
    path: Path, into: int, identities: list[pyrage.x25519.Identity], faults: list[Exception]
) -> None:
    try:
        with os.fdopen(into, "wb") as sink, path.open("rb") as source:
            pyrage.decrypt_io(source, sink, identities)
    except Exception as fault:
        faults.append(fault)
