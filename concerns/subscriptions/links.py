"""What names a subscription: the signed part of its own links, and the mark of an account."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from concerns.subscriptions.models import Subscription
from engagement.keys.hashes import keyed_hash, keyed_hashes
from engagement.keys.purposes import Purpose

SALT = "concerns.subscription"


class BadToken(ValueError):
    """The link is damaged or not ours, or its subscription was forgotten."""


def token_for(subscription: Subscription) -> str:
    """Fit for a URL; the same in every mail, so it tells no moment."""
    return signing.Signer(salt=SALT).sign_object(subscription.binding.hex)


def link_to(subscription: Subscription) -> str:
    """The configured origin's address of the page where it is confirmed, changed and ended."""
    return settings.ORIGIN + reverse("follow_own", args=[token_for(subscription)])


def subscription_by(token: str) -> Subscription:
    """The subscription with its agency and contact. Raises BadToken."""
    try:
        binding = UUID(signing.Signer(salt=SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise BadToken from None
    rows = Subscription.objects.select_related("agency", "contact")
    found = rows.filter(binding=binding).first()
    if found is None:
        raise BadToken
    return found


def account_link(user_id: int, *, agency_id: int) -> bytes:
    """What a subscription holds instead of the account: 32 bytes, unlike those of the person's
    reports and answers, so that nobody can join them from the database."""
    return keyed_hash(Purpose.FOLLOW, f"subscription:{user_id}", agency_id=agency_id)


def account_links(user_id: int, *, agency_id: int) -> list[bytes]:
    """The same under every live key, current first."""
    return keyed_hashes(Purpose.FOLLOW, f"subscription:{user_id}", agency_id=agency_id)
