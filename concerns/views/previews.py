"""What a reporter will read, shown to who writes it before it leaves: the very mail, and the very
words on their page."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from concerns import notices
from concerns.links import LIVES
from concerns.models import Concern
from concerns.models.contact_wishes import Way
from concerns.workflow import DAYS_TO_DISSENT
from engagement.outbox.letters import specimen
from engagement.outbox.registry import kind_named
from engagement.outbox.texts import specimen_text
from engagement.places.wording import language_codes

if TYPE_CHECKING:
    from engagement.outbox.letters import Words

# Stands where each reader's own way in stands.
SPECIMEN = "example"


def way_to(concern: Concern) -> Way:
    """How the reporter is told; for a concern that was read with its wish."""
    wish = getattr(concern, "wish", None)
    return Way(wish.way) if wish else Way.EMAIL


def text_of(concern: Concern, kind: str) -> str:
    """The text message that tells of new words, or "" for who gets none."""
    if concern.is_anonymous or way_to(concern) != Way.TEXT:
        return ""
    return specimen_text(kind_named(kind), language=site_language(concern))


def mail_of(concern: Concern, kind: str) -> "Words | None":
    """The mail that tells of new words, or None for who gets none."""
    way = way_to(concern)
    if concern.is_anonymous or way not in (Way.EMAIL, Way.RELAY):
        return None
    if way == Way.RELAY:
        kind = notices.RELAY_WAITS
    link = settings.ORIGIN + reverse("track_link", args=[SPECIMEN])
    context = {
        "link": link,
        "minutes": int(LIVES.total_seconds() // 60),
        "days_to_dissent": DAYS_TO_DISSENT,
        "code": SPECIMEN,
    }
    return specimen(
        kind_named(kind),
        context,
        agency=concern.agency,
        language=site_language(concern),
        zone=concern.agency.timezone,
    )


def site_language(concern: Concern) -> str:
    """The language of the site for this reporter; it is written in fewer than people speak."""
    if concern.language in language_codes():
        return concern.language
    return translation.get_language() or settings.LANGUAGE_CODE
