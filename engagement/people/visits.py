"""Where somebody is signed in; and the end of that."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from engagement.people.models import User
from engagement.people.session_models import Session
from engagement.people.trust import FACTOR_WORDS

HANDLE_LENGTH = 16


@dataclass(frozen=True)
class Visit:
    """One session, as its owner reads it. `handle` names it without being of any other use."""

    handle: str
    started_at: datetime | None
    factor: Promise | str
    is_this: bool


def visits_of(user: User, *, current: str | None, now: datetime) -> list[Visit]:
    """All sessions of the account that have not run out, newest first; `current` is a key."""
    rows = Session.objects.filter(user=user, expire_date__gt=now).order_by(
        "-expire_date", "session_key"
    )
    return [
        Visit(
            handle=_handle(row.session_key),
            started_at=row.started_at,
            factor=FACTOR_WORDS.get(row.factor, ""),
            is_this=row.session_key == current,
        )
        for row in rows
    ]


def end_sessions(user: User, except_: str | None = None) -> int:
    """End all sessions of the account at once, but for the one with this key; returns how many."""
    rows = Session.objects.filter(user=user)
    if except_:
        rows = rows.exclude(pk=except_)
    return rows.delete()[0]


def end_session(user: User, handle: str) -> bool:
    """End the one session of the account that `handle` names; False when there is none."""
    keys = Session.objects.filter(user=user).order_by("session_key")
    for key in keys.values_list("session_key", flat=True):
        if _handle(key) == handle:
            return bool(Session.objects.filter(user=user, pk=key).delete()[0])
    return False


def _handle(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:HANDLE_LENGTH]
