"""States of a concern and the moves between them. Pure: no database, no clock."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(StrEnum):
    RECEIVED = "received"
    ACCEPTED = "accepted"
    WORKING = "working"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Outcome(StrEnum):
    FIXED = "fixed"
    REFERRED = "referred"
    MERGED = "merged"
    NO_ACTION = "no_action"
    WITHDRAWN = "withdrawn"
    SPAM = "spam"


class WaitingOn(StrEnum):
    REPORTER = "reporter"
    PARTNER = "partner"


STATE_LABELS = {
    State.RECEIVED: pgettext_lazy("state of a concern", "Received"),
    State.ACCEPTED: pgettext_lazy("state of a concern", "Accepted"),
    State.WORKING: pgettext_lazy("state of a concern", "Working"),
    State.WAITING: pgettext_lazy("state of a concern", "Waiting"),
    State.RESOLVED: pgettext_lazy("state of a concern", "Resolved"),
    State.CLOSED: pgettext_lazy("state of a concern", "Closed"),
}
OUTCOME_LABELS = {
    Outcome.FIXED: _("Fixed"),
    Outcome.REFERRED: _("Passed on to who can fix it"),
    Outcome.MERGED: _("Joined with another report"),
    Outcome.NO_ACTION: _("No action needed"),
    Outcome.WITHDRAWN: _("Taken back by the reporter"),
    Outcome.SPAM: _("It looked like spam"),
}
WAITING_LABELS = {
    WaitingOn.REPORTER: _("an answer from the reporter"),
    WaitingOn.PARTNER: _("someone outside the police"),
}

OPEN_STATES = frozenset({State.RECEIVED, State.ACCEPTED, State.WORKING, State.WAITING})
DONE_STATES = frozenset({State.RESOLVED, State.CLOSED})
# What an officer may write at the end; taking back is the reporter's alone, joining needs the
# other report, and spam is what was suspected before, so these have actions of their own.
STAFF_OUTCOMES = frozenset({Outcome.FIXED, Outcome.REFERRED, Outcome.NO_ACTION})

# Days between "resolved" and "closed": the reporter's time to say that it is not fixed.
DAYS_TO_DISSENT = 14
# Days until a reporter who was asked something is reminded, and until the work goes on without.
DAYS_TO_REMIND = 7
DAYS_TO_ANSWER = 14
# The reporter alone may open a concern again this often; after that staff decide.
REOPENINGS_BY_REPORTER = 1

MOVES: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.ACCEPTED, State.CLOSED}),
    State.ACCEPTED: frozenset({State.WORKING, State.WAITING, State.RESOLVED, State.CLOSED}),
    State.WORKING: frozenset({State.WAITING, State.RESOLVED, State.CLOSED}),
    State.WAITING: frozenset({State.WORKING, State.RESOLVED, State.CLOSED}),
    State.RESOLVED: frozenset({State.WORKING, State.CLOSED}),
    # Received again is only what was closed as spam and is none.
    State.CLOSED: frozenset({State.WORKING, State.RECEIVED}),
}


def allows(old: str, new: str) -> bool:
    """Tell whether a concern in state `old` may move to state `new`."""
    return State(new) in MOVES[State(old)]


def may_be_taken_back(state: str, before: str) -> bool:
    """Tell whether one allowed move leads from `before` to `state`, so that undoing it makes sense.

    This is no move of its own: nobody presses it on a case, and history keeps both steps.
    """
    return State(state) in MOVES[State(before)]


def is_open(state: str) -> bool:
    return State(state) in OPEN_STATES


def reporter_may_reopen(
    *, state: str, resolved_at: datetime | None, reopened_count: int, now: datetime
) -> bool:
    """Tell whether the reporter alone can open it again: once, within 14 days of resolving."""
    return (
        State(state) == State.RESOLVED
        and resolved_at is not None
        and reopened_count < REOPENINGS_BY_REPORTER
        and now < resolved_at + timedelta(days=DAYS_TO_DISSENT)
    )
