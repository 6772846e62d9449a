"""Keyed hashes for look-ups, and the reporter's secret."""

import hashlib
import hmac

from engagement.keys import store
from engagement.keys.purposes import Purpose
from engagement.keys.references import ALPHABET, BadReference, canonical, spaced

SECRET_SYMBOLS = 20  # 5 bits each: 100 bits


def keyed_hash(purpose: Purpose, value: str | bytes, *, agency_id: int | None) -> bytes:
    """HMAC-SHA256, 32 bytes, under the current version. Raises store.KeyMissing."""
    return _hmac(store.derived(purpose, agency_id=agency_id), value)


def keyed_hashes(purpose: Purpose, value: str | bytes, *, agency_id: int | None) -> list[bytes]:
    """The hash under every live version, newest first: what a look-up compares with."""
    return [
        _hmac(store.derived(purpose, agency_id=agency_id, version=version), value)
        for version in store.ring(purpose).newest_first
    ]


def secret_from(submission_key: str) -> str:
    """The secret of the report sent with this form key: 100 bits as "XXXX-XXXX-XXXX-XXXX-XXXX"."""
    return secrets_from(submission_key)[0]


def secrets_from(submission_key: str) -> list[str]:
    """The secret under every live version, newest first.

    A form sent again after the key changed finds its receipt by the one whose digest is stored.
    """
    value = b"derive:" + submission_key.encode()
    return [_symbols(digest) for digest in keyed_hashes(Purpose.SECRET, value, agency_id=None)]


def normalise_secret(text: str) -> str:
    """The secret as `secret_from` writes it, from what a person typed. Raises BadReference."""
    symbols = canonical(text)
    if len(symbols) != SECRET_SYMBOLS:
        raise BadReference(f"a secret has {SECRET_SYMBOLS} symbols")
    return spaced(symbols)


def secret_digest(secret: str, *, agency_id: int | None) -> bytes:
    """What is stored of a secret: 32 bytes, current version. Raises BadReference."""
    return secret_digests(secret, agency_id=agency_id)[0]


def secret_digests(secret: str, *, agency_id: int | None) -> list[bytes]:
    """The digest under every live version, newest first: what a look-up compares with."""
    value = b"digest:" + normalise_secret(secret).encode()
    return keyed_hashes(Purpose.SECRET, value, agency_id=agency_id)


def _hmac(key: bytes, value: str | bytes) -> bytes:
    message = value.encode() if isinstance(value, str) else value
    return hmac.new(key, message, hashlib.sha256).digest()


def _symbols(digest: bytes) -> str:
    number = int.from_bytes(digest) >> (len(digest) * 8 - SECRET_SYMBOLS * 5)
    places = range((SECRET_SYMBOLS - 1) * 5, -1, -5)
    return spaced("".join(ALPHABET[number >> place & 31] for place in places))
