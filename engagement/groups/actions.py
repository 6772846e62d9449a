"""Keep the list of partner organisations and of who works for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.groups.endpoint_keys import seal_key
from engagement.groups.models import Organisation, OrganisationMember
from engagement.groups.queries import who_could_join
from engagement.people.actions import erase_address
from engagement.people.identity import store_contact
from engagement.people.models import ContactKind
from engagement.places.models import Agency


class NameTaken(ValueError):
    """The agency lists an organisation of that name already."""


class CannotJoin(ValueError):
    """Not a partner of this agency, or they work for it already."""


@dataclass(frozen=True)
class Details:
    """All that an administrator says of an organisation. `email` and `endpoint_key` empty: keep
    what is there."""

    name: str
    kind: str
    takes_by: str
    email: str
    languages: Sequence[str]
    form_url: str
    endpoint_url: str
    jurisdiction: str
    endpoint_key: str
    is_active: bool


@transaction.atomic(durable=True)
def keep_organisation(
    *, agency: Agency, organisation_id: int | None, details: Details, by: Actor, now: datetime
) -> Organisation:
    """Add an organisation, or change one of this agency. A new address takes the place of the old
    one, which is destroyed. Raises NameTaken, Organisation.DoesNotExist."""
    same = Organisation.objects.of(agency).filter(name__iexact=details.name)
    if organisation_id is not None:
        same = same.exclude(pk=organisation_id)
    if same.exists():
        raise NameTaken(details.name)
    if organisation_id is None:
        kept = Organisation(agency=agency)
    else:
        kept = Organisation.objects.of(agency).select_for_update().get(pk=organisation_id)
    before = kept.contact
    kept.name, kept.kind, kept.takes_by = details.name, details.kind, details.takes_by
    kept.languages, kept.form_url = list(details.languages), details.form_url
    kept.endpoint_url, kept.jurisdiction = details.endpoint_url, details.jurisdiction
    kept.is_active = details.is_active
    if details.endpoint_key:
        seal_key(kept, details.endpoint_key)
    if details.email:
        kept.contact = store_contact(
            agency_id=agency.pk,
            kind=ContactKind.EMAIL,
            value=details.email,
            language=kept.languages[0] if kept.languages else "en",
            is_confirmed=True,
            now=now,
        )
    kept.save()
    if details.email and before is not None:
        erase_address(before, by=by, now=now)
    _record("ORGANISATION_KEPT", kept, by=by, now=now, payload={"is_active": kept.is_active})
    return kept


@transaction.atomic(durable=True)
def add_member(*, organisation: Organisation, user_id: int, by: Actor, now: datetime) -> None:
    """Let a partner of the agency work for the organisation. Raises CannotJoin."""
    if not who_could_join(organisation, now=now).filter(pk=user_id).exists():
        raise CannotJoin(str(user_id))
    OrganisationMember.objects.bulk_create(
        [
            OrganisationMember(
                agency_id=organisation.agency_id,
                organisation=organisation,
                user_id=user_id,
                since_on=organisation.agency.day_of(now),
            )
        ],
        ignore_conflicts=True,
    )
    _record("ORGANISATION_MEMBER_ADDED", organisation, by=by, now=now, payload={"account": user_id})


@transaction.atomic(durable=True)
def remove_member(*, organisation: Organisation, user_id: int, by: Actor, now: datetime) -> bool:
    """End somebody's work for the organisation, at once; False when they had none."""
    number, _ = organisation.members.filter(user_id=user_id).delete()
    if number:
        _record(
            "ORGANISATION_MEMBER_REMOVED",
            organisation,
            by=by,
            now=now,
            payload={"account": user_id},
        )
    return bool(number)


def _record(
    event: str,
    organisation: Organisation,
    *,
    by: Actor,
    now: datetime,
    payload: dict[str, str | int | bool | None],
) -> None:
    record(
        event,
        by=by,
        subject=Subject("organisation", str(organisation.pk)),
        agency_id=organisation.agency_id,
        now=now,
        payload=payload,
    )
