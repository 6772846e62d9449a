"""Whether this session may use staff permissions at all."""

import time
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOTE = "people.factor"
DIRECTORY_NOTE = "people.directory"
# The note in the session is no more exact than this; a shift and a quarter hour need no more.
STEP_SECONDS = 300


class FactorKind(StrEnum):
    """What somebody showed besides, or instead of, a password."""

    TOTP = "totp"
    SECURITY_KEY = "security_key"
    PASSKEY = "passkey"
    DIRECTORY = "directory"
    """The agency's own directory vouches that it asked for a second factor."""


FACTOR_WORDS: dict[str, Promise] = {
    FactorKind.TOTP: _("Code from an app"),
    FactorKind.SECURITY_KEY: _("Security key"),
    FactorKind.PASSKEY: _("Passkey"),
    FactorKind.DIRECTORY: _("Your agency's directory"),
}


def session_is_trusted(user: Any) -> bool:
    """True where a staff permission may be used in the session of `user`.

    In a demonstration a password is enough. Anywhere else the session must carry a fresh second
    factor; a middleware says so on the user object of each request, and without it staff doors
    stay shut.
    """
    return bool(settings.DEMO or getattr(user, "has_fresh_factor", False))


def note_factor(request: HttpRequest, kind: FactorKind) -> None:
    """Write into the session that its user has just shown a factor, really and here.

    Call it after signing in: a note belongs to the user who is signed in now. Raises
    PermissionError when nobody is.
    """
    user = request.user
    if not user.is_authenticated:
        raise PermissionError("nobody is signed in")
    request.session[NOTE] = {"kind": FactorKind(kind).value, "at": _now(), "user": user.pk}
    user.has_fresh_factor = True
    user.is_vouched_for = kind == FactorKind.DIRECTORY


def has_fresh_factor(session: Any, user: Any) -> bool:
    """Whether a factor was shown in this session, by this user, within a shift."""
    return _is_younger(session.get(NOTE), user, settings.FACTOR_LASTS)


def has_recent_factor(request: HttpRequest, *, own: bool = False) -> bool:
    """Whether it was shown just now, as granting roles demands.

    `own` asks for one of the account's: whoever rules an agency's directory must not be able to
    add a factor that would open what the person holds elsewhere.
    """
    if settings.DEMO:
        return True
    if own and factor_of(request.session) == FactorKind.DIRECTORY:
        return False
    return _is_younger(request.session.get(NOTE), request.user, settings.FACTOR_IS_RECENT)


def factor_of(session: Any) -> str:
    """The kind that the session's note names, or nothing."""
    note = session.get(NOTE)
    return str(note["kind"]) if note else ""


def note_directory(request: HttpRequest, *, user_id: int, agency_id: int) -> None:
    """Write into the session that the agency's directory has just said who its user is."""
    request.session[DIRECTORY_NOTE] = {"user": user_id, "agency": agency_id, "at": _now()}


def directory_agency(session: Any, user: Any) -> int | None:
    """The agency through whose directory this user came into this session within a shift."""
    note = session.get(DIRECTORY_NOTE)
    return int(note["agency"]) if _is_younger(note, user, settings.FACTOR_LASTS) else None


def _is_younger(note: Any, user: Any, age: timedelta) -> bool:
    if not note or note["user"] != user.pk:
        return False
    # A note from the future means a clock set back; it proves nothing.
    return bool(0 <= time.time() - note.get("at", 0) < age.total_seconds())


def _now() -> int:
    return int(time.time()) // STEP_SECONDS * STEP_SECONDS
