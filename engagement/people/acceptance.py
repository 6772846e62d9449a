"""Somebody says yes to an invitation: with a new account, or with the one they have."""

from datetime import datetime

from django.db import transaction

from engagement.audit.actors import Actor
from engagement.people.actions import AccountExists, grant_role, open_account
from engagement.people.factors import has_factors
from engagement.people.granting import ask_for_role, needs_a_second
from engagement.people.identity import account_keys, copy_contact
from engagement.people.invitations import end_invitation, invitation_named_by, log_invitation
from engagement.people.models import Invitation, User
from engagement.people.queries import still_administers
from engagement.people.recovery import permit_enrolment
from engagement.people.roles import Role
from engagement.people.staffing_models import InvitationState
from engagement.people.steps import NobodyIsTold


class CannotAccept(Exception):
    """The invitation ran out, was used or withdrawn, or was meant for another address."""


@transaction.atomic
def accept_anew(*, token: str, password: str | None, now: datetime) -> User:
    """Create the account of somebody who has none, and give what was offered.

    Without `password` they sign in through a directory alone. Raises CannotAccept.
    """
    invitation = _locked(token, now)
    # Whoever holds the link reads the mailbox.
    invitation.contact.is_confirmed = True
    contact = copy_contact(invitation.contact, agency_id=None, now=now)
    if contact is None:
        raise CannotAccept
    try:
        user = open_account(
            contact=contact,
            name=invitation.name,
            password=password,
            by=Actor.token("invitation"),
            now=now,
        )
    except AccountExists:
        raise CannotAccept from None
    _take(invitation, user, now)
    return user


@transaction.atomic(durable=True)
def accept_as(*, token: str, user: User, now: datetime) -> None:
    """Give what was offered to the account of the invited address. Raises CannotAccept."""
    invitation = _locked(token, now)
    if user.sign_in_key not in account_keys(invitation.contact):
        raise CannotAccept
    if not user.name:
        user.name = invitation.name
        user.save(update_fields=["name"])
    _take(invitation, user, now)


def _locked(token: str, now: datetime) -> Invitation:
    found = invitation_named_by(token, now=now)
    if found is None:
        raise CannotAccept
    # Two windows may accept at once; the second finds it used.
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("agency", "contact", "invited_by")
        .get(pk=found.pk)
    )
    if locked.state != InvitationState.OPEN:
        raise CannotAccept
    inviter = locked.invited_by
    if inviter is None or not still_administers(inviter, locked.agency, now):
        raise CannotAccept
    return locked


def _take(invitation: Invitation, user: User, now: datetime) -> None:
    """Grants are of the inviter; a role that needs a second person is only asked for."""
    inviter = invitation.invited_by
    assert inviter is not None
    if inviter.pk == user.pk:
        raise CannotAccept
    try:
        _give(invitation, user, inviter, now)
    except NobodyIsTold:
        raise CannotAccept from None
    if not has_factors(user):
        permit_enrolment(user, by=Actor.staff(inviter.pk), now=now)
    invitation.accepted_by = user
    end_invitation(invitation, InvitationState.ACCEPTED, now)
    log_invitation("INVITATION_ACCEPTED", invitation, by=Actor.staff(user.pk), now=now)


def _give(invitation: Invitation, user: User, inviter: User, now: datetime) -> None:
    by = Actor.staff(inviter.pk)
    for role in sorted(Role(value) for value in invitation.roles):
        if needs_a_second(role, giver=inviter, agency=invitation.agency, now=now):
            ask_for_role(
                person=user,
                role=role,
                agency=invitation.agency,
                from_on=invitation.from_on,
                until_on=invitation.until_on,
                by=by,
                now=now,
            )
            continue
        grant_role(
            user=user,
            role=role,
            agency=invitation.agency,
            areas=list(invitation.areas.all()),
            from_on=invitation.from_on,
            until_on=invitation.until_on,
            by=by,
            now=now,
        )
