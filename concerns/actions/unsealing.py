"""Open the address that a reporter left, outside a call that they asked for: with a reason."""

from datetime import datetime, timedelta

from concerns.actions.calls import Opened
from concerns.models import Concern
from concerns.wishes import Wishes
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.people.identity import CannotOpenContact, open_contact, wishes_of
from engagement.people.models import Contact, IdentityRead, User

MOST_A_DAY = 20


class CannotUncover(Exception):
    """`reason` is "none" (no address is held), "no_reason" or "too_often"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def uncover(
    concern: Concern, *, contact: Contact | None, by: User, reason: str, now: datetime
) -> Opened:
    """Return the address of the reporter in plain, after the reading is on record for good.

    The caller has checked identity.read and that this person reads the case; `contact` is the
    reporter's. Others who hold that right read the reason, and the reporter reads the role and the
    day. Raises CannotUncover.
    """
    if contact is None or not contact.ciphertext:
        raise CannotUncover("none")
    today = IdentityRead.objects.filter(
        by_user=by,
        agency_id=concern.agency_id,
        subject_type="concern",
        read_at__gt=now - timedelta(days=1),
    )
    if today.count() >= MOST_A_DAY:
        raise CannotUncover("too_often")
    subject = Subject("concern", concern.staff_reference)
    try:
        value = open_contact(
            contact, by=Actor.staff(by.pk), subject=subject, reason=reason, now=now
        )
    except CannotOpenContact:
        raise CannotUncover("no_reason") from None
    return Opened(value, Wishes.from_text(wishes_of(contact)))
