"""Posters: begin a campaign, and count its uses so that no use can be told from another.

A use is counted in memory only, in the cache, which writes nothing to a disk. What is over, a whole
day, is written down at once for every campaign. So no row is written while somebody is here, and
neither row versions nor moments tie a report to a poster. If the cache is lost, so is the day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import TruncWeek

from concerns.models import Campaign, CampaignDay
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys import references
from engagement.keys.references import BadReference, normalise
from engagement.places.models import Agency, Area

OPENED, SENT = "opened", "sent"
KINDS = (OPENED, SENT)
# Fewer in a week are not shown, to staff neither.
LEAST = 10
LEAST_WEEKS = 8
KEPT_SECONDS = 4 * 24 * 3600
LATE_DAYS = 3
CODE_LENGTH = 6


class CannotBegin(ValueError):
    """The agency has a campaign of this name."""


@dataclass(frozen=True)
class Week:
    """A calendar week that is over, from its Monday on; None stands for fewer than ten."""

    begins: date
    opened: int | None
    sent: int | None


@transaction.atomic(durable=True)
def begin(*, agency: Agency, name: str, area: Area | None, by: Actor, now: datetime) -> Campaign:
    """Store a campaign with a short code for its posters. Raises CannotBegin."""
    campaign = Campaign(
        agency=agency,
        code=references.mint(length=CODE_LENGTH),
        name=name,
        area=area,
        begun_on=agency.day_of(now),
    )
    Campaign.objects.bulk_create([campaign], ignore_conflicts=True)
    stored = Campaign.objects.filter(code=campaign.code, agency=agency, name=name).first()
    if stored is None:
        raise CannotBegin
    record(
        "CAMPAIGN_BEGUN",
        by=by,
        subject=Subject("campaign", stored.code),
        agency_id=agency.pk,
        now=now,
    )
    return stored


def campaign_named(code: str) -> Campaign | None:
    """The campaign of a code as it stands on a poster or was typed from it."""
    try:
        plain = normalise(code)
    except BadReference:
        return None
    return Campaign.objects.select_related("agency").filter(code=plain).first()


def count(campaign: Campaign, kind: str, *, now: datetime) -> None:
    """Count one use, in memory. Nothing of who, what or when but the agency's day."""
    name = _counter(campaign, kind, campaign.agency.day_of(now))
    cache.add(name, 0, timeout=KEPT_SECONDS)
    try:
        cache.incr(name)
    except ValueError:
        # Emptied between the two; one use more or less is not worth a word.
        return


def count_sent(code: str, *, agency: Agency, now: datetime) -> None:
    """Count a report that came from a poster of this agency, after it was stored: neither the
    report nor its transaction knows."""
    campaign = campaign_named(code) if code else None
    if campaign is not None and campaign.agency_id == agency.pk:
        count(campaign, SENT, now=now)


@transaction.atomic(durable=True)
def write_down(*, now: datetime) -> int:
    """Write down the days that are over, all campaigns at once; returns how many rows changed."""
    written = 0
    for campaign in Campaign.objects.select_related("agency").order_by("pk"):
        today = campaign.agency.day_of(now)
        for back in range(1, LATE_DAYS + 1):
            written += _write_day(campaign, today - timedelta(days=back))
    return written


def weeks_of(campaigns: Iterable[Campaign], *, today: date) -> dict[int, list[Week]]:
    """The last weeks of each campaign, newest first, by campaign id. One query.

    Whole weeks that are over, one beside the other: no two numbers differ by a single use, and
    none moves once it is shown.
    """
    this_week = today - timedelta(days=today.weekday())
    # Its days are all written down only some days later.
    until = this_week if today - this_week >= timedelta(days=LATE_DAYS) else _before(this_week)
    rows = (
        CampaignDay.objects.filter(
            campaign__in=list(campaigns), on__lt=until, on__gte=until - timedelta(weeks=LEAST_WEEKS)
        )
        .annotate(week=TruncWeek("on"))
        .values("campaign_id", "week")
        .annotate(opened_then=Sum("opened"), sent_then=Sum("sent"))
        .order_by("campaign_id", "-week")
    )
    found: dict[int, list[Week]] = {}
    for row in rows:
        week = Week(row["week"], _shown(row["opened_then"]), _shown(row["sent_then"]))
        found.setdefault(row["campaign_id"], []).append(week)
    return found


def _before(week: date) -> date:
    return week - timedelta(weeks=1)


def _shown(number: int) -> int | None:
    return number if number >= LEAST else None


def _counter(campaign: Campaign, kind: str, on: date) -> str:
    return f"campaign:{campaign.code}:{on.isoformat()}:{kind}"


def _write_day(campaign: Campaign, on: date) -> int:
    taken = {kind: _taken(_counter(campaign, kind, on)) for kind in KINDS}
    if not any(taken.values()):
        return 0
    CampaignDay.objects.bulk_create(
        [CampaignDay(agency_id=campaign.agency_id, campaign=campaign, on=on)],
        ignore_conflicts=True,
    )
    return CampaignDay.objects.filter(campaign=campaign, on=on).update(
        opened=F("opened") + taken[OPENED], sent=F("sent") + taken[SENT]
    )


def _taken(name: str) -> int:
    """Take what was counted; a use that is counted meanwhile stays for the next time."""
    number = int(cache.get(name, 0) or 0)
    if number:
        try:
            cache.decr(name, number)
        except ValueError:
            return 0
    return number
