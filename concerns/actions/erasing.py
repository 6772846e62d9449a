"""Who reported it is forgotten; what was written stays until its time is over.

Address and account link go at once from the live database. That they are gone is also written
outside it, so that a restore from an older backup lets them go again.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db import connection, transaction

from concerns.actions.casework import locked, log
from concerns.models import (
    AccessLink,
    Adoption,
    CallTask,
    Concern,
    ContactWish,
    Joining,
    LegalHold,
    Reporter,
)
from concerns.models.concern import Level
from engagement.audit import erasures
from engagement.audit.actors import Actor
from engagement.audit.erasures import Replay, register_replay
from engagement.audit.subjects import Subject
from engagement.keys.moments import floor_to_hour
from engagement.outbox.actions.planning import withdraw
from engagement.people.actions import erase_address
from engagement.people.models import Contact

# Replays run in the order of their kinds: addresses ("contact") first, so that the level settles.
TIES = "reporter_tie"
ADOPTION = "adoption:"
REPORTER = "reporter:"
JOINER = "joiner:"
BATCH = 500
AFTER_RESTORE = Actor.task("restore")


class OnHold(Exception):
    """A legal hold keeps the report as it is, so nothing of it may be destroyed yet."""


def register() -> None:
    """Called once, when the apps are ready."""
    register_replay(Replay(TIES, erase_ties_again))


def demand_no_hold(concern: Concern) -> None:
    """For a locked concern; a hold is placed under the same lock. Raises OnHold."""
    if LegalHold.objects.open().filter(concern=concern).exists():
        raise OnHold


@transaction.atomic(durable=True)
def erase_reporter(*, concern_id: int, by: Actor, now: datetime, why: str = "") -> bool:
    """Destroy the address, every link to an account and every mailed way in; take back what has
    not left yet. Says whether there was anything.

    Code and secret go on opening the report. `why` is what staff write of the wish that they
    carry out. Raises erasures.CannotRemember and OnHold, erasing nothing.
    """
    concern = locked(concern_id)
    demand_no_hold(concern)
    sent = Reporter.objects.filter(concern=concern)
    adopted = Adoption.objects.filter(concern=concern)
    contacts = list(Contact.objects.filter(pk__in=sent.values("contact_id")).order_by("pk"))
    held = [contact for contact in contacts if contact.ciphertext]
    is_linked = forget_ties(concern, adopted=list(adopted), reporters=list(sent), now=now)
    for contact in held:
        withdraw(subject=_subject(concern), now=now, contact_id=contact.pk)
        erase_address(contact, by=by, now=now)
    forget_ways(concern, now)
    settle_level(concern)
    if held or is_linked:
        # What the reporter does for themselves is no line of the history that staff read.
        event = "CONCERN_REPORTER_ERASED" if by.user_id is None else "CONCERN_ERASED_ON_REQUEST"
        log(event, concern, by=by, at=floor_to_hour(now), why=why)
    return bool(held or is_linked)


def forget_ties(
    concern: Concern, *, adopted: list[Adoption], reporters: list[Reporter], now: datetime
) -> bool:
    """Cut these ties of a locked concern to accounts; say whether there were any.

    In the caller's transaction. Raises erasures.CannotRemember, and cuts nothing then.
    """
    linked = [reporter for reporter in reporters if reporter.account_link is not None]
    marks = [f"{ADOPTION}{adoption.pk.hex}" for adoption in adopted]
    # Also when it held an address alone: a restore must then tell staff that there is none.
    marks += [mark_of(concern)] * bool(reporters)
    if marks:
        erasures.remember(TIES, marks, on=now.astimezone(UTC).date())
    Adoption.objects.filter(pk__in=[adoption.pk for adoption in adopted]).delete()
    Reporter.objects.filter(pk__in=[reporter.pk for reporter in linked]).update(account_link=None)
    return bool(adopted or linked)


def settle_level(concern: Concern) -> None:
    """Let the level of a locked concern say what is still known of its reporter."""
    reporter = Reporter.objects.select_related("contact").filter(concern=concern).first()
    if reporter is None or concern.level == Level.ANONYMOUS or reporter.account_link is not None:
        return
    is_reached = reporter.contact is not None and bool(reporter.contact.ciphertext)
    level = Level.CONFIDENTIAL if is_reached else Level.ANONYMOUS
    if level != concern.level:
        concern.level = level
        Concern.objects.filter(pk=concern.pk).update(level=level)


def mark_of(concern: Concern) -> str:
    """Name the reporter of a concern for who holds its row, and for nobody else: both
    references are random."""
    return REPORTER + _digest(REPORTER, concern.tracking_code, concern.staff_reference)


def mark_of_joiner(joining: Joining) -> str:
    """The same for somebody who said "mine too"."""
    return JOINER + _digest(JOINER, joining.tracking_code, joining.concern.staff_reference)


def erase_ties_again(marks: Iterable[str], now: datetime) -> int:
    """After a restore: cut the ties that were cut since the backup, on record."""
    known = set(marks)
    adoptions = [mark.removeprefix(ADOPTION) for mark in known if mark.startswith(ADOPTION)]
    count, _rows = Adoption.objects.filter(pk__in=adoptions).delete()
    count += _let_joiners_go_again(known, now)
    reporters = {mark for mark in known if mark.startswith(REPORTER)}
    if not reporters:
        return count
    named = Concern.objects.exclude(level=Level.ANONYMOUS).defer("search", "text").order_by("pk")
    for concern in named.iterator(chunk_size=BATCH):
        if mark_of(concern) in reporters:
            count += _cut_again(concern, now)
    return count


def forget_joiner(joining: Joining, *, left_on: date) -> None:
    """Leave no way back, no address and no account in a joiner's row; the address itself is
    erased apart."""
    joining.left_on = left_on
    joining.contact, joining.account_link, joining.secret_digest = None, None, None
    joining.submission_digest = None
    joining.save()


def _let_joiners_go_again(marks: set[str], now: datetime) -> int:
    left = {mark for mark in marks if mark.startswith(JOINER)}
    if not left:
        return 0
    rows = Joining.objects.filter(left_on__isnull=True).select_related("agency", "concern")
    again = [
        joining
        for joining in rows.defer("concern__search", "concern__text").order_by("pk").iterator()
        if mark_of_joiner(joining) in left
    ]
    for joining in again:
        forget_joiner(joining, left_on=joining.agency.day_of(now))
    return len(again)


def _digest(kind: str, *names: str) -> str:
    return hashlib.sha256(f"{kind}{':'.join(names)}".encode()).hexdigest()


def _cut_again(concern: Concern, now: datetime) -> int:
    linked = Reporter.objects.filter(concern=concern, account_link__isnull=False)
    was_cut = linked.update(account_link=None)
    settle_level(concern)
    if concern.level == Level.ANONYMOUS:
        # Not when the account alone was let go: who left an address can still be reached.
        forget_ways(concern, now)
    if was_cut:
        log("CONCERN_REPORTER_ERASED", concern, by=AFTER_RESTORE, at=now)
    return was_cut


def forget_ways(concern: Concern, now: datetime) -> None:
    """Leave no mailed link, no wish how to be reached, and no call or letter still to be made."""
    AccessLink.objects.filter(concern=concern).delete()
    ContactWish.objects.filter(concern=concern).delete()
    for task in CallTask.objects.open().filter(concern=concern).order_by("pk"):
        last = task.call_tries.order_by("-id").first()
        if last is None:
            _drop(task)
        else:
            # What was tried stays on record, and nobody tries again.
            task.done_on, task.result = concern.agency.day_of(now), last.result
            task.save(update_fields=["done_on", "result"])


def _drop(task: CallTask) -> None:
    """Delete a call that nobody tried; the usual way would also ask for its tries, which this
    portal may not delete."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM concerns_calltask WHERE id = %s", [task.pk])


def _subject(concern: Concern) -> Subject:
    return Subject("concern", concern.staff_reference)
