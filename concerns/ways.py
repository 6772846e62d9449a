"""Which ways of being reached a resident of an agency may choose now."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from concerns.models import OfferedWays, Relay
from concerns.models.contact_wishes import Way
from engagement.outbox.channels.sms import can_hear_answers, can_send_texts
from engagement.places.models import Agency


@dataclass(frozen=True)
class Offered:
    """`region` is the country whose phone numbers need no code, by ISO 3166."""

    ways: tuple[Way, ...]
    relays: tuple[Relay, ...] = ()
    region: str = "US"


COLUMNS = ("by_email", "by_text", "by_phone", "by_letter", "by_relay", "phone_region")
E_MAIL_ALONE = Offered(ways=(Way.EMAIL,))


def offered_ways(agency: Agency) -> Offered:
    """What the agency offers and what can work: texts need a gateway that brings answers back, a
    relay somebody listed.

    One query. An agency that has switched off everything still writes mails.
    """
    chosen, listed = _chosen_and_listed(agency)
    relays = listed if chosen.by_relay else ()
    can = {
        Way.EMAIL: chosen.by_email,
        # Without a yes to the first text no second one leaves.
        Way.TEXT: chosen.by_text and can_send_texts() and can_hear_answers(),
        Way.PHONE: chosen.by_phone,
        Way.LETTER: chosen.by_letter,
        Way.RELAY: bool(relays),
    }
    ways = tuple(way for way in Way if can[way]) or (Way.EMAIL,)
    return Offered(ways=ways, relays=relays, region=chosen.phone_region)


def _chosen_and_listed(agency: Agency) -> tuple[OfferedWays, tuple[Relay, ...]]:
    own = OfferedWays.objects.filter(agency=agency).order_by("id")
    listed = Relay.objects.offered_at(agency).order_by("name", "id")
    ways, relays = (
        Agency.objects.filter(pk=agency.pk)
        .values_list(
            ArraySubquery(own.values(row=JSONObject(**{name: name for name in COLUMNS}))),
            ArraySubquery(listed.values(row=JSONObject(id="id", name="name"))),
        )
        .get()
    )
    chosen = OfferedWays(agency=agency, **(ways[0] if ways else {}))
    return chosen, tuple(Relay(agency=agency, **row) for row in relays)
