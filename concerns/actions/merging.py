"""Joining a report with another about the same thing, and taking it out again.

Whoever sent it keeps code and secret, and follows the other case from then on. Both rows are
taken in the order of their ids, so of two officers who join A with B and B with A one wins.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from concerns import notices
from concerns.actions import page_keeping, public_side
from concerns.actions.boundaries import look_again
from concerns.actions.casework import (
    STATE_FIELDS,
    CannotMove,
    StaleEdit,
    locked_together,
    log,
    move,
    needed_words,
    party_of,
    record_status,
    save,
)
from concerns.families import joined_ids, merge_of
from concerns.models import Concern, Handoff, Merge, Part, Reply, Suspicion
from concerns.models.casework import Direction, Party
from concerns.models.links import REASON_LIMIT
from concerns.models.suspicions import Finding
from concerns.words import TooLong, clean_words
from concerns.workflow import Outcome, State, WaitingOn
from concerns.wrong_doors import lacks_number
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

# What joining changes of a row, and undoing brings back.
RESTORED = (
    "state",
    "outcome",
    "waiting_on",
    "waiting_since",
    "waited_days",
    "resolve_by",
    "acknowledge_by",
    "resolved_at",
    "closed_at",
    "unanswered_since",
)
# Results that say that there is nothing to follow.
NOTHING_TO_FOLLOW = frozenset({Outcome.WITHDRAWN, Outcome.SPAM, Outcome.MERGED})


class CannotMerge(CannotMove):
    """`reason` is one of "itself", "elsewhere" (another agency), "done", "nothing_to_follow",
    "joined" (the other is joined itself), "handed_on", "crime" (it needs its report number),
    "suspected", "same_report", "too_long"."""

    def __init__(self, concern: Concern, reason: str) -> None:
        super().__init__(concern)
        self.reason = reason


class CannotUndo(CannotMove):
    """It is not joined, or stands differently since."""


@dataclass(frozen=True)
class Taken:
    """What became of a reporter's "not the same": `is_out` when their report stands for itself
    again at once, else staff decide."""

    written: Reply
    is_out: bool


@transaction.atomic(durable=True)
def merge(
    *,
    concern_id: int,
    seen_version: int,
    into_id: int,
    into_version: int,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Merge:
    """Join an open report with another case. Everybody who follows it follows that one then.

    Its public page goes; the address leads to the other's page while that has one. Raises
    StaleEdit when either is no longer as it was seen, CannotMerge.
    """
    if by.user_id is None:
        raise ValueError("only staff join reports")
    # What follows the joined one follows it further, so those rows are taken too.
    rows = locked_together([concern_id, into_id, *joined_ids([concern_id])])
    concern, into = rows[concern_id], rows[into_id]
    for row, version in ((concern, seen_version), (into, into_version)):
        if row.version != version:
            raise StaleEdit(row, version)
    why_not = refusal(concern, into)
    if why_not:
        raise CannotMerge(concern, why_not)
    at = floor_to_hour(now)
    before = _columns(concern)
    page, photos = page_keeping.put_aside(concern, by=by, at=at)
    made = Merge.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        into=into,
        survivor=into,
        reason=_reason(concern, reason),
        at=at,
        by_user_id=by.user_id,
        before=before,
        page_before=page,
        kept_photos=photos,
    )
    change = move(concern, State.CLOSED, by=by, at=at, outcome=Outcome.MERGED)
    save(concern, *STATE_FIELDS, "public")
    Merge.objects.filter(survivor=concern, undone_at__isnull=True).update(survivor=into)
    page_keeping.lead_here(into)
    if before["unanswered_since"] and into.is_open:
        # The words that waited for an answer wait on, where somebody works.
        into.unanswered_since = into.unanswered_since or concern.agency.day_of(at)
    save(into)
    log("CONCERN_MERGED", concern, by=by, at=at, payload={"into": into.staff_reference})
    log("CONCERN_TOOK_IN", into, by=by, at=at, payload={"from": concern.staff_reference})
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return made


@transaction.atomic(durable=True)
def undo_merge(*, concern_id: int, seen_version: int, by: Actor, now: datetime) -> Concern:
    """Let a joined report stand for itself again, as it stood before: state, clocks, what waits,
    and its public page. Raises StaleEdit, CannotUndo."""
    found = merge_of(concern_id)
    rows = _taken(concern_id, found)
    concern = rows[concern_id]
    if concern.version != seen_version:
        raise StaleEdit(concern, seen_version)
    standing = _still(concern, found)
    change = _take_out(concern, standing, rows, by=by, at=floor_to_hour(now))
    look_again(concern, now=now)
    notices.news(concern, event=f"status:{change}", now=now)
    return concern


@transaction.atomic(durable=True)
def not_the_same(*, concern_id: int, text: str, by: Actor, now: datetime) -> Taken:
    """The reporter says that theirs is something else. The first time it stands for itself again
    at once; joined once more, staff read their words and decide.

    Raises CannotUndo, BadWords.
    """
    if not by.is_reporter:
        raise ValueError("these words are the reporter's")
    words = needed_words(text)
    found = merge_of(concern_id)
    rows = _taken(concern_id, found)
    concern, at = rows[concern_id], floor_to_hour(now)
    standing = _still(concern, found)
    today = concern.agency.day_of(at)
    standing.dissented_on = today
    standing.save(update_fields=["dissented_on"])
    written = Reply.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        direction=Direction.FROM_REPORTER,
        text=words,
        at=at,
    )
    is_first = not Merge.objects.filter(concern=concern, undone_by_party=Party.REPORTER).exists()
    if is_first:
        _take_out(concern, standing, rows, by=by, at=at)
    else:
        wait_for_answer(concern, rows[standing.survivor_id], at=at)
        save(concern)
    log("CONCERN_NOT_THE_SAME", concern, by=by, at=at, payload={"out": is_first})
    if is_first:
        concern.unanswered_since = concern.unanswered_since or today
        save(concern)
        look_again(concern, now=now)
    notices.reporter_wrote(concern, event=f"reply:{written.pk}", now=now)
    return Taken(written, is_first)


def let_all_out(concern: Concern, rows: dict[int, Concern], *, by: Actor, at: datetime) -> None:
    """A case that its own reporter takes back leaves nothing to follow: what was joined with it
    stands for itself again. `rows` are locked, and hold the case and all that follows it."""
    direct = Merge.objects.filter(into=concern, undone_at__isnull=True).order_by("concern_id")
    for standing in direct:
        joined_id = standing.concern_id
        joined = rows.get(joined_id) or locked_together([joined_id])[joined_id]
        _take_out(joined, standing, rows, by=by, at=at)
        notices.new_for_owner(joined, now=at)


def locked_with_survivor(concern_id: int) -> tuple[Concern, Concern | None]:
    """Return the concern and the case that it follows, if it is joined with one; both locked."""
    found = merge_of(concern_id)
    rows = locked_together([concern_id, *([found.survivor_id] if found else [])])
    concern = rows[concern_id]
    return concern, rows.get(getattr(concern, "joined_with_id", None) or 0) if found else None


def wait_for_answer(concern: Concern, survivor: Concern, *, at: datetime) -> None:
    """Words of a joined report wait where somebody works on them; both rows are locked, and the
    caller saves the first."""
    today = concern.agency.day_of(at)
    concern.unanswered_since = concern.unanswered_since or today
    if survivor.is_open:
        survivor.unanswered_since = survivor.unanswered_since or today
    save(survivor)


def refusal(concern: Concern, into: Concern) -> str:
    """Why the first cannot be joined with the second, as CannotMerge says it; empty if it can."""
    if concern.pk == into.pk:
        return "itself"
    if concern.agency_id != into.agency_id:
        return "elsewhere"
    if not concern.is_open:
        return "done"
    if into.outcome in NOTHING_TO_FOLLOW:
        return "joined" if into.outcome == Outcome.MERGED else "nothing_to_follow"
    pair = [concern.pk, into.pk]
    if Handoff.objects.filter(concern=concern).answerable().exists():
        return "handed_on"
    if lacks_number(concern):
        return "crime"
    if Suspicion.objects.filter(concern__in=pair, finding=Finding.OPEN).exists():
        return "suspected"
    return "same_report" if _are_of_one_report(concern, into) else ""


def _are_of_one_report(concern: Concern, into: Concern) -> bool:
    ids = {concern.pk, into.pk}
    split = Part.objects.filter(concern__in=ids).values_list("concern_id", "of_id")
    wholes = dict(split)
    return len({wholes.get(one, one) for one in ids}) == 1


def _taken(concern_id: int, found: Merge | None) -> dict[int, Concern]:
    also = [found.survivor_id, *joined_ids([concern_id, found.survivor_id])] if found else []
    return locked_together([concern_id, *also])


def _still(concern: Concern, found: Merge | None) -> Merge:
    """The joining as it stands under the lock; it may have moved on while this waited."""
    standing = merge_of(concern.pk)
    is_as_found = found and standing and standing.pk == found.pk
    if not is_as_found or standing is None or found is None:
        raise CannotUndo(concern)
    if standing.survivor_id != found.survivor_id or concern.outcome != Outcome.MERGED:
        raise CannotUndo(concern)
    return standing


def _take_out(
    concern: Concern, standing: Merge, rows: dict[int, Concern], *, by: Actor, at: datetime
) -> int:
    """Undo a joining of locked rows; returns the id of the last change of state."""
    survivor = rows[standing.survivor_id]
    standing.undone_at, standing.undone_by_party = at, party_of(by)
    standing.undone_by_user_id = by.user_id
    standing.save(update_fields=["undone_at", "undone_by_party", "undone_by_user"])
    _lead_back(concern, survivor)
    answered = _restore(concern, standing)
    page_keeping.bring_back(concern, standing, by=by, at=at)
    if concern.public is not None:
        # Its kind may have become coarser meanwhile.
        public_side.fit_to_category(concern, before=concern.category, by=by, at=at)
    change = record_status(concern, by=by, at=at)
    if answered:
        change = move(concern, State.WORKING, by=by, at=at)
    save(concern, *RESTORED, "public")
    page_keeping.lead_here(survivor)
    page_keeping.lead_here(concern)
    save(survivor)
    payload: dict[str, str | int | bool | None] = {"from": survivor.staff_reference}
    log("CONCERN_UNMERGED", concern, by=by, at=at, payload=payload)
    log("CONCERN_GAVE_BACK", survivor, by=by, at=at, payload={"to": concern.staff_reference})
    return change.pk


def _lead_back(concern: Concern, survivor: Concern) -> None:
    """What was joined with this one follows it again, and no longer where it led."""
    below, found = [concern.pk], [concern.pk]
    while found:
        direct = Merge.objects.filter(into__in=found, undone_at__isnull=True)
        found = list(direct.values_list("concern_id", flat=True))
        below += found
    Merge.objects.filter(concern__in=below, survivor=survivor, undone_at__isnull=True).update(
        survivor=concern
    )


def _restore(concern: Concern, standing: Merge) -> bool:
    """Give back what joining took; says whether a question that waited was answered meanwhile."""
    waits_since = concern.unanswered_since
    for name in RESTORED:
        held = standing.before[name]
        setattr(concern, name, None if held is None else _column(name).to_python(held))
    later = concern.replies.filter(pk__gt=standing.before["last_reply"]).order_by("-id")
    last = later.values_list("direction", flat=True).first()
    if last is not None:
        # What was said meanwhile counts.
        before = concern.unanswered_since
        concern.unanswered_since = None if last == Direction.TO_REPORTER else before or waits_since
    is_asked = concern.state == State.WAITING and concern.waiting_on == WaitingOn.REPORTER
    return is_asked and later.filter(direction=Direction.FROM_REPORTER).exists()


def _columns(concern: Concern) -> dict[str, str | int | None]:
    held: dict[str, str | int | None] = {}
    for name in RESTORED:
        value = getattr(concern, name)
        held[name] = None if value is None else _column(name).value_to_string(concern)
    last = concern.replies.order_by("-id").values_list("pk", flat=True).first()
    held["last_reply"] = last or 0
    return held


def _column(name: str) -> "models.Field[Any, Any]":
    field = Concern._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _reason(concern: Concern, reason: str) -> str:
    try:
        return clean_words(reason, limit=REASON_LIMIT)
    except TooLong:
        raise CannotMerge(concern, "too_long") from None
