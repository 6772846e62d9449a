"""Mails about staffing: what each may say, and how it becomes a row of the outbox."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.outbox.actions import queue
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.people.invitations import LASTS, token_of
from engagement.people.models import Invitation, PendingStep, User
from engagement.people.staffing_models import InvitationState, StepState
from engagement.people.staffing_registry import StaffNotice, register_staff_mailer
from engagement.people.steps import LASTS as STEP_LASTS

INVITATION = "people.invitation"
STEP_ASKED = "people.step_asked"
LEFT_DIRECTORY = "people.left_directory"


def register_notices() -> None:
    """Called once, when the apps are ready."""
    register(
        Kind(
            name=INVITATION,
            template="people/mail/invitation",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=_invitation_context,
            still_true=_is_open,
            usefulness=LASTS,
            words=_("You get this because somebody asks you to work with them on this site."),
        )
    )
    register(
        Kind(
            name=STEP_ASKED,
            template="people/mail/step_asked",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=_step_context,
            still_true=_still_waits,
            usefulness=STEP_LASTS,
            words=_("You get this because your agency named you as its chief."),
        )
    )
    register(
        Kind(
            name=LEFT_DIRECTORY,
            template="people/mail/left_directory",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=_left_context,
            usefulness=timedelta(days=7),
            words=_("You get this because you manage who works at your agency on this site."),
        )
    )
    register_staff_mailer(queue_staff_notice)


def queue_staff_notice(notice: StaffNotice) -> None:
    for contact_id in notice.contact_ids:
        queue(
            notice.kind,
            contact_id=contact_id,
            agency_id=notice.agency_id,
            subject=notice.subject,
            event=notice.event,
            now=notice.now,
        )


def _invitation_of(message: Message) -> Invitation | None:
    rows = Invitation.objects.select_related("agency", "invited_by")
    return rows.filter(
        pk=int(message.subject_reference),
        agency_id=message.agency_id or 0,
        contact_id=message.contact_id,
    ).first()


def _is_open(message: Message) -> bool:
    """A link that was sent anew makes the earlier mail untrue."""
    found = _invitation_of(message)
    return (
        found is not None
        and found.state == InvitationState.OPEN
        and found.expires_at > timezone.now()
        and message.event == f"invited:{found.binding.hex}"
    )


def _invitation_context(message: Message) -> dict[str, Any]:
    """The token is made at sending; no row ever holds it."""
    found = _invitation_of(message)
    token = token_of(found) if found else None
    if found is None or token is None:
        raise LookupError("no such invitation")
    return {
        "link": settings.ORIGIN + reverse("account_invitation", args=[token]),
        "agency_name": found.agency.name,
        "inviter": found.invited_by.name if found.invited_by else "",
    }


def _step_of(message: Message) -> PendingStep | None:
    rows = PendingStep.objects.select_related("agency", "asked_by", "person")
    return rows.filter(pk=int(message.subject_reference), agency_id=message.agency_id or 0).first()


def _still_waits(message: Message) -> bool:
    """The chief hears of it even when it was done in the meantime; not when it was refused."""
    found = _step_of(message)
    return found is not None and found.state != StepState.REFUSED


def _step_context(message: Message) -> dict[str, Any]:
    found = _step_of(message)
    if found is None:
        raise LookupError("no such step")
    return {
        "link": settings.ORIGIN + reverse("desk_people"),
        "agency_name": found.agency.name,
        "asker": found.asked_by.name,
        "person": found.person.name,
        "verb": found.verb,
    }


def _left_context(message: Message) -> dict[str, Any]:
    number = int(message.subject_reference)
    return {
        "person": User.objects.get(pk=number).name,
        "link": settings.ORIGIN + reverse("desk_person", args=[number]),
    }
