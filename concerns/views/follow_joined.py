"""What a reporter reads of a case that theirs was joined with, and of the parts of their report.

Of the other case: how it stands, what staff wrote for everybody who reported it, and its public
page. Never who else reported it, what they wrote, where, when, or that something is asked of them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from concerns.families import merge_of, parts_of, words_for
from concerns.models import Concern, Merge, Part, Reply, StatusChange, WordForAll
from concerns.models.casework import Direction, Party
from concerns.querysets import ConcernQuerySet
from concerns.workflow import OUTCOME_LABELS, STATE_LABELS, Outcome, State, is_open
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest


@dataclass(frozen=True)
class Moved:
    """One state of the case that is followed, with the agency's day."""

    words: str
    on: date


@dataclass(frozen=True)
class Followed:
    """The case that a report was joined with, as the report's own reporter may know it."""

    on: date
    state: str
    state_words: str
    outcome: str
    moves: list[Moved]
    public_url: str
    may_leave_at_once: bool
    has_dissented: bool
    is_done: bool


@dataclass(frozen=True)
class PartLine:
    """One part of a report: what staff wrote of it, how it stands and what was answered."""

    label: str
    text: str
    state: str
    state_words: str
    outcome: str
    replies: list[Reply]


def followed_case(request: PortalRequest, concern: Concern) -> Followed | None:
    """What the reporter of a joined report follows; None, and no question, for all others."""
    if concern.outcome != Outcome.MERGED:
        return None
    merge = merge_of(concern.pk)
    if merge is None:
        return None
    rows = Concern.objects.select_related("public").defer("search", "text", "place_text")
    other = rows.get(pk=merge.survivor_id)
    state = told_state(other.state)
    public = other.public
    return Followed(
        on=concern.agency.day_of(merge.at),
        state=state,
        state_words=str(STATE_LABELS[state]),
        outcome=str(OUTCOME_LABELS[Outcome(other.outcome)]) if other.outcome else "",
        moves=_moves(concern, other, since=merge.at),
        public_url=address(request, "published_detail", public.reference) if public else "",
        may_leave_at_once=_may_leave(merge),
        has_dissented=merge.dissented_on is not None,
        is_done=not is_open(other.state),
    )


def told_state(state: str) -> State:
    """The state as others than its reporter may know it: that it waits would tell that somebody
    was asked."""
    return State.WORKING if state == State.WAITING else State(state)


def with_surroundings(rows: ConcernQuerySet) -> ConcernQuerySet:
    """Concerns that know whether they have parts and words for all, so that nearly all cost no
    question more."""
    here = OuterRef("pk")
    return rows.annotate(
        has_parts=Exists(Part.objects.filter(of=here)),
        has_words=Exists(WordForAll.objects.filter(concern=here)),
    )


def around(concern: Concern) -> dict[str, Any]:
    """Words for everybody who reported it, and the parts of this report."""
    reads_words = getattr(concern, "has_words", True) or concern.outcome == Outcome.MERGED
    has_parts = getattr(concern, "has_parts", True)
    return {
        "words_for_all": list(words_for(concern)) if reads_words else [],
        "parts": _parts(concern) if has_parts else [],
    }


def _moves(concern: Concern, other: Concern, *, since: datetime) -> list[Moved]:
    """From the joining on, each state once with its day."""
    changes = StatusChange.objects.filter(concern=other).order_by("id").values_list("state", "at")
    days = [(told_state(state), at) for state, at in changes]
    before = [state for state, at in days if at <= since]
    told = [(before[-1], since)] if before else []
    told += [(state, at) for state, at in days if at > since]
    return [
        Moved(str(STATE_LABELS[state]), concern.agency.day_of(at))
        for number, (state, at) in enumerate(told)
        if number == 0 or told[number - 1][0] != state
    ]


def _may_leave(merge: Merge) -> bool:
    left = Merge.objects.filter(concern=merge.concern_id, undone_by_party=Party.REPORTER)
    return not left.exists()


def _parts(concern: Concern) -> list[PartLine]:
    parts = parts_of(concern)
    if not parts:
        return []
    written = Reply.objects.filter(
        concern__in=[part.pk for part in parts], direction=Direction.TO_REPORTER
    ).order_by("id")
    replies = list(written)
    return [
        PartLine(
            label=str(part.category.label),
            text=part.text,
            state=part.state,
            state_words=str(STATE_LABELS[State(part.state)]),
            outcome=str(OUTCOME_LABELS[Outcome(part.outcome)]) if part.outcome else "",
            replies=[reply for reply in replies if reply.concern_id == part.pk],
        )
        for part in parts
    ]
