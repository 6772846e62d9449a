"""What staff do with a call or a letter that they owe to a reporter."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from concerns.actions.casework import log
from concerns.calling import MOST_TRIES
from concerns.models import CallTask, CallTry
from concerns.models.calls import CallResult, CallWay
from concerns.wishes import Wishes
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys.moments import floor_to_hour
from engagement.people.identity import CannotOpenContact, open_contact, wishes_of
from engagement.people.models import Contact
from engagement.places.business import add_business_days
from engagement.places.queries import holidays_of

# Written down with each opening; a task has no other.
REASON = "Call task: the reporter asked to be told this way"
RESULTS: dict[str, tuple[CallResult, ...]] = {
    CallWay.PHONE: (
        CallResult.REACHED,
        CallResult.LEFT_WORD,
        CallResult.NO_ANSWER,
        CallResult.WRONG_NUMBER,
    ),
    CallWay.LETTER: (CallResult.POSTED,),
}


class CannotRecord(ValueError):
    """The task is done already, or that is no result of its kind."""


class CannotReach(ValueError):
    """The address is gone: the reporter has erased it."""


@dataclass(frozen=True)
class Opened:
    """The number or postal address in plain, and what to mind. Lives for one page."""

    value: str
    wishes: Wishes

    def __repr__(self) -> str:
        # A traceback or a log line must not show the address.
        return "Opened()"


def open_number(*, task: CallTask, by: Actor, now: datetime) -> Opened:
    """Open the address that this task needs; the reading is on record before it is decrypted.

    The caller has checked that the task is this person's to do. Raises CannotReach.
    """
    contact = Contact.objects.filter(pk=task.concern.reporter.contact_id or 0).first()
    if contact is None:
        raise CannotReach
    subject = Subject("concern", task.concern.staff_reference)
    try:
        value = open_contact(contact, by=by, subject=subject, reason=REASON, now=now)
    except CannotOpenContact:
        raise CannotReach from None
    return Opened(value, Wishes.from_text(wishes_of(contact)))


@transaction.atomic(durable=True)
def record_try(*, task_id: int, result: str, by: Actor, now: datetime) -> CallTask:
    """Write down how a try went. Without an answer the next one is due on the next business day,
    until there were three. Raises CannotRecord."""
    rows = CallTask.objects.select_related("concern__agency").select_for_update(of=("self",))
    task = rows.open().filter(pk=task_id).first()
    if task is None or result not in RESULTS[task.way]:
        # Two taps at once, or a page from before: what was recorded first stands.
        raise CannotRecord
    if by.user_id is None:
        raise ValueError("a person makes the call")
    agency = task.concern.agency
    today = agency.day_of(now)
    task.tries += 1
    CallTry.objects.create(
        agency_id=task.agency_id, task=task, on=today, result=result, by_user_id=by.user_id
    )
    if result == CallResult.NO_ANSWER and task.tries < MOST_TRIES:
        task.due_on = add_business_days(today, 1, holidays_of(agency, since=today))
    else:
        task.done_on, task.result = today, result
    task.save(update_fields=["tries", "due_on", "done_on", "result"])
    log("CALL_TRIED", task.concern, by=by, at=floor_to_hour(now), payload={"result": str(result)})
    return task
