"""Published concerns as a feed. Links use the configured origin, never the Host header."""

from collections.abc import Iterable
from datetime import datetime, time

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from concerns.published.models import PublicConcern
from concerns.published.rows import title_of
from concerns.published.sharing import Pairs, address_of
from engagement.doors.addresses import address
from engagement.doors.feeds import FeedByDays
from engagement.places.models import Agency


def feed_of(
    request: HttpRequest,
    agency: Agency,
    concerns: Iterable[PublicConcern],
    *,
    pairs: Pairs,
    words: str,
) -> FeedByDays:
    """RSS 2.0; an item's date is the day of publication, at midnight of the agency.

    `pairs` is the filter as its address has it, `words` as people read it, "" for none.
    """
    today = agency.day_of(timezone.now())
    whole = _("Concerns: %(agency)s") % {"agency": agency.name}
    feed = FeedByDays(
        title=f"{words} · {whole}" if words else whole,
        link=settings.ORIGIN + address_of(request, "published_list", pairs),
        description=_("What neighbors raised and what was done about it."),
        language=get_language() or "en",
        feed_url=settings.ORIGIN + address_of(request, "published_feed", pairs),
        today=datetime.combine(today, time.min, tzinfo=agency.zone),
    )
    for concern in concerns:
        link = settings.ORIGIN + address(request, "published_detail", concern.reference)
        feed.add_item(
            title=title_of(concern),
            link=link,
            description=str(concern.summary),
            unique_id=link,
            pubdate=datetime.combine(concern.published_on, time.min, tzinfo=agency.zone),
            categories=[str(concern.category_label)],
        )
    return feed
