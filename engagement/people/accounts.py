"""What allauth may know of an address: nothing. It works with sign-in keys from here on."""

import uuid
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagement.people.identity import sign_in_keys, store_contact
from engagement.people.models import Contact, ContactKind, User
from engagement.people.own_paths import is_own_path
from engagement.people.registry import AccountMail, account_mail
from engagement.people.rights import is_desk_member

LOCK_SPACE = 7201


def known_key(email: str) -> str:
    """The key under which this address has an account, or would get one.

    While keys rotate an account may still hold the key of an older version.
    """
    keys = sign_in_keys(email)
    found = User.objects.filter(sign_in_key__in=keys).order_by("id")
    return found.values_list("sign_in_key", flat=True).first() or keys[0]


def lock_key(key: str) -> None:
    """Let two sign-ups with one address follow each other; for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, key])


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Answers allauth's questions; its mails become rows of the outbox, without link or address."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "This address and this password do not belong together. Check both, or choose a new "
            "password below."
        ),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your current password."),
    }

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        """Store the typed address as a contact and the account with its key alone."""
        address: str = form.address  # type: ignore[attr-defined]
        now = timezone.now()
        user.language = get_language() or "en"
        user.contact = store_contact(
            agency_id=None,
            kind=ContactKind.EMAIL,
            value=address,
            language=user.language,
            now=now,
        )
        user.sign_in_key = form.cleaned_data["email"]
        user.created_on = now.date()
        user.set_password(form.cleaned_data["password1"])
        user.save()
        return user

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        self._mail("confirm", emailconfirmation.email_address.user)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        self._mail("reset", user)

    def send_account_already_exists_mail(self, email: str) -> None:
        user = User.objects.filter(sign_in_key=email, is_active=True).first()
        if user is not None:
            self._mail("exists", user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # A mail that nobody planned would leave past the outbox, and say what it was not asked.
        raise LookupError(template_prefix)

    def _mail(self, kind: str, user: User) -> None:
        if user.contact_id is None:
            return
        with transaction.atomic():
            account_mail(
                AccountMail(
                    kind=kind,
                    user_id=user.pk,
                    contact_id=user.contact_id,
                    event=f"{kind}:{uuid.uuid4().hex}",
                    now=timezone.now(),
                )
            )

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        with transaction.atomic():
            is_confirmed = bool(super().confirm_email(request, email_address))
            if is_confirmed:
                Contact.objects.filter(account=email_address.user).update(is_confirmed=True)
        return is_confirmed

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("desk" if is_desk_member(request.user) else "my")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Own paths only; a full address could look like ours and be another's."""
        return is_own_path(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's pseudonym; addresses do not reach this far."""
        return str(request.META["REMOTE_ADDR"])

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return ""

    def is_ajax(self, request: HttpRequest) -> bool:
        # The pages are the only door; answers in JSON would show sign-in keys.
        return False
