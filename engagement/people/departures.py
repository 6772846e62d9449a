"""Somebody leaves an agency: rights and sessions end at once, open work goes on to others."""

import logging
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.people.granting import close_assignment, close_grant, still_decides
from engagement.people.invitations import revoke_of
from engagement.people.models import AreaAssignment, Departure, Grant, User
from engagement.people.queries import staff_holding
from engagement.people.roles import DESK_ROLES
from engagement.people.staffing_registry import hand_over_step
from engagement.people.steps import refuse_of
from engagement.people.visits import end_sessions
from engagement.places.models import Agency

logger = logging.getLogger(__name__)
BATCH = 200
STEPS_AT_ONCE = 5


class CannotLeave(Exception):
    """Oneself, the operator's own account, work would go to somebody without a role here, or the
    one who asks has just lost the right to."""


@transaction.atomic(durable=True)
def leave(
    *, user: User, agency: Agency, hand_to: User | None, by: Actor, now: datetime
) -> Departure:
    """End all that `user` holds at the agency; without roles elsewhere the account is locked.

    Their work goes to `hand_to`, or to the lead of each area, or to the list of what lies with
    nobody: call `hand_over` afterwards, or wait for the sweep. Raises CannotLeave.
    """
    may_decide = still_decides(by, agency, now)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if (
        not may_decide
        or by.user_id == locked.pk
        or not _may_take_over(hand_to, locked, agency, now)
    ):
        raise CannotLeave
    held_a_role = _end_all(locked, agency, by=by, now=now)
    today = agency.day_of(now)
    works_elsewhere = _works_elsewhere(locked, today)
    if held_a_role or not works_elsewhere:
        # Who left long ago and works at another agency is signed in there.
        end_sessions(locked)
    if not works_elsewhere:
        locked.is_active = False
        locked.save(update_fields=["is_active"])
    record(
        "PERSON_LEFT",
        by=by,
        subject=Subject("account", str(locked.pk)),
        agency_id=agency.pk,
        now=now,
        payload={"hand_to": hand_to.pk if hand_to else None, "is_locked": not locked.is_active},
    )
    # One row speaks for all the roles that ended just now.
    Departure.objects.filter(user=locked, agency=agency, is_done=False).update(is_done=True)
    return Departure.objects.create(
        agency=agency, user=locked, hand_to=hand_to, by_user_id=by.user_id, left_on=today
    )


def _end_all(user: User, agency: Agency, *, by: Actor, now: datetime) -> bool:
    """Roles, areas, invitations sent and steps asked for; says whether there was a role."""
    not_ended = Q(until_on__isnull=True) | Q(until_on__gte=agency.day_of(now))
    mine = Q(user=user, agency=agency)
    grants = Grant.objects.select_for_update(of=("self",)).select_related("agency", "user")
    standing = list(grants.filter(not_ended, mine).order_by("pk"))
    for grant in standing:
        close_grant(grant, by=by, now=now)
    duties = AreaAssignment.objects.select_for_update(of=("self",)).select_related("agency")
    for duty in duties.filter(not_ended, mine).order_by("pk"):
        close_assignment(duty, by=by, now=now)
    revoke_of(user, agency, by=by, now=now)
    refuse_of(user, agency)
    return bool(standing)


@transaction.atomic
def note_locked(*, user: User, by: Actor, now: datetime) -> None:
    """The operator locked the account: its work at every agency goes on to others by the sweep."""
    grants = Grant.objects.filter(user=user, agency__isnull=False).select_related("agency")
    for grant in grants.order_by("agency_id", "pk").distinct("agency_id"):
        assert grant.agency is not None
        Departure.objects.get_or_create(
            agency=grant.agency,
            user=user,
            is_done=False,
            defaults={"by_user_id": by.user_id, "left_on": grant.agency.day_of(now)},
        )


@transaction.atomic
def note_lost_role(
    *, was: Grant, now_is: Grant | None, by: Actor, now: datetime
) -> Departure | None:
    """The operator changed a grant, or deleted it (`now_is` None): where it allowed work here
    until now and allows the same no more, that work goes on to others by the sweep.

    What the person may still do by another grant stays with them.
    """
    agency = was.agency
    if agency is None or not _holds(was, agency, now):
        return None
    if now_is is not None and _allows_the_same(was, now_is) and _holds(now_is, agency, now):
        return None
    departure, _is_new = Departure.objects.get_or_create(
        agency=agency,
        user_id=was.user_id,
        is_done=False,
        defaults={"by_user_id": by.user_id, "left_on": agency.day_of(now)},
    )
    return departure


def _allows_the_same(was: Grant, now_is: Grant) -> bool:
    return (was.user_id, was.agency_id, was.role) == (
        now_is.user_id,
        now_is.agency_id,
        now_is.role,
    )


def _holds(grant: Grant, agency: Agency, now: datetime) -> bool:
    today = agency.day_of(now)
    return grant.from_on <= today and (grant.until_on is None or today <= grant.until_on)


def hand_over(*, departure: Departure, now: datetime, steps: int = STEPS_AT_ONCE) -> bool:
    """Pass on a thousand pieces at most; says whether nothing is left. Each piece is its own
    transaction, so a step that broke off is repeated without harm."""
    for _step in range(steps):
        if hand_over_step(departure, now=now, limit=BATCH) == 0:
            Departure.objects.filter(pk=departure.pk).update(is_done=True)
            return True
    return False


def follow_departures(*, now: datetime) -> int:
    """Go on with what is under way, and begin where a role ended by its date.

    Returns how many departures were finished.
    """
    _notice_ended_roles(now)
    under_way = Departure.objects.filter(is_done=False).select_related("agency").order_by("pk")
    return sum(_go_on(departure, now) for departure in under_way[:BATCH])


def _go_on(departure: Departure, now: datetime) -> bool:
    try:
        return hand_over(departure=departure, now=now)
    except Exception:
        # What somebody left that cannot be passed on must not keep everybody else's back.
        logger.error(
            "work cannot be passed on",
            exc_info=True,
            extra={"event": "people.departure_stuck", "ids": [departure.pk]},
        )
        return False


@transaction.atomic(durable=True)
def _notice_ended_roles(now: datetime) -> None:
    """A role that ran out is a departure without a successor; the supervisor's list shows it."""
    noticed = Departure.objects.filter(
        user_id=OuterRef("user_id"),
        agency_id=OuterRef("agency_id"),
        left_on__gt=OuterRef("until_on"),
    )
    ended = (
        Grant.objects.filter(~Exists(noticed), agency__isnull=False, until_on__isnull=False)
        .filter(until_on__lte=now.date())
        .select_related("agency")
        .order_by("pk")
    )
    seen: set[tuple[int, int]] = set()
    for grant in ended:
        assert grant.agency is not None
        today = grant.agency.day_of(now)
        if grant.until_on >= today or (grant.user_id, grant.agency_id) in seen:
            continue
        seen.add((grant.user_id, grant.agency_id))
        Departure.objects.create(agency=grant.agency, user_id=grant.user_id, left_on=today)


def _may_take_over(hand_to: User | None, leaver: User, agency: Agency, now: datetime) -> bool:
    if leaver.is_superuser:
        return False
    if hand_to is None:
        return True
    staff = staff_holding(roles=DESK_ROLES, agency=agency, now=now)
    return hand_to.pk != leaver.pk and staff.filter(pk=hand_to.pk).exists()


def _works_elsewhere(user: User, today: date) -> bool:
    ended = Q(until_on__lt=today)
    return Grant.objects.filter(user=user).exclude(ended).exists()
