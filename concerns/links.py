"""Single-use links to a concern: the mail holds the token, the database only its digest."""

import secrets
from datetime import timedelta

from engagement.keys.hashes import keyed_hash, keyed_hashes
from engagement.keys.purposes import Purpose

LIVES = timedelta(minutes=30)
TOKEN_BYTES = 20


def new_token() -> str:
    """Return 160 random bits, fit for a URL."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> bytes:
    """Return what is stored of a token: 32 bytes."""
    return keyed_hash(Purpose.LINK, f"concern:{token}", agency_id=None)


def token_digests(token: str) -> list[bytes]:
    """Return the digests under every live key, to look a token up."""
    return keyed_hashes(Purpose.LINK, f"concern:{token}", agency_id=None)
