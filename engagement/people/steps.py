"""Steps that one person asks for and another confirms; in a small agency, a day later, oneself."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.people.models import AgencyChief, PendingStep, User
from engagement.people.queries import still_administers
from engagement.people.staffing_models import StepState
from engagement.people.staffing_registry import StaffNotice, staff_notice
from engagement.places.models import Agency

WAIT_ALONE = timedelta(hours=24)
# After this nobody remembers why it was asked for.
LASTS = timedelta(days=14)

Act = Callable[[PendingStep, Actor, datetime], None]
_acts: dict[str, Act] = {}


class CannotConfirm(Exception):
    """It ended, or another person must confirm it, or the day is not over yet."""


class NobodyIsTold(Exception):
    """A small agency names its chief's address before one person decides alone."""


def register_step(verb: str, act: Act) -> None:
    """Say what happens when a step of this verb is confirmed; in the confirming transaction."""
    _acts[verb] = act


@transaction.atomic
def ask(
    *,
    verb: str,
    person: User,
    agency: Agency,
    by: Actor,
    now: datetime,
    value: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
) -> PendingStep:
    """Write down that `by` wants the step; asking again changes nothing.

    In a small agency the chief is told at once. Raises NobodyIsTold, and PermissionError for a
    step that would serve the asker.
    """
    if by.user_id is None or by.user_id == person.pk:
        raise PermissionError("nobody asks for themselves")
    chief = chief_of(agency)
    step, is_new = PendingStep.objects.get_or_create(
        agency=agency,
        verb=verb,
        person=person,
        value=value,
        state=StepState.ASKED,
        defaults={
            "asked_by_id": by.user_id,
            "asked_at": now,
            "confirmable_at": now + WAIT_ALONE if agency.is_small else now,
            "from_on": from_on,
            "until_on": until_on,
        },
    )
    if is_new:
        _log("STEP_ASKED", step, by=by, now=now)
        if chief is not None:
            _tell(chief, step, now)
    return step


def _tell(chief: int, step: PendingStep, now: datetime) -> None:
    staff_notice(
        StaffNotice(
            kind="people.step_asked",
            subject=Subject("step", str(step.pk)),
            agency_id=step.agency_id,
            contact_ids=(chief,),
            event="asked",
            now=now,
        )
    )


def may_confirm(step: PendingStep, user: User, now: datetime) -> bool:
    """Whether this administrator may confirm it now: another than the asker, never the person
    whom it serves; in a small agency the asker too, once the day is over."""
    if step.person_id == user.pk or not step.asked_at <= now < step.asked_at + LASTS:
        return False
    if step.asked_by_id != user.pk:
        return True
    return step.agency.is_small and now >= step.confirmable_at >= step.asked_at + WAIT_ALONE


@transaction.atomic(durable=True)
def confirm(*, step: PendingStep, user: User, now: datetime) -> None:
    """Do what was asked for. Raises CannotConfirm."""
    locked = _locked(step)
    if locked.state != StepState.ASKED or not may_confirm(locked, user, now):
        raise CannotConfirm
    if not still_administers(locked.asked_by, locked.agency, now):
        raise CannotConfirm
    by = Actor.staff(user.pk)
    _acts[locked.verb](locked, by, now)
    _finish(locked, StepState.DONE, user)
    _log("STEP_CONFIRMED", locked, by=by, now=now)


@transaction.atomic(durable=True)
def refuse(*, step: PendingStep, user: User, now: datetime) -> None:
    """End the step without doing it; the asker may take it back so. Raises CannotConfirm."""
    locked = _locked(step)
    if locked.state != StepState.ASKED:
        raise CannotConfirm
    _finish(locked, StepState.REFUSED, user)
    _log("STEP_REFUSED", locked, by=Actor.staff(user.pk), now=now)


def refuse_of(user: User, agency: Agency) -> None:
    """End what somebody who leaves asked for, or what would serve them; caller's transaction."""
    waiting = PendingStep.objects.filter(agency=agency, state=StepState.ASKED)
    waiting.filter(asked_by=user).update(state=StepState.REFUSED)
    waiting.filter(person=user).update(state=StepState.REFUSED)


def chief_of(agency: Agency) -> int | None:
    """The contact of the chief, where one person may decide alone. Raises NobodyIsTold."""
    if not agency.is_small:
        return None
    chief = AgencyChief.objects.filter(agency=agency).first()
    if chief is None:
        raise NobodyIsTold
    return chief.contact_id


def _locked(step: PendingStep) -> PendingStep:
    rows = PendingStep.objects.select_for_update(of=("self",))
    return rows.select_related("agency", "person", "asked_by").get(pk=step.pk)


def _finish(step: PendingStep, state: StepState, user: User) -> None:
    step.state, step.ended_by = state, user
    step.save(update_fields=["state", "ended_by"])


def _log(event: str, step: PendingStep, *, by: Actor, now: datetime) -> None:
    record(
        event,
        by=by,
        subject=Subject("account", str(step.person_id)),
        agency_id=step.agency_id,
        now=now,
        payload={"verb": step.verb, "value": step.value, "step": step.pk},
    )
