"""Create accounts and give rights. Residents create their own accounts by signing up."""

from collections.abc import Iterable
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.people.identity import (
    account_key,
    account_keys,
    erase_contact,
    sign_in_keys,
    store_contact,
)
from engagement.people.models import AreaAssignment, Contact, ContactKind, Grant, GrantArea, User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area


class AccountExists(Exception):
    """The address has an account already."""


class CannotGrant(Exception):
    """To oneself, in areas of another agency, or with the dates the wrong way round."""


@transaction.atomic
def create_account(
    *,
    email: str,
    by: Actor,
    now: datetime,
    name: str = "",
    language: str = "en",
    password: str | None = None,
    is_operator: bool = False,
) -> User:
    """Create an account whose address counts as confirmed; for staff and demonstrations.

    Without `password` the person chooses one through "forgotten password". The address goes
    into a contact and is not shown again. Raises AccountExists.
    """
    if User.objects.filter(sign_in_key__in=sign_in_keys(email)).exists():
        raise AccountExists
    contact = store_contact(
        agency_id=None,
        kind=ContactKind.EMAIL,
        value=email,
        language=language,
        is_confirmed=True,
        now=now,
    )
    return open_account(
        contact=contact, by=by, now=now, name=name, password=password, is_operator=is_operator
    )


@transaction.atomic
def open_account(
    *,
    contact: Contact,
    by: Actor,
    now: datetime,
    name: str = "",
    password: str | None = None,
    is_operator: bool = False,
) -> User:
    """Create the account of a confirmed address that is stored already, for this use alone.

    Raises AccountExists.
    """
    if User.objects.filter(sign_in_key__in=account_keys(contact)).exists():
        raise AccountExists
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                account_key(contact),
                password,
                name=name,
                language=contact.language,
                contact=contact,
                is_staff=is_operator,
                is_superuser=is_operator,
                created_on=now.date(),
            )
    except IntegrityError:
        # Somebody with this address came by another window meanwhile.
        raise AccountExists from None
    EmailAddress.objects.create(user=user, email=user.sign_in_key, verified=True, primary=True)
    record(
        "ACCOUNT_CREATED",
        by=by,
        subject=_account(user),
        agency_id=None,
        now=now,
        payload={"is_operator": is_operator},
    )
    return user


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    agency: Agency | None,
    from_on: date,
    by: Actor,
    now: datetime,
    areas: Iterable[Area] = (),
    until_on: date | None = None,
) -> Grant:
    """Give `user` a role at an agency, in the named areas or in all; never oneself.

    Raises CannotGrant.
    """
    if by.user_id == user.pk:
        raise CannotGrant
    chosen = list(areas)
    grant = Grant(user=user, role=role.value, agency=agency, from_on=from_on, until_on=until_on)
    if (agency is None and chosen) or any(area.agency_id != grant.agency_id for area in chosen):
        raise CannotGrant
    try:
        grant.full_clean()
    except ValidationError as wrong:
        raise CannotGrant from wrong
    grant.save()
    set_grant_areas(grant, chosen)
    record(
        "ROLE_GRANTED",
        by=by,
        subject=_account(user),
        agency_id=grant.agency_id,
        now=now,
        payload={"role": role.value, "grant": grant.pk, "areas": len(chosen)},
    )
    return grant


def set_grant_areas(grant: Grant, areas: Iterable[Area]) -> None:
    """Replace the areas of a grant; none means the whole agency. Areas are of its agency."""
    grant.grant_areas.all().delete()
    if grant.agency_id is not None:
        GrantArea.objects.bulk_create(
            GrantArea(agency_id=grant.agency_id, grant=grant, area=area) for area in areas
        )


@transaction.atomic
def assign_area(
    *,
    user: User,
    area: Area,
    from_on: date,
    by: Actor,
    now: datetime,
    until_on: date | None = None,
    is_lead: bool = True,
) -> AreaAssignment:
    """Make `user` the officer of an area. Raises CannotGrant when it has a lead already."""
    assignment = AreaAssignment(
        agency_id=area.agency_id,
        user=user,
        area=area,
        is_lead=is_lead,
        from_on=from_on,
        until_on=until_on,
    )
    try:
        assignment.full_clean()
    except ValidationError as wrong:
        raise CannotGrant from wrong
    assignment.save()
    record(
        "AREA_ASSIGNED",
        by=by,
        subject=_account(user),
        agency_id=area.agency_id,
        now=now,
        payload={"area": area.pk, "is_lead": is_lead},
    )
    return assignment


@transaction.atomic
def erase_address(contact: Contact, *, by: Actor, now: datetime) -> None:
    """Destroy an address for good and write that this was done."""
    erase_contact(contact, now=now)
    record(
        "CONTACT_ERASED",
        by=by,
        subject=Subject("contact", str(contact.pk)),
        agency_id=contact.agency_id,
        now=now,
    )


def _account(user: User) -> Subject:
    return Subject("account", str(user.pk))
