"""Links of account mails, made at the moment of sending and stored nowhere. Own paths only."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils import timezone

from engagement.people.models import EnrolmentPermit, User
from engagement.people.recovery import permit_token


def confirmation_path(user_id: int) -> str | None:
    """The page that confirms the account's address, or None once that is done."""
    address = EmailAddress.objects.filter(
        user_id=user_id, user__is_active=True, verified=False
    ).first()
    if address is None:
        return None
    return reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])


def password_reset_path(user_id: int) -> str | None:
    """The page where a new password is chosen, or None for a locked account."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    key = default_token_generator.make_token(user)
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": key},
    )


def enrolment_path(user_id: int) -> str | None:
    """The page where a permitted second factor is set up, or None once that is done or over."""
    permit = EnrolmentPermit.objects.live(timezone.now()).filter(user_id=user_id).first()
    return reverse("account_enrol", args=[permit_token(permit)]) if permit else None
