"""Looks for our keys in everything that goes into a backup."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from portal.backups.faults import BackupFault

HEX = re.compile(rb"[0-9a-fA-F]{32,}")
SHORTEST = 16
LONGEST_KEY_FILE = 64 * 1024


class KeyFound(BackupFault):
    """A key is in the data. The message names the key's file and never the key."""


class KeySearch:
    """Feed it each stream piece by piece; it knows a key also where two pieces meet.

    A key is known as bytes, in hexadecimal of either case, and in both alphabets of base64 at
    each of its three places.
    """

    def __init__(self, secrets: dict[bytes, str]) -> None:
        self.plain: dict[bytes, str] = {}
        self.lower: dict[bytes, str] = {}
        self.base64: dict[bytes, str] = {}
        for secret, name in secrets.items():
            self.plain[secret] = name
            self.lower[secret.hex().encode()] = name
            for spelling in _base64_spellings(secret):
                self.base64[spelling] = name
        lengths = [len(known) for known in [*self.plain, *self.lower, *self.base64]]
        self.overlap = max(lengths, default=1) - 1
        self.tail = b""
        self.what = ""

    def begin(self, what: str) -> None:
        """The next pieces are of another stream, which a fault names `what`."""
        self.tail, self.what = b"", what

    def feed(self, piece: bytes) -> bytes:
        """Return the piece itself. Raises KeyFound."""
        text = self.tail + piece
        self._look(text, self.plain)
        self._look(text.lower(), self.lower)
        self._look(text.translate(URL_SAFE), self.base64)
        self.tail = text[-self.overlap :] if self.overlap else b""
        return piece

    def _look(self, text: bytes, known: dict[bytes, str]) -> None:
        for secret, name in known.items():
            if secret in text:
                raise KeyFound(f"{self.what} holds {name}; no backup was written.")


URL_SAFE = bytes.maketrans(b"-_", b"+/")


def live_secrets() -> dict[bytes, str]:
    """Every key and password of this installation -> where it is kept. Raises BackupFault."""
    found: dict[bytes, str] = {}
    for path in _key_files(Path(settings.PORTAL_KEYS)):
        try:
            content = path.read_bytes()[:LONGEST_KEY_FILE].strip()
        except OSError as error:
            raise BackupFault(f"{path}: {error.strerror}; make that folder yours.") from None
        for secret in _secrets_in(content):
            found.setdefault(secret, path.name)
    key = settings.SECRET_KEY.encode()
    return {**{secret: "PORTAL_SECRET_KEY" for secret in _secrets_in(key)}, **found}


def _key_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def _secrets_in(content: bytes) -> Iterator[bytes]:
    """The bytes behind each hexadecimal run, and a short file as it stands."""
    for run in HEX.findall(content):
        yield bytes.fromhex(run.decode()[: len(run) // 2 * 2])
    if SHORTEST <= len(content) <= 512 and not HEX.fullmatch(content):
        yield content


def _base64_spellings(secret: bytes) -> Iterator[bytes]:
    """Base64 writes three bytes as four symbols: a value looks different at each offset."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + secret).rstrip(b"=")
        first = -(-before * 8 // 6)  # the symbols that also hold what stands before
        last = (before + len(secret)) * 8 // 6
        yield whole[first:last]
