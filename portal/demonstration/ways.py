"""How the invented neighbors want to be reached: by mail, by a call, through their church."""

from datetime import datetime

from concerns.models import Relay
from concerns.models.contact_wishes import Way
from concerns.models.relays import RelayKind
from concerns.wishes import Reach, Wishes
from engagement.people.identity import store_contact
from engagement.people.models import ContactKind
from engagement.places.models import Agency
from portal.demonstration.accounts import DOMAIN
from portal.demonstration.stories import Story

# No such number is ever given out.
NUMBER = "+13145550142"
CALLED = "traffic_speed"


def list_relay(agency: Agency, *, now: datetime) -> Relay:
    """Put one organisation on the list, so that the form offers it."""
    contact = store_contact(
        agency_id=agency.pk,
        kind=ContactKind.EMAIL,
        value=f"lantern-street-church@{DOMAIN}",
        language="en",
        is_confirmed=True,
        now=now,
    )
    return Relay.objects.create(
        agency=agency, name="Lantern Street Church", kind=RelayKind.CHURCH, contact=contact
    )


def wish_of(story: Story) -> Reach:
    """One neighbor wants a call in the evening and no voice mail; the others get mails."""
    if story.category != CALLED:
        return Reach(Way.EMAIL.value, value=f"neighbor-{story.category}@{DOMAIN}")
    wishes = Wishes(no_voice_mail=True, ask_for="Rosa", may_say="It is about the library book.")
    return Reach(Way.PHONE.value, value=NUMBER, hours=frozenset({"evening"}), wishes=wishes)
