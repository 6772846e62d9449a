"""What staffing must ask of rooms above: that mails leave, and that open work is handed over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from engagement.audit.subjects import Subject
from engagement.people.models import Departure
from engagement.people.registry import RegisteredTwice


@dataclass(frozen=True)
class StaffNotice:
    """A mail about staffing: its kind in the outbox and whose contacts get it; no words."""

    kind: str
    subject: Subject
    agency_id: int
    contact_ids: tuple[int, ...]
    event: str
    now: datetime


@dataclass(frozen=True)
class Handover:
    """How one room hands on what somebody worked on.

    `held(user_id, agency_id)` counts it. `hand_over(departure, now=, limit=)` passes on at most
    `limit` pieces, each in its own transaction, and returns how many; 0 means nothing is left.
    It passes on only what the person has no right to work on any more.
    """

    name: str
    words: Promise
    held: Callable[[int, int], int]
    hand_over: Callable[..., int]


_mailers: list[Callable[[StaffNotice], None]] = []
_handovers: dict[str, Handover] = {}


def register_staff_mailer(mailer: Callable[[StaffNotice], None]) -> None:
    """Name the one function that makes outbox rows of a notice about staffing."""
    if mailer not in _mailers:
        if _mailers:
            raise RegisteredTwice("staff mailer")
        _mailers.append(mailer)


def staff_notice(notice: StaffNotice) -> None:
    """Hand the notice to the outbox, in the caller's transaction. Raises LookupError."""
    if not _mailers:
        raise LookupError("no staff mailer is registered")
    _mailers[0](notice)


def register_handover(handover: Handover) -> None:
    if handover.name in _handovers:
        raise RegisteredTwice(handover.name)
    _handovers[handover.name] = handover


def handovers() -> list[Handover]:
    return [_handovers[name] for name in sorted(_handovers)]


def hand_over_step(departure: Departure, *, now: datetime, limit: int) -> int:
    """Let every room pass on up to `limit` pieces; returns how many were passed on."""
    return sum(room.hand_over(departure, now=now, limit=limit) for room in handovers())
