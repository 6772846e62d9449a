"""What allauth may know of an address: nothing. It works with sign-in keys from here on."""

import uuid
from dataclasses import dataclass
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

from engagement.people.attempts import CODE, PASSWORD, Attempt, forget
from engagement.people.devices import begin_shift
from engagement.people.directory_doors import waits_for_directory
from engagement.people.factors import has_factors, is_staff_account
from engagement.people.identity import sign_in_keys, store_contact
from engagement.people.models import Contact, ContactKind, User
from engagement.people.own_paths import is_own_path
from engagement.people.registry import AccountMail, account_mail
from engagement.people.rights import is_desk_member, is_partner
from engagement.people.trust import FactorKind, directory_agency, note_factor, session_is_trusted
from engagement.people.visits import end_sessions

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


@dataclass(frozen=True)
class Checked:
    """A factor that a request has checked before its visitor is signed in."""

    user_id: int
    kind: FactorKind


def _account_of(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", ""))


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

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password; too many wrong ones slow down whoever typed them."""
        attempt = Attempt(
            PASSWORD, account=_account_of(credentials), visitor=self.get_client_ip(request)
        )
        if attempt.is_refused:
            raise self.validation_error("too_many_login_attempts")
        user: User | None = super().authenticate(request, **credentials)
        if user is not None and not (attempt.is_in_flood and not has_factors(user)):
            attempt.succeed()
        elif attempt.is_in_flood:
            # The same words for a right password: a guess that only a password backs gains nothing.
            raise self.validation_error("too_many_login_attempts")
        return user

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """The library calls this when somebody chose a new password by a mailed link."""
        forget(PASSWORD, account=_account_of(credentials))

    def set_password(self, user: User, password: str) -> None:
        """A new password ends every other session, and the guessing of whoever knew the old one."""
        super().set_password(user, password)
        is_own = self.request is not None and self.request.user == user
        end_sessions(user, except_=self.request.session.session_key if is_own else None)
        forget(CODE, account=str(user.pk))

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and note the factor that this very request has checked, if it did."""
        super().login(request, user)
        checked: Checked | None = getattr(request, "checked_factor", None)
        if checked is not None and checked.user_id == user.pk:
            note_factor(request, checked.kind)
            begin_shift(request, now=timezone.now())

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
        user = request.user
        if isinstance(user, User):
            came_by = directory_agency(request.session, user)
            if waits_for_directory(user, came_by=came_by, now=timezone.now()):
                return resolve_url("account_directory")
        if not session_is_trusted(user) and isinstance(user, User) and is_staff_account(user):
            return resolve_url("account_security")
        if is_desk_member(user):
            return resolve_url("desk")
        return resolve_url("partner" if is_partner(user) else "my")

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
