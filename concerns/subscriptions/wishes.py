"""What somebody follows, as lists and pages say it."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from concerns.subscriptions import links
from concerns.subscriptions.models import Subscription


def followed_by(user_id: int, *, agency_ids: Sequence[int]) -> QuerySet[Subscription]:
    """What an account follows at these agencies, newest first, with its areas. Two queries."""
    marks = [
        mark
        for agency_id in agency_ids
        for mark in links.account_links(user_id, agency_id=agency_id)
    ]
    rows = Subscription.objects.filter(agency_id__in=agency_ids, account_link__in=marks)
    return rows.prefetch_related("areas").order_by("-pk")


def where_of(found: Subscription) -> str:
    """About which places it is, in words; no query where the areas were read along."""
    areas = sorted(area.name for area in found.areas.all())
    if areas:
        return ", ".join(areas)
    return _("Everywhere") if found.is_everywhere else _("Inside the shape that you drew")
