"""How somebody gets a first second factor, and a new one when all are lost: by another person.

A password alone must never be enough to add a factor: it may be in strange hands before its
owner ever set one up. So the first factor needs a permission that another person gives, whose
link goes to the account's own mailbox, works once and dies within hours or days. Nobody gives it
to themselves, and no page hands out codes to keep in a drawer.
"""

import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.people.models import EnrolmentPermit, Grant, User
from engagement.people.notices import tell_account
from engagement.people.rights import allowed
from engagement.people.roles import Role
from engagement.people.session_models import NONCE_LENGTH
from engagement.people.visits import end_sessions

RECOVER = "account.recover"
SALT = "engagement.people.enrolment"
INVITED = timedelta(days=3)
RECOVERED = timedelta(hours=24)


class CannotReset(Exception):
    """Nobody takes away their own factors; another administrator does."""


@transaction.atomic
def permit_enrolment(
    user: User, *, by: Actor, now: datetime, lasts: timedelta = INVITED, mail: str = "enrol"
) -> None:
    """Let the person set up a second factor once, and mail them the link that proves it.

    An earlier permission that was not used dies with this.
    """
    EnrolmentPermit.objects.update_or_create(
        user=user,
        defaults={"nonce": secrets.token_hex(NONCE_LENGTH // 2), "expires_at": now + lasts},
    )
    record("ENROLMENT_PERMITTED", by=by, subject=_account(user), agency_id=None, now=now)
    tell_account(user, mail, now)


def may_reset_factors(staff: User, person: User) -> bool:
    """Whether `staff` may take away the factors of `person`: never one's own.

    The operator may for everybody; an agency's administrator for whoever works at their agencies
    alone, so that no agency can shut out another's staff or the operator.
    """
    if staff.pk == person.pk:
        return False
    if allowed(staff, RECOVER, agency_id=None):
        return True
    if person.is_superuser or Grant.objects.filter(user=person, role=Role.OPERATOR).exists():
        return False
    grants = Grant.objects.filter(user=person).order_by("id")
    agencies = set(grants.values_list("agency_id", flat=True))
    return bool(agencies) and all(
        allowed(staff, RECOVER, agency_id=agency_id) for agency_id in agencies
    )


@transaction.atomic
def reset_factors(person: User, *, by: Actor, now: datetime) -> None:
    """Take away all factors, end all sessions, and permit to begin anew within 24 hours.

    The person is told by mail, with the link. The caller asked may_reset_factors. Raises
    CannotReset for oneself.
    """
    if by.user_id == person.pk:
        raise CannotReset
    Authenticator.objects.filter(user_id=person.pk).delete()
    end_sessions(person)
    record("FACTORS_RESET", by=by, subject=_account(person), agency_id=None, now=now)
    permit_enrolment(person, by=by, now=now, lasts=RECOVERED, mail="recovered")


def permit_token(permit: EnrolmentPermit) -> str:
    """What the link ends in; made at the moment of mailing and stored nowhere."""
    return signing.dumps([permit.pk, permit.nonce], salt=SALT)


def permit_named_by(token: str, *, now: datetime) -> EnrolmentPermit | None:
    """The living permission behind a link, or None."""
    try:
        pk, nonce = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (
        EnrolmentPermit.objects.live(now).filter(pk=pk, nonce=nonce).select_related("user").first()
    )


def _account(user: User) -> Subject:
    return Subject("account", str(user.pk))
