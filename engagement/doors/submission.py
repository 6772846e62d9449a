"""The random key that a form carries, so that a retried sending finds its first answer."""

import secrets

from django.core import signing

SALT = "doors.submission"
# As long as the key's hash is kept: later the same key would store the same thing twice.
LIVES_SECONDS = 24 * 60 * 60


class KeyIsStale(Exception):
    """The form was open too long, or its key did not come from this portal."""


def new_key() -> str:
    """A signed key with 160 random bits."""
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(20))


def opened_key(signed: str) -> str:
    """The random part of a signed key. Raises KeyIsStale."""
    try:
        return signing.TimestampSigner(salt=SALT).unsign(signed, max_age=LIVES_SECONDS)
    except signing.BadSignature as error:
        raise KeyIsStale from error


def opened_at(signed: str) -> float:
    """When the form with this signed key was opened, in seconds since 1970. Raises KeyIsStale."""
    opened_key(signed)
    stamp = signed.rsplit(":", 2)[1]
    return float(signing.b62_decode(stamp))
