"""One step on many cases: its cases are fixed, somebody says what is done and then yes, and it is
done row by row, at once or by the clock; for an hour afterwards it can be taken back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from concerns.actions.bulk_rows import CHUNK, do_rows, hand_of, is_finished, waiting_rows
from concerns.given_notices import tell_receivers
from concerns.models import BulkRow, BulkRun
from concerns.models.bulk import Result, Status, Verb
from concerns.querysets import ConcernQuerySet
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.outbox.bell import ring_task, ring_task_on_commit
from engagement.people.models import User
from engagement.places.models import Agency

# The name under which the clock knows the sweep; a bell rings it.
TASK = "concerns.work_bulk"
# So few are done while the person waits.
AT_ONCE = 25
MOST = 10_000
BATCH = 1_000
# A step that nobody said yes to, and one that is over, with all that it kept of its cases.
FORGOTTEN_AFTER = timedelta(days=1)
KEPT_FOR = timedelta(days=30)


class CannotPrepare(ValueError):
    """No case, or more than ten thousand; `found` says how many, one more than that at most."""

    def __init__(self, found: int) -> None:
        super().__init__(found)
        self.found = found


class CannotBegin(Exception):
    """It has begun, is over, or nobody has chosen yet what is to be done."""


class CannotUndo(Exception):
    """It is not over, or was taken back, or its hour has passed."""


@transaction.atomic(durable=True)
def prepare(
    *, agency: Agency, user: User, verb: str, rows: ConcernQuerySet, now: datetime
) -> BulkRun:
    """Fix the cases of a step as they are now; nothing is done yet. Raises CannotPrepare.

    `rows` are what this person may read. Memory holds a thousand of them at most.
    """
    found = rows.order_by("pk").values_list("pk", "version")[: MOST + 1]
    run = BulkRun.objects.create(
        agency=agency, by_user=user, verb=Verb(verb), total=0, prepared_at=now
    )
    run.total = _fix(run, found.iterator(chunk_size=BATCH))
    if not 0 < run.total <= MOST:
        raise CannotPrepare(run.total)
    run.save(update_fields=["total"])
    return run


def _fix(run: BulkRun, found: Iterable[tuple[int, int]]) -> int:
    walk = iter(found)
    total = 0
    while batch := list(islice(walk, BATCH)):
        BulkRow.objects.bulk_create(
            BulkRow(agency_id=run.agency_id, run=run, concern_id=concern_id, seen_version=version)
            for concern_id, version in batch
        )
        total += len(batch)
    return total


@transaction.atomic(durable=True)
def choose(*, run: BulkRun, details: dict[str, Any]) -> BulkRun:
    """Write down what is to be done to each of the cases. Raises CannotBegin."""
    held = _locked(run, Status.PREPARED)
    held.details, held.is_chosen = details, True
    held.save(update_fields=["details", "is_chosen"])
    return held


@transaction.atomic(durable=True)
def begin(*, run: BulkRun, user: User, now: datetime) -> BulkRun:
    """Say yes: from here on the rows are done, by `work`. Raises CannotBegin."""
    held = _locked(run, Status.PREPARED)
    if not held.is_chosen:
        raise CannotBegin
    _go(held, Status.RUNNING, user, now)
    _log("BULK_BEGUN", held, by=Actor.staff(user.pk), now=now)
    return held


@transaction.atomic(durable=True)
def stop(*, run: BulkRun, user: User, now: datetime) -> BulkRun:
    """Leave the rest undone; what is done can be taken back for an hour. Raises CannotBegin."""
    held = _locked(run, Status.RUNNING)
    # A row that a worker is at comes to its end first: whom it gives its case to is told below.
    in_hand = BulkRow.objects.filter(run=held, result=Result.WAITING).order_by("id")
    for _pk in in_hand.select_for_update(of=("self",)).values_list("pk", flat=True):
        pass
    held.status, held.finished_at = Status.STOPPED, now
    held.save(update_fields=["status", "finished_at"])
    tell_receivers(held, now=now)
    _log("BULK_STOPPED", held, by=Actor.staff(user.pk), now=now)
    return held


@transaction.atomic(durable=True)
def undo(*, run: BulkRun, user: User, now: datetime) -> BulkRun:
    """Begin to take every row back that nobody changed since. Raises CannotUndo."""
    held = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    ends_at = held.undo_ends_at()
    if ends_at is None or now >= ends_at:
        raise CannotUndo
    _go(held, Status.UNDOING, user, now)
    _log("BULK_UNDONE", held, by=Actor.staff(user.pk), now=now)
    return held


def work(run: BulkRun, *, now: datetime, rows: int) -> int:
    """Do up to so many rows of a step under way, and end it after its last; return how many.

    Several workers may do so at once: each row is done by one of them. Raises DatabaseError.
    """
    done = 0
    while done < rows:
        run = BulkRun.objects.get(pk=run.pk)
        waiting = waiting_rows(run) if run.is_under_way else []
        if not waiting:
            break
        hand = hand_of(run, now=now)
        mine = do_rows(waiting, hand, now=now)
        done += mine
        if not mine:
            # Another worker holds all that is left.
            break
    if run.is_under_way:
        _end(run, now=now)
    return done


def work_everywhere(*, now: datetime, rows: int = 40 * CHUNK) -> int:
    """Take a chunk of each step under way in turn, so that a long one holds up no short one."""
    done = 0
    while done < rows:
        under_way = BulkRun.objects.filter(status__in=[Status.RUNNING, Status.UNDOING])
        step = sum(work(run, now=now, rows=CHUNK) for run in under_way.order_by("id"))
        if not step:
            break
        done += step
    return done


@transaction.atomic(durable=True)
def forget_old(*, now: datetime) -> int:
    """Delete steps that nobody said yes to, and those of a month ago; history stays."""
    unsaid = BulkRun.objects.filter(status=Status.PREPARED, prepared_at__lt=now - FORGOTTEN_AFTER)
    over = BulkRun.objects.filter(finished_at__lt=now - KEPT_FOR).exclude(
        status__in=[Status.RUNNING, Status.UNDOING]
    )
    ids = [*unsaid.order_by("id").values_list("pk", flat=True)]
    ids += over.order_by("id").values_list("pk", flat=True)
    BulkRow.objects.filter(run_id__in=ids).delete()
    return BulkRun.objects.filter(pk__in=ids).delete()[0]


def ring_again() -> None:
    """Let the next sweep come at once: something was left to do."""
    ring_task(TASK)


def _go(run: BulkRun, status: Status, user: User, now: datetime) -> None:
    """The rights of the session that said yes go with the step."""
    run.status, run.started_at, run.finished_at = status, now, None
    run.is_vouched_for = user.is_vouched_for
    run.directory_agency_id = user.directory_agency_id
    run.save()
    if run.total > AT_ONCE:
        ring_task_on_commit(TASK)


@transaction.atomic(durable=True)
def _end(run: BulkRun, *, now: datetime) -> None:
    """After the last row, once: a row that another worker still holds is not done yet."""
    held = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.status != run.status or not is_finished(held):
        return
    held.status = Status.UNDONE if held.status == Status.UNDOING else Status.DONE
    held.finished_at = now
    held.save(update_fields=["status", "finished_at"])
    tell_receivers(held, now=now)


def _locked(run: BulkRun, status: Status) -> BulkRun:
    rows = BulkRun.objects.select_for_update(of=("self",))
    held = rows.filter(pk=run.pk, status=status).first()
    if held is None:
        raise CannotBegin
    return held


def _log(event: str, run: BulkRun, *, by: Actor, now: datetime) -> None:
    subject = Subject("bulk", str(run.pk))
    told: dict[str, str | int | bool | None] = {"verb": run.verb, "cases": run.total}
    record(event, by=by, subject=subject, agency_id=run.agency_id, now=now, payload=told)
