"""Ask somebody by mail to work at an agency, and let them in when they say yes."""

import base64
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys.hashes import keyed_hash, keyed_hashes
from engagement.keys.purposes import Purpose
from engagement.people.granting import may_give, needs_a_second
from engagement.people.identity import (
    account_keys,
    erase_contact,
    find_contacts,
    store_contact,
)
from engagement.people.models import ContactKind, Invitation, InvitationArea, User
from engagement.people.roles import Role
from engagement.people.staffing_models import InvitationState
from engagement.people.staffing_registry import StaffNotice, staff_notice
from engagement.people.steps import chief_of
from engagement.places.models import Agency, Area

LASTS = timedelta(days=7)
# So long it can be sent anew without typing the address again.
KEPT_UNANSWERED = timedelta(days=30)
TOKEN_BYTES = 16


# More than a large agency takes on in a day; whoever holds a stolen account must not mail a town.
MOST_A_DAY = 200


class CannotInvite(Exception):
    """The inviter may not give these roles here, or the dates are the wrong way round."""


class TooManyInvitations(CannotInvite):
    """This agency has sent so many today that the next ones wait until tomorrow."""


@dataclass(frozen=True)
class Offer:
    """What an invitation offers: roles at an agency, in some of its areas or in all."""

    name: str
    roles: tuple[Role, ...]
    from_on: date
    until_on: date | None = None
    areas: tuple[Area, ...] = ()


@transaction.atomic(durable=True)
def invite_person(
    *, agency: Agency, email: str, language: str, offer: Offer, inviter: User, now: datetime
) -> Invitation:
    """Store an invitation and mail its link. Whether the address has an account, nobody learns.

    An earlier invitation of this address to this agency ends. Raises CannotInvite,
    TooManyInvitations, and
    NobodyIsTold where saying yes would ask for a step that nobody could be told of.
    """
    _check(agency, offer, inviter, now)
    if Invitation.objects.filter(agency=agency, created_on=now.date()).count() >= MOST_A_DAY:
        raise TooManyInvitations
    by = Actor.staff(inviter.pk)
    earlier = find_contacts(email, agency.pk)
    for old in Invitation.objects.filter(agency=agency, contact__in=earlier).open(now):
        end_invitation(old, InvitationState.REVOKED, now)
    contact = store_contact(
        agency_id=agency.pk, kind=ContactKind.EMAIL, value=email, language=language, now=now
    )
    binding = uuid.uuid4()
    invitation = Invitation.objects.create(
        agency=agency,
        contact=contact,
        name=offer.name,
        roles=[role.value for role in offer.roles],
        from_on=offer.from_on,
        until_on=offer.until_on,
        invited_by=inviter,
        binding=binding,
        token_digest=_digest(_token(binding)),
        created_on=now.date(),
        expires_at=now + LASTS,
    )
    InvitationArea.objects.bulk_create(
        InvitationArea(agency=agency, invitation=invitation, area=area) for area in offer.areas
    )
    log_invitation("INVITATION_SENT", invitation, by=by, now=now)
    _mail(invitation, now)
    return invitation


@transaction.atomic(durable=True)
def resend(*, invitation: Invitation, by: Actor, now: datetime) -> None:
    """Mail a new link, good for seven days more; the earlier one stops working.

    Raises CannotInvite for one that was used or withdrawn.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.state != InvitationState.OPEN:
        raise CannotInvite
    locked.binding = uuid.uuid4()
    locked.token_digest = _digest(_token(locked.binding))
    locked.expires_at = now + LASTS
    locked.save(update_fields=["binding", "token_digest", "expires_at"])
    log_invitation("INVITATION_SENT", locked, by=by, now=now)
    _mail(locked, now)


@transaction.atomic(durable=True)
def revoke(*, invitation: Invitation, by: Actor, now: datetime) -> None:
    """Take an open invitation back; nothing happens to one that has ended."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.state == InvitationState.OPEN:
        end_invitation(locked, InvitationState.REVOKED, now)
        log_invitation("INVITATION_REVOKED", locked, by=by, now=now)


