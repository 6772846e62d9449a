"""Which moves a meeting and an answer to it allow. Pure: no database, no clock of its own."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import pgettext_lazy


class State(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


class Going(StrEnum):
    """What a resident's answer says now."""

    GOING = "going"
    CANCELLED = "cancelled"


STATE_LABELS = {
    State.DRAFT: pgettext_lazy("state of a meeting", "Draft"),
    State.ANNOUNCED: pgettext_lazy("state of a meeting", "Announced"),
    State.CANCELLED: pgettext_lazy("state of a meeting", "Cancelled"),
}
GOING_LABELS = {
    Going.GOING: pgettext_lazy("answer to a meeting", "Going"),
    Going.CANCELLED: pgettext_lazy("answer to a meeting", "Not going"),
}

# A draft that comes to nothing is thrown away: nobody heard of it, so nobody is told.
MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.ANNOUNCED}),
    State.ANNOUNCED: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset(),
}


def allows(old: str, new: str) -> bool:
    """Tell whether a meeting in state `old` may become `new`."""
    return State(new) in MOVES[State(old)]


def is_public(state: str) -> bool:
    return State(state) is not State.DRAFT


def takes_answers(*, state: str, closes_at: datetime, now: datetime) -> bool:
    """Tell whether somebody may still say that they come, or how many they are."""
    return State(state) is State.ANNOUNCED and now < closes_at


def can_move(*, state: str, ends_at: datetime, now: datetime) -> bool:
    """A meeting that is over has happened where and when it did."""
    return State(state) is State.ANNOUNCED and now < ends_at
