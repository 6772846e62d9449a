"""Whether this session may use staff permissions at all."""

from typing import Any

from django.conf import settings


def session_is_trusted(user: Any) -> bool:
    """True where a staff permission may be used in the session of `user`.

    In a demonstration a password is enough. Anywhere else the session must carry a fresh second
    factor; sign-in notes it on the user object, and without that note staff doors stay shut.
    """
    return bool(settings.DEMO or getattr(user, "has_fresh_factor", False))
