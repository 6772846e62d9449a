"""One case of a step on many: done, or refused with a reason, and noted in the same transaction.

The row is the job. Whoever holds its lock does it; a crash leaves either both the change and its
note, or neither, so whoever comes next begins exactly where the other one stopped.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, transaction

from concerns.actions.bulk_orders import Action, Order, order_of, with_what_orders_ask
from concerns.actions.casework import BadWords, CannotMove, StaleEdit
from concerns.given_notices import Given
from concerns.models import BulkRow, BulkRun, Concern
from concerns.models.bulk import Result, Status
from concerns.querysets import ConcernQuerySet
from concerns.registry import BULK
from concerns.rights import may
from engagement.audit.actors import Actor
from engagement.audit.queries import history_of
from engagement.audit.subjects import Subject
from engagement.people.models import User
from engagement.people.rights import allowed

logger = logging.getLogger(__name__)

UNREADABLE, NO_RIGHT, ACTION, FAULT = "unreadable", "no_right", "action", "fault"
# Rights, texts and cases are read anew after so many rows.
CHUNK = 25
# Asked before each of ten thousand cases, so it is written out.
LOCKED = """
SELECT line.* FROM concerns_bulkrow AS line
JOIN concerns_bulkrun AS run ON run.id = line.run_id
WHERE line.id = %s AND run.status = %s AND {unfinished}
FOR UPDATE OF line SKIP LOCKED"""
WAITING, UNDOING = "line.result = ''", "line.result = 'done' AND line.undone = ''"
WRITTEN = [
    "result",
    "reason",
    "changed_by",
    "before",
    "version_after",
    "undone",
    "undo_reason",
    "given_to",
    "given_to_team",
]


@dataclass(frozen=True)
class Hand:
    """Who does the rows of a step, with the rights of this moment."""

    run: BulkRun
    user: User
    order: Order
    may_bulk: bool

    @property
    def by(self) -> Actor:
        return Actor.staff(self.user.pk)

    def readable(self) -> ConcernQuerySet:
        """What this person may read, as the queue shows it."""
        rows = Concern.objects.visible_to(self.user).filter(agency_id=self.run.agency_id)
        return with_what_orders_ask(rows.not_held(), self.run)

    def why_not(self, concern: Concern) -> str:
        """A code of what forbids it to this person on this case, or ""."""
        if not (self.may_bulk and may(self.user, self.order.permission, concern)):
            return NO_RIGHT
        return self.order.why_not(concern)


def hand_of(run: BulkRun, *, now: datetime) -> Hand:
    """Return the hand of whoever said yes, in the session that they said it in.

    That session carried a second factor; its trust ends with a shift, whatever is left to do.
    """
    user = User.objects.get(pk=run.by_user_id)
    begun = run.started_at or now
    user.has_fresh_factor = now - begun < settings.FACTOR_LASTS
    user.is_vouched_for = run.is_vouched_for
    user.directory_agency_id = run.directory_agency_id
    may_bulk = allowed(user, BULK, agency_id=run.agency_id)
    return Hand(run, user, order_of(run, user, now=now), may_bulk)


def waiting_rows(run: BulkRun) -> list[int]:
    """Return the next rows of the step as it stands, a chunk of them; one query."""
    rows = BulkRow.objects.filter(run=run, **_unfinished(run.status))
    return list(rows.order_by("id").values_list("pk", flat=True)[:CHUNK])


def is_finished(run: BulkRun) -> bool:
    return not BulkRow.objects.filter(run=run, **_unfinished(run.status)).exists()


def _unfinished(status: str) -> dict[str, str]:
    if status == Status.UNDOING:
        return {"result": Result.DONE, "undone": Result.WAITING}
    return {"result": Result.WAITING}


def do_rows(row_ids: list[int], hand: Hand, *, now: datetime) -> int:
    """Do a chunk of rows one by one, or take them back; return how many this caller did.

    The cases of all of them are read at once, as a page is before its button is pressed: whatever
    is changed on one afterwards gives it another version, which its action refuses.
    """
    read = hand.readable().defer("search", "note_words", "text")
    wanted = BulkRow.objects.filter(pk__in=row_ids).values("concern_id")
    cases = {concern.pk: concern for concern in read.filter(pk__in=wanted).order_by("pk")}
    return sum(_do_row(row_id, cases, hand, now) for row_id in row_ids)


def _do_row(row_id: int, cases: Mapping[int, Concern], hand: Hand, now: datetime) -> bool:
    """Says whether it was this caller who did it. A fault in one row is noted there and keeps no
    other back; raises DatabaseError where the database itself fails."""
    try:
        return _do(row_id, cases, hand, now)
    except (IntegrityError, DataError) as fault:
        return _note_fault(row_id, hand, fault)
    except DatabaseError:
        raise
    except Exception as fault:
        return _note_fault(row_id, hand, fault)


@transaction.atomic(durable=True)
def _do(row_id: int, cases: Mapping[int, Concern], hand: Hand, now: datetime) -> bool:
    row = _locked(row_id, hand.run)
    if row is None:
        return False
    concern = cases.get(row.concern_id)
    if hand.run.status == Status.UNDOING:
        _take_back(row, concern, hand, now)
    else:
        _press(row, concern, hand, now)
    row.save(update_fields=WRITTEN)
    return True


def _locked(row_id: int, run: BulkRun) -> BulkRow | None:
    """The row, unless another worker has it or did it, or the step was stopped meanwhile."""
    words = LOCKED.format(unfinished=UNDOING if run.status == Status.UNDOING else WAITING)
    found: list[BulkRow] = list(BulkRow.objects.raw(words, [row_id, run.status]))
    return found[0] if found else None


def _press(row: BulkRow, concern: Concern | None, hand: Hand, now: datetime) -> None:
    if concern is None:
        row.result, row.reason = Result.REFUSED, UNREADABLE
        return
    if concern.version != row.seen_version:
        _changed_meanwhile(row, concern)
        return
    row.reason = hand.why_not(concern)
    if row.reason:
        row.result = Result.REFUSED
        return
    before = hand.order.before(concern)
    given = Given()
    row.result, version = _carried_out([hand.order.act(concern, given)], concern, hand, now)
    if row.result == Result.DONE:
        row.before, row.version_after = before, version
        row.given_to_id, row.given_to_team_id = given.user_id, given.team_id
    elif row.result == Result.CHANGED:
        _changed_meanwhile(row, concern)
    else:
        row.reason = ACTION


def _changed_meanwhile(row: BulkRow, concern: Concern) -> None:
    row.result, row.changed_by_id = Result.CHANGED, _last_hand(concern)


def _take_back(row: BulkRow, concern: Concern | None, hand: Hand, now: datetime) -> None:
    if concern is None or not (hand.may_bulk and may(hand.user, hand.order.permission, concern)):
        row.undone = Result.REFUSED
        row.undo_reason = UNREADABLE if concern is None else NO_RIGHT
        return
    if concern.version == row.version_after:
        given = Given()
        acts = hand.order.undo(concern, row.before or {}, given)
        row.undone, _version = _carried_out(acts, concern, hand, now)
        if row.undone == Result.DONE:
            row.given_to_id, row.given_to_team_id = given.user_id, given.team_id
    else:
        row.undone = Result.CHANGED
    if row.undone == Result.CHANGED:
        row.changed_by_id = _last_hand(concern)
    elif row.undone == Result.REFUSED:
        row.undo_reason = ACTION


def _carried_out(
    acts: list[Action], concern: Concern, hand: Hand, now: datetime
) -> tuple[Result, int]:
    """Press the actions, all or none of them, inside the caller's transaction; with the version
    that the case has afterwards."""
    version = concern.version
    try:
        with transaction.atomic():
            for act in acts:
                done = act(concern_id=concern.pk, seen_version=version, by=hand.by, now=now)
                version = _version_after(done, concern)
    except StaleEdit:
        return Result.CHANGED, version
    except (CannotMove, BadWords):
        return Result.REFUSED, version
    return (Result.DONE if acts else Result.REFUSED), version


def _version_after(done: object, concern: Concern) -> int:
    """The version that an action left: of the case that it returns, or that its result is about."""
    case = done if isinstance(done, Concern) else getattr(done, "concern", None)
    if isinstance(case, Concern) and case.pk == concern.pk:
        return case.version
    return Concern.objects.values_list("version", flat=True).get(pk=concern.pk)


def _last_hand(concern: Concern) -> int | None:
    """Which colleague changed it last; None where that was its reporter or the clock."""
    subject = Subject("concern", concern.staff_reference)
    lines = history_of(subject, agency_id=concern.agency_id, limit=1)
    return lines[0].actor.user_id if lines else None


@transaction.atomic(durable=True)
def _note_fault(row_id: int, hand: Hand, fault: Exception) -> bool:
    """A case on which the action itself breaks must not stand in the way of all others."""
    logger.error(
        "a row of a step on many cases broke",
        exc_info=fault,
        extra={"event": "concerns.bulk_row_broke", "ids": [row_id]},
    )
    row = _locked(row_id, hand.run)
    if row is None:
        return False
    if hand.run.status == Status.UNDOING:
        row.undone, row.undo_reason = Result.REFUSED, FAULT
    else:
        row.result, row.reason = Result.REFUSED, FAULT
    row.save()
    return True
