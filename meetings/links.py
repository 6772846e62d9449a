"""The signed part of a mailed link: it names one answer, holds no address, and never expires.

Mails are read late; opening the link only shows a page, and its buttons ask again.
"""

from uuid import UUID

from django.core import signing

from meetings.models import Rsvp

SALT = "meetings.rsvp"


class BadToken(ValueError):
    """The link is damaged or not ours, or its answer was forgotten after the meeting."""


def token_for(rsvp: Rsvp) -> str:
    """Fit for a URL; the same for every mail about this answer, so it tells no moment."""
    return signing.Signer(salt=SALT).sign_object(rsvp.binding.hex)


def rsvp_by(token: str) -> Rsvp:
    """The answer, with its meeting and agency. Raises BadToken."""
    try:
        binding = UUID(signing.Signer(salt=SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise BadToken from None
    rows = Rsvp.objects.select_related("meeting__agency")
    rsvp = rows.filter(binding=binding).first()
    if rsvp is None:
        raise BadToken
    return rsvp
