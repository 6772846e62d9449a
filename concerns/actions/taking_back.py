"""Put a concern back to the state that it had before a move made by mistake."""

from collections.abc import Mapping
from datetime import date, datetime
from inspect import unwrap
from typing import Any

from django.db import transaction

from concerns import joiner_notices, notices
from concerns.actions import public_side
from concerns.actions.assigning import assign
from concerns.actions.casework import (
    STATE_FIELDS,
    CannotMove,
    locked_as_seen,
    log,
    move_public_side,
    record_status,
    save,
)
from concerns.actions.teamwork import give_to_team
from concerns.models import Concern
from concerns.workflow import Outcome, State, may_be_taken_back
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

# What a move changes, as plain values that JSON holds.
KEPT = (*STATE_FIELDS, "unanswered_since", "reopened_count", "owner_id", "public_id")


class CannotTakeBack(CannotMove):
    """That was no move of one step, or its public page is not the one of that time."""


def standing_of(concern: Concern) -> dict[str, Any]:
    """Return what `take_back` needs, in values that JSON holds."""
    return {name: _plain(getattr(concern, name)) for name in KEPT}


@transaction.atomic(durable=True)
def take_back(
    *, concern_id: int, seen_version: int, before: Mapping[str, Any], by: Actor, now: datetime
) -> Concern:
    """Undo one move: state, clock and owner become those of `before` (see `standing_of`).

    History keeps both moves, and the reporter is told that the state is another again; words that
    were sent stay sent. What the move published is deleted. Raises StaleEdit, CannotTakeBack.
    """
    concern = locked_as_seen(concern_id, seen_version)
    is_same_page = before["public_id"] in (None, concern.public_id)
    is_joined = concern.outcome == Outcome.MERGED
    may_go = may_be_taken_back(concern.state, before["state"]) and not is_joined
    if not may_go or not is_same_page:
        raise CannotTakeBack(concern)
    at = floor_to_hour(now)
    for name in (*STATE_FIELDS, "unanswered_since", "reopened_count", "owner_id"):
        setattr(concern, name, _value(name, before[name]))
    if before["public_id"] is None and concern.public is not None:
        public_side.delete_public_side(concern, by=by, at=at)
    move_public_side(concern)
    change = record_status(concern, by=by, at=at)
    save(concern, *STATE_FIELDS, "unanswered_since", "reopened_count", "owner", "public")
    payload: dict[str, str | int | bool | None] = {"to": str(State(concern.state))}
    log("CONCERN_MOVE_TAKEN_BACK", concern, by=by, at=at, payload=payload)
    if concern.public is not None:
        joiner_notices.news(concern, event=f"status:{change.pk}", now=at)
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def give_back(
    *,
    concern_id: int,
    seen_version: int,
    before: Mapping[str, Any],
    by: Actor,
    now: datetime,
    tell: notices.Tell = notices.new_for_owner,
) -> Concern:
    """Give the concern to the team and the officer of `before`, as far as it is with others.

    Raises StaleEdit, and what giving it raises.
    """
    concern = locked_as_seen(concern_id, seen_version)
    shared: dict[str, Any] = {"concern_id": concern_id, "by": by, "now": now, "tell": tell}
    if concern.team_id != before["team"]:
        # To the team first: that may take it from an owner who is not in it.
        concern = unwrap(give_to_team)(
            team_id=before["team"], seen_version=concern.version, **shared
        )
    if concern.owner_id != before["officer"]:
        concern = unwrap(assign)(
            officer_id=before["officer"], seen_version=concern.version, **shared
        )
    return concern


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a moment is a day too
        return value.isoformat()
    return value


def _value(name: str, kept: Any) -> Any:
    column: Any = Concern._meta.get_field(name)
    return None if kept is None else column.to_python(kept)
