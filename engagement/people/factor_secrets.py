"""Secrets of authenticator apps: sealed for one account, opened to check one code."""

import base64

from engagement.keys.encryption import seal, unseal
from engagement.keys.purposes import Purpose


def sealed_secret(secret: str, *, user_id: int) -> str:
    """What is stored of a secret. It opens for this account alone. Raises KeyMissing."""
    blob = seal(secret, purpose=Purpose.FACTOR, agency_id=None, bound_to=_bound(user_id))
    return base64.b64encode(blob).decode()


def opened_secret(sealed: str, *, user_id: int) -> str:
    """The secret in base32. Raises CannotUnseal when it was another account's, or damaged."""
    blob = base64.b64decode(sealed)
    return unseal(blob, purpose=Purpose.FACTOR, agency_id=None, bound_to=_bound(user_id))


def _bound(user_id: int) -> str:
    return f"factor:{user_id}"
