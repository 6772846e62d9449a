"""Keeping the way by which a reporter wants to be reached."""

from datetime import datetime

from concerns.models import Concern, ContactWish, Relay
from concerns.models.contact_wishes import Way
from concerns.wishes import Reach
from engagement.audit.together import Together
from engagement.outbox.actions.consent import agree_to_texts
from engagement.people.identity import copy_contact, store_contact
from engagement.people.models import Contact, ContactKind

KINDS = {
    Way.EMAIL: ContactKind.EMAIL,
    Way.TEXT: ContactKind.TEXT,
    Way.PHONE: ContactKind.PHONE,
    Way.LETTER: ContactKind.LETTER,
}
# The version of the sentence on the form that people say yes to when they choose texts.
TEXTS_WORDING = "texts-2"


def can_be_kept(reach: Reach, *, agency_id: int) -> bool:
    """Whether the way has its address, or names an organisation that the agency lists."""
    if reach.way == Way.RELAY:
        listed = Relay.objects.filter(agency_id=agency_id, pk=reach.relay_id or 0, is_active=True)
        return listed.filter(contact__isnull=False).exists()
    return bool(reach.value)


def keep_way(concern: Concern, reach: Reach, *, now: datetime, writes: Together) -> Contact | None:
    """Gather the address with its wishes, and the way, to be stored with the rest of the report.

    For a relay the stored address is the organisation's own: the reporter's is never asked for.
    """
    way = Way(reach.way)
    wish = ContactWish(
        agency_id=concern.agency_id,
        concern=concern,
        way=way,
        relay_id=reach.relay_id if way == Way.RELAY else None,
        in_the_morning="morning" in reach.hours,
        in_the_afternoon="afternoon" in reach.hours,
        in_the_evening="evening" in reach.hours,
    )
    writes.insert(wish)
    concern.wish = wish  # so that nobody asks for it again
    if way == Way.RELAY:
        listed = Relay.objects.select_related("contact").get(pk=reach.relay_id or 0)
        assert listed.contact is not None
        return copy_contact(listed.contact, agency_id=concern.agency_id, now=now, writes=writes)
    contact = store_contact(
        agency_id=concern.agency_id,
        kind=KINDS[way],
        value=reach.value,
        language=concern.language,
        wishes=reach.wishes.as_text(),
        now=now,
        writes=writes,
    )
    if way == Way.TEXT:
        agree_to_texts(contact, wording=TEXTS_WORDING, now=now, writes=writes)
    return contact
