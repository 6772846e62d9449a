"""Which ways of being reached a resident of an agency may choose now."""

from dataclasses import dataclass

from concerns.models import OfferedWays, Relay
from concerns.models.contact_wishes import Way
from engagement.outbox.channels.sms import can_send_texts
from engagement.places.models import Agency


@dataclass(frozen=True)
class Offered:
    """`region` is the country whose phone numbers need no code, by ISO 3166."""

    ways: tuple[Way, ...]
    relays: tuple[Relay, ...] = ()
    region: str = "US"


E_MAIL_ALONE = Offered(ways=(Way.EMAIL,))


def offered_ways(agency: Agency) -> Offered:
    """What the agency offers and what can work: texts need a gateway, a relay somebody listed.

    Two queries. An agency that has switched off everything still writes mails.
    """
    chosen = OfferedWays.objects.filter(agency=agency).first() or OfferedWays(agency=agency)
    relays = tuple(Relay.objects.offered_at(agency)) if chosen.by_relay else ()
    can = {
        Way.EMAIL: chosen.by_email,
        Way.TEXT: chosen.by_text and can_send_texts(),
        Way.PHONE: chosen.by_phone,
        Way.LETTER: chosen.by_letter,
        Way.RELAY: bool(relays),
    }
    ways = tuple(way for way in Way if can[way]) or (Way.EMAIL,)
    return Offered(ways=ways, relays=relays, region=chosen.phone_region)
