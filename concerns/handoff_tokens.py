"""Ways in for partners without an account: the mail holds the token, the database its digest.

A token also stands before the @ of an address to answer to, so it is of small letters and digits,
which every mail server keeps as they are.
"""

import re
import secrets

from engagement.keys.hashes import keyed_hash, keyed_hashes
from engagement.keys.purposes import Purpose

# Without those that are mistaken for each other.
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
# 26 of 32 letters are 130 bits.
LENGTH = 26
TOKEN = re.compile(f"[{LETTERS}]{{{LENGTH}}}")


def new_token() -> str:
    """Return 130 random bits."""
    return "".join(secrets.choice(LETTERS) for _each in range(LENGTH))


def token_digest(token: str, use: str) -> bytes:
    """Return what is stored of a token: 32 bytes. A token for one use is none for another."""
    return keyed_hash(Purpose.LINK, f"handoff:{use}:{token}", agency_id=None)


def token_digests(token: str, use: str) -> list[bytes]:
    """Return the digests under every live key; none for what can be no token of ours."""
    if not TOKEN.fullmatch(token):
        return []
    return keyed_hashes(Purpose.LINK, f"handoff:{use}:{token}", agency_id=None)