def revoke_of(user: User, agency: Agency, *, by: Actor, now: datetime) -> int:
    """Take back what `user` has sent from this agency, in the caller's transaction."""
    rows = Invitation.objects.select_for_update().filter(
        agency=agency, invited_by=user, state=InvitationState.OPEN
    )
    for invitation in rows.order_by("pk"):
        end_invitation(invitation, InvitationState.REVOKED, now)
        log_invitation("INVITATION_REVOKED", invitation, by=by, now=now)
    return len(rows)


@transaction.atomic(durable=True)
def forget_unanswered(*, now: datetime, limit: int = 200) -> int:
    """Take back invitations whose link ran out a month ago, and destroy their addresses."""
    rows = Invitation.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=InvitationState.OPEN, expires_at__lt=now - KEPT_UNANSWERED
    )
    found = list(rows.select_related("contact").order_by("pk")[:limit])
    for invitation in found:
        end_invitation(invitation, InvitationState.REVOKED, now)
        log_invitation("INVITATION_REVOKED", invitation, by=Actor.task("invitations"), now=now)
    return len(found)


def invitation_named_by(token: str, *, now: datetime) -> Invitation | None:
    """The open invitation behind a link, or None."""
    digests = keyed_hashes(Purpose.LINK, f"invitation:{token}", agency_id=None)
    return (
        Invitation.objects.open(now)
        .filter(token_digest__in=digests)
        .select_related("agency", "invited_by", "contact")
        .first()
    )


def token_of(invitation: Invitation) -> str | None:
    """The token of the mail, made anew at sending; None if no living key makes it."""
    stored = bytes(invitation.token_digest)
    for digest in keyed_hashes(Purpose.LINK, _seed(invitation.binding), agency_id=None):
        token = _spell(digest)
        if stored in keyed_hashes(Purpose.LINK, f"invitation:{token}", agency_id=None):
            return token
    return None


def has_account(invitation: Invitation) -> bool:
    """Whether the invited address signs in here already. Only for the holder of the link."""
    keys = account_keys(invitation.contact)
    return User.objects.filter(sign_in_key__in=keys).exists()


def _check(agency: Agency, offer: Offer, inviter: User, now: datetime) -> None:
    is_backwards = offer.until_on is not None and offer.until_on < offer.from_on
    strange = any(area.agency_id != agency.pk for area in offer.areas)
    if not offer.roles or is_backwards or strange:
        raise CannotInvite
    area_ids = [area.pk for area in offer.areas]
    if not all(may_give(inviter, agency, role, area_ids) for role in offer.roles):
        raise CannotInvite
    if any(needs_a_second(role, giver=inviter, agency=agency, now=now) for role in offer.roles):
        if offer.areas:
            # Such a step has no areas, so it would give more than was offered.
            raise CannotInvite
        chief_of(agency)


def end_invitation(invitation: Invitation, state: InvitationState, now: datetime) -> None:
    """Store how it ended and destroy its address; in the caller's transaction."""
    invitation.state = state
    invitation.save(update_fields=["state", "accepted_by"])
    erase_contact(invitation.contact, now=now)


def _mail(invitation: Invitation, now: datetime) -> None:
    staff_notice(
        StaffNotice(
            kind="people.invitation",
            subject=_subject(invitation),
            agency_id=invitation.agency_id,
            contact_ids=(invitation.contact_id,),
            event=f"invited:{invitation.binding.hex}",
            now=now,
        )
    )


def log_invitation(event: str, invitation: Invitation, *, by: Actor, now: datetime) -> None:
    record(
        event,
        by=by,
        subject=_subject(invitation),
        agency_id=invitation.agency_id,
        now=now,
        payload={"roles": ", ".join(invitation.roles)},
    )


def _subject(invitation: Invitation) -> Subject:
    return Subject("invitation", str(invitation.pk))


def _seed(binding: uuid.UUID) -> str:
    return f"invitation of {binding.hex}"


def _token(binding: uuid.UUID) -> str:
    return _spell(keyed_hash(Purpose.LINK, _seed(binding), agency_id=None))


def _spell(digest: bytes) -> str:
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().rstrip("=").lower()


def _digest(token: str) -> bytes:
    return keyed_hash(Purpose.LINK, f"invitation:{token}", agency_id=None)
