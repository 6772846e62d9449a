"""Page supervisors about what came to the wrong door, the next one too, until one takes over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from concerns import wrong_door_notices
from concerns.models import Concern, DutyShift, WrongDoor, WrongDoorPage
from concerns.words import clean_line
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.people.actions import erase_address
from engagement.people.identity import store_contact
from engagement.people.models import Contact, ContactKind, Grant, GrantArea, User
from engagement.people.queries import staff_holding
from engagement.people.roles import Role
from engagement.places.models import Agency

# Minutes to walk to a desk; then the next one is paged as well.
NEXT_AFTER = timedelta(minutes=5)
# Once everybody was paged, and after a day.
AGAIN_AFTER = timedelta(minutes=15)
HOURLY_AFTER = timedelta(days=1)
SHIFTS_KEPT = timedelta(days=30)
LONGEST_SHIFT = timedelta(days=14)
BY = Actor.task("concerns.page_supervisors")


class CannotChangeDuty(ValueError):
    """`reason` is "person" (no supervisor here) or "times" (none, over, or longer than 14 days)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Round:
    """Whom a round reaches; `on_duty` are those of them who are on the list now."""

    user_ids: tuple[int, ...]
    contact_ids: tuple[int, ...]
    on_duty: frozenset[int]


def supervisors_for(concern: Concern, *, now: datetime) -> list[int]:
    """Ids of supervisors who may read the concern today, by name. One query.

    Asked of the grants: rights also ask for a second factor, which only a session has.
    """
    people = staff_holding(roles=[Role.SUPERVISOR], agency=concern.agency, now=now)
    if concern.category.is_private:
        held = Grant.objects.in_force(concern.agency.day_of(now)).filter(
            user_id=OuterRef("pk"), agency=concern.agency, role=Role.SUPERVISOR
        )
        limited = GrantArea.objects.filter(grant=OuterRef("pk"))
        here = limited.filter(area_id=concern.area_id or 0)
        reaching = held.filter(~Exists(limited) | Exists(here))
        people = people.filter(Q(pk=concern.owner_id) | Exists(reaching))
    return list(people.values_list("pk", flat=True))


def start_paging(mark: WrongDoor, concern: Concern, *, now: datetime) -> None:
    """Page the first on the duty list; all supervisors at once when nobody is on duty.

    In the transaction of the mark.
    """
    _page(mark, concern, number=1, now=now)


def page_again(*, now: datetime) -> int:
    """Page the next round of every mark that nobody took over in time; return how many were."""
    waiting = WrongDoor.objects.waiting().order_by("marked_at", "id").values_list("pk", flat=True)
    return sum(_page_again(mark_id, now) for mark_id in list(waiting))


@transaction.atomic(durable=True)
def _page_again(mark_id: int, now: datetime) -> bool:
    rows = WrongDoor.objects.waiting().select_for_update(of=("self",), skip_locked=True)
    mark = rows.select_related("concern__agency", "concern__category").filter(pk=mark_id).first()
    if mark is None:
        return False
    last = mark.pages.order_by("-round").first()
    number, since = (last.round, last.at) if last else (0, mark.marked_at)
    duty = _on_duty(mark.concern.agency, supervisors_for(mark.concern, now=now), now)
    if number and now < since + _pause(number, len(duty), now - mark.marked_at):
        return False
    _page(mark, mark.concern, number=number + 1, now=now)
    return True


def _pause(number: int, on_duty: int, waited: timedelta) -> timedelta:
    if waited > HOURLY_AFTER:
        return timedelta(hours=1)
    return NEXT_AFTER if number <= on_duty else AGAIN_AFTER


def _page(mark: WrongDoor, concern: Concern, *, number: int, now: datetime) -> None:
    reached = _round(concern, number=number, now=now)
    WrongDoorPage.objects.bulk_create(
        [
            WrongDoorPage(
                agency_id=concern.agency_id,
                wrong_door=mark,
                user_id=user_id,
                round=number,
                is_on_duty=user_id in reached.on_duty,
                at=now,
            )
            for user_id in reached.user_ids
        ],
        ignore_conflicts=True,
    )
    wrong_door_notices.page(
        mark,
        concern,
        user_ids=reached.user_ids,
        contact_ids=reached.contact_ids,
        round_number=number,
        now=now,
    )


