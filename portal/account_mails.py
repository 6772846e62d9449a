"""Joins accounts and the outbox: what an account mail says, and how it becomes a row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.audit.subjects import Subject
from engagement.outbox.actions import queue
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.people.account_links import (
    confirmation_path,
    enrolment_path,
    password_reset_path,
)
from engagement.people.registry import AccountMail, register_account_mailer

SUBJECT_TYPE = "account"


def register_account_mails() -> None:
    why = _("You get this mail because somebody entered your address on this site.")
    for name, path, usefulness in (
        ("confirm", confirmation_path, timedelta(days=3)),
        ("reset", password_reset_path, timedelta(hours=2)),
        ("exists", _forgotten_path, timedelta(days=1)),
        ("enrol", enrolment_path, timedelta(days=3)),
        ("recovered", enrolment_path, timedelta(hours=24)),
        ("factors", _security_path, timedelta(days=3)),
    ):
        register(
            Kind(
                name=f"account.{name}",
                template=f"mail/account/{name}",
                policy=Policy.TRANSACTIONAL,
                delivery=Delivery.AT_LEAST_ONCE,
                context=_context(path),
                still_true=_still_true(path),
                usefulness=usefulness,
                words=why,
            )
        )
    register_account_mailer(queue_account_mail)


def queue_account_mail(mail: AccountMail) -> None:
    queue(
        f"account.{mail.kind}",
        contact_id=mail.contact_id,
        agency_id=None,
        subject=Subject(SUBJECT_TYPE, str(mail.user_id)),
        event=mail.event,
        now=mail.now,
    )


def _forgotten_path(user_id: int) -> str | None:
    return reverse("account_reset_password")


def _security_path(user_id: int) -> str | None:
    return reverse("account_security")


def _context(path: Callable[[int], str | None]) -> Callable[[Message], dict[str, Any]]:
    """The link is made at sending, with the configured origin; no row ever holds it."""
    return lambda message: {"link": f"{settings.ORIGIN}{path(int(message.subject_reference))}"}


def _still_true(path: Callable[[int], str | None]) -> Callable[[Message], bool]:
    return lambda message: path(int(message.subject_reference)) is not None
