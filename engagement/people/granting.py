"""Give roles and areas to people of an agency and end them; some roles need a second person."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.people.actions import CannotGrant, grant_role
from engagement.people.models import AreaAssignment, Departure, Grant, PendingStep, User
from engagement.people.queries import staff_holding, still_administers
from engagement.people.rights import EVERYWHERE, allowed, areas_with
from engagement.people.roles import Role
from engagement.people.steps import ask
from engagement.places.models import Agency, Area

MANAGE = "people.manage"
GIVE_ROLE = "role.give"
# Whoever holds one of these can let in anybody else, so no single person gives it.
NEEDS_A_SECOND = frozenset({Role.AGENCY_ADMIN})


def may_give(giver: User, agency: Agency, role: Role, area_ids: Iterable[int]) -> bool:
    """Whether `giver` may give the role here: never the operator's, and never wider areas than
    their own."""
    if role == Role.OPERATOR or not allowed(giver, MANAGE, agency_id=agency.pk):
        return giver.is_superuser and role != Role.OPERATOR
    own = areas_with(giver, MANAGE, agency.pk)
    if own is EVERYWHERE:
        return True
    assert isinstance(own, frozenset)
    given = frozenset(area_ids)
    return bool(given) and given <= own


def needs_a_second(role: Role, *, giver: User, agency: Agency, now: datetime) -> bool:
    """The operator of the installation gives an agency its first administrator alone."""
    if role not in NEEDS_A_SECOND:
        return False
    others = staff_holding(roles=NEEDS_A_SECOND, agency=agency, now=now).exclude(pk=giver.pk)
    return not giver.is_superuser or others.exists()


@transaction.atomic(durable=True)
def give_role(
    *,
    person: User,
    role: Role,
    agency: Agency,
    areas: Iterable[Area],
    from_on: date,
    until_on: date | None,
    giver: User,
    now: datetime,
) -> Grant | PendingStep:
    """Give the role, or ask for it where a second person must confirm. Raises CannotGrant."""
    chosen = list(areas)
    if person.pk == giver.pk or not may_give(giver, agency, role, [area.pk for area in chosen]):
        raise CannotGrant
    by = Actor.staff(giver.pk)
    if needs_a_second(role, giver=giver, agency=agency, now=now):
        if chosen:
            raise CannotGrant
        return ask_for_role(
            person=person,
            role=role,
            agency=agency,
            from_on=from_on,
            until_on=until_on,
            by=by,
            now=now,
        )
    return grant_role(
        user=person,
        role=role,
        agency=agency,
        areas=chosen,
        from_on=from_on,
        until_on=until_on,
        by=by,
        now=now,
    )


def ask_for_role(
    *,
    person: User,
    role: Role,
    agency: Agency,
    from_on: date,
    until_on: date | None,
    by: Actor,
    now: datetime,
) -> PendingStep:
    """Note that the role waits for a second person, in the caller's transaction."""
    return ask(
        verb=GIVE_ROLE,
        person=person,
        agency=agency,
        value=role.value,
        from_on=from_on,
        until_on=until_on,
        by=by,
        now=now,
    )


def still_decides(by: Actor, agency: Agency, now: datetime) -> bool:
    """Whether `by` still administers the agency, whose endings follow each other from here on.

    Two who end each other's roles at once would else leave the agency to nobody.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if by.user_id is None:
        return True
    return still_administers(User.objects.get(pk=by.user_id), agency, now)


@transaction.atomic(durable=True)
def end_grant(*, grant: Grant, by: Actor, now: datetime) -> Departure | None:
    """End a role at once; open work that it allowed goes on to others. Raises CannotGrant.

    Nobody ends their own: an agency could be left without an administrator by one wrong tap.
    """
    if grant.agency is None or not still_decides(by, grant.agency, now):
        raise CannotGrant
    rows = Grant.objects.select_for_update(of=("self",)).select_related("agency", "user")
    locked = rows.filter(pk=grant.pk).first()
    if locked is None or by.user_id == locked.user_id:
        raise CannotGrant
    return close_grant(locked, by=by, now=now)


def close_grant(grant: Grant, *, by: Actor, now: datetime) -> Departure | None:
    """The same in the caller's transaction, for a locked grant of an agency."""
    assert grant.agency is not None
    record(
        "ROLE_ENDED",
        by=by,
        subject=Subject("account", str(grant.user_id)),
        agency_id=grant.agency_id,
        now=now,
        payload={"role": grant.role, "grant": grant.pk},
    )
    has_begun = _end(grant, grant.agency.day_of(now))
    if not has_begun:
        return None
    return Departure.objects.create(
        agency=grant.agency,
        user=grant.user,
        by_user_id=by.user_id,
        left_on=grant.agency.day_of(now),
    )


@transaction.atomic(durable=True)
def end_assignment(*, assignment: AreaAssignment, by: Actor, now: datetime) -> None:
    """Take an area from its officer, from now on."""
    rows = AreaAssignment.objects.select_for_update(of=("self",)).select_related("agency")
    close_assignment(rows.get(pk=assignment.pk), by=by, now=now)


def close_assignment(assignment: AreaAssignment, *, by: Actor, now: datetime) -> None:
    record(
        "AREA_UNASSIGNED",
        by=by,
        subject=Subject("account", str(assignment.user_id)),
        agency_id=assignment.agency_id,
        now=now,
        payload={"area": assignment.area_id},
    )
    _end(assignment, assignment.agency.day_of(now))


def _end(row: Grant | AreaAssignment, today: date) -> bool:
    """Let it end before today, since the last day counts; what began today or later goes away.

    Says whether it had begun.
    """
    has_begun = row.from_on <= today
    if row.from_on < today:
        row.until_on = today - timedelta(days=1)
        row.save(update_fields=["until_on"])
    else:
        row.delete()
    return has_begun