def _round(concern: Concern, *, number: int, now: datetime) -> Round:
    """The first round reaches the first on duty, each further one the next as well, and then all
    supervisors."""
    able = supervisors_for(concern, now=now)
    shifts = _on_duty(concern.agency, able, now)
    is_all = number > len(shifts)
    called = shifts if is_all else shifts[:number]
    duty = [shift.user_id for shift in called]
    everybody = [*duty, *(able if is_all else [])]
    return Round(
        user_ids=tuple(dict.fromkeys(everybody)),
        contact_ids=tuple(shift.contact_id for shift in called if shift.contact_id),
        on_duty=frozenset(duty),
    )


def _on_duty(agency: Agency, able: Sequence[int], now: datetime) -> list[DutyShift]:
    """Shifts of now, of those who may read it; each person once, who came first is first."""
    shifts = DutyShift.objects.filter(
        agency=agency, from_at__lte=now, until_at__gt=now, user_id__in=able
    ).order_by("from_at", "id")
    return list({shift.user_id: shift for shift in reversed(shifts)}.values())[::-1]


@transaction.atomic(durable=True)
def put_on_duty(
    *,
    agency: Agency,
    user_id: int,
    from_at: datetime,
    until_at: datetime,
    phone: str,
    by: Actor,
    now: datetime,
) -> DutyShift:
    """Put a supervisor on the duty list; `phone` (E.164 or "") gets a text as well.

    Raises CannotChangeDuty.
    """
    people = staff_holding(roles=[Role.SUPERVISOR], agency=agency, now=now)
    person: User | None = people.filter(pk=user_id).first()
    if person is None:
        raise CannotChangeDuty("person")
    if not (from_at < until_at <= from_at + LONGEST_SHIFT) or until_at <= now:
        raise CannotChangeDuty("times")
    contact: Contact | None = None
    if phone:
        contact = store_contact(
            agency_id=agency.pk,
            kind=ContactKind.TEXT,
            value=clean_line(phone),
            language=person.language,
            is_confirmed=True,
            now=now,
        )
    shift = DutyShift.objects.create(
        agency=agency, user=person, from_at=from_at, until_at=until_at, contact=contact
    )
    _log_duty(agency, user_id, is_on=True, by=by, now=now)
    return shift


@transaction.atomic(durable=True)
def take_off_duty(*, agency: Agency, shift_id: int, by: Actor, now: datetime) -> bool:
    """Take a shift off the list; its number is destroyed. Say whether it was there."""
    shift = DutyShift.objects.select_for_update().filter(agency=agency, pk=shift_id).first()
    if shift is None:
        return False
    _drop(shift, by=by, now=now)
    _log_duty(agency, shift.user_id, is_on=False, by=by, now=now)
    return True


@transaction.atomic(durable=True)
def forget_shifts(*, now: datetime) -> int:
    """Delete shifts that ended a month ago, with their numbers; return how many."""
    over = DutyShift.objects.select_for_update().filter(until_at__lt=now - SHIFTS_KEPT)
    rows = list(over.order_by("id")[:500])
    for shift in rows:
        _drop(shift, by=BY, now=now)
    return len(rows)


def _drop(shift: DutyShift, *, by: Actor, now: datetime) -> None:
    contact = Contact.objects.filter(pk=shift.contact_id or 0).first()
    shift.delete()
    if contact is not None:
        erase_address(contact, by=by, now=now)


def _log_duty(agency: Agency, user_id: int, *, is_on: bool, by: Actor, now: datetime) -> None:
    record(
        "DUTY_CHANGED",
        by=by,
        subject=Subject("agency", agency.slug),
        agency_id=agency.pk,
        now=now,
        payload={"user": user_id, "is_on": is_on},
    )
