"""The inside of a backup: a plain tar, so that it can be read without the portal.

`age -d FILE | tar x` gives `manifest.json`, the database as `database/*.gz` (joined and unzipped:
what pg_dump wrote), `media/`, and `digests.json` with the SHA-256 of each and our signature. All
of it is made piece by piece on its way into the encryption; nothing lies on a disk in plain.
"""

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from portal.backups.faults import BackupFault
from portal.backups.keysearch import KeySearch

PIECE = 1 << 20
PART = 8 << 20
FAST = 3
MANIFEST, DATABASE, MEDIA, DIGESTS = "manifest.json", "database/", "media/", "digests.json"


def small(name: str, content: bytes) -> Iterator[bytes]:
    """One member that is in memory."""
    yield header(name, len(content))
    yield content
    yield padding(len(content))


def database(
    pieces: Iterable[bytes], search: KeySearch, digest: "hashlib._Hash"
) -> Iterator[bytes]:
    """A dump of unknown length, in numbered parts; `digest` is over the dump itself."""
    search.begin("the database")
    for number, part in enumerate(_parts(pieces)):
        digest.update(search.feed(part))
        yield from small(f"{DATABASE}{number:06}.gz", gzip.compress(part, FAST, mtime=0))


def media(folder: Path, search: KeySearch, digests: dict[str, str]) -> Iterator[bytes]:
    """Every file below `folder`; `digests` gets the SHA-256 of each by its path.

    One that is erased while we are on the way to it is left out, as it should be.
    Raises BackupFault for anything but plain files and folders.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not os.path.lexists(path):
            continue
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise BackupFault(f"{path} is no plain file; move it out of the media folder.")
        if path.is_dir():
            continue
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        search.begin(f"{MEDIA}{name}")
        digest = hashlib.sha256()
        yield from _file(file, f"{MEDIA}{name}", search, digest)
        digests[name] = digest.hexdigest()


def end() -> bytes:
    return bytes(2 * tarfile.BLOCKSIZE)


def header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.PAX_FORMAT)


def padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def unzipped(part: bytes) -> bytes:
    """One part of the dump. Raises BackupFault when it is larger than we make them."""
    unzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        found = unzip.decompress(part, PART + 1)
    except zlib.error:
        raise BackupFault("the backup is damaged; nothing was changed.") from None
    if len(found) > PART or not unzip.eof:
        raise BackupFault("the backup is damaged; nothing was changed.")
    return found


def _parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= PART:
            yield bytes(held[:PART])
            del held[:PART]
    if held:
        yield bytes(held)


def _file(file: BinaryIO, name: str, search: KeySearch, digest: "hashlib._Hash") -> Iterator[bytes]:
    with file:
        size = left = os.fstat(file.fileno()).st_size
        yield header(name, size)
        while left:
            piece = file.read(min(PIECE, left))
            if not piece:
                raise BackupFault(f"{name} became shorter while it was read; run backup again.")
            digest.update(search.feed(piece))
            left -= len(piece)
            yield piece
    yield padding(size)


class Pull(io.RawIOBase):
    """Lets a reader pull from what is made piece by piece; keeps the fault that ended it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.held = memoryview(b"")
        self.fault: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, into: "memoryview") -> int:  # type: ignore[override]
        try:
            while not self.held:
                self.held = memoryview(next(self.pieces))
        except StopIteration:
            return 0
        except Exception as fault:
            self.fault = fault
            raise
        size = min(len(into), len(self.held))
        into[:size] = self.held[:size]
        self.held = self.held[size:]
        return size
