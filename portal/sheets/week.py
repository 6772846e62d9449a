"""The week in numbers, for who leads: exact and live, so for staff alone."""

from collections import Counter, defaultdict
from collections.abc import Set
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from concerns.models import Concern, DelayReason, StatusChange
from concerns.models.categories import Visibility
from concerns.published.anchors import STREET_METRES, nearest
from concerns.published.labels import nearest_street
from concerns.querysets import ConcernQuerySet
from concerns.views.desk_rows import due_on
from concerns.workflow import DONE_STATES, State, WaitingOn
from engagement.places.models import Agency, Area
from engagement.places.queries import agency_areas
from portal.sheets.lines import COLUMNS, CaseLine, line_of

WEEK = timedelta(days=7)
# The same weekdays a year before.
YEAR = timedelta(weeks=52)
REPEATS = timedelta(weeks=4)
# Three reports at one place in four weeks are a pattern worth a look.
REPEATS_FROM = 3
MOST_LINES = 25
MOST_PLACES = 15
# A week of the largest cities has some thousand of each; more is a fault, not a week.
MOST_ROWS = 50_000


@dataclass
class Numbers:
    """What happened in a week: arrived, first answers and how many of them in time, ends."""

    received: int = 0
    answered: int = 0
    answered_in_time: int = 0
    resolved: int = 0
    reopened: int = 0


@dataclass(frozen=True)
class Standing:
    """How open work stands now."""

    open: int = 0
    late: int = 0
    late_without_reason: int = 0
    with_nobody: int = 0
    waiting_on_partner: int = 0
    unanswered: int = 0


@dataclass(frozen=True)
class AreaWeek:
    """One district, or the whole agency when `name` is empty."""

    name: str
    this: Numbers
    before: Numbers
    a_year_ago: Numbers
    now: Standing


@dataclass(frozen=True)
class LateLine:
    case: CaseLine
    reason: str


@dataclass(frozen=True)
class RepeatPlace:
    where: str
    area: str
    number: int
    kinds: str


@dataclass(frozen=True)
class Week:
    agency: Agency
    from_on: date
    until_on: date
    at: datetime
    whole: AreaWeek
    areas: list[AreaWeek]
    late: list[LateLine]
    repeats: list[RepeatPlace]


ByArea = dict[int | None, Numbers]
Counted = TypeVar("Counted", Numbers, Standing)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(agency: Agency, monday: date, *, now: datetime) -> Week:
    """Read the seven days from `monday`, the week before, the same week a year before, and how
    open work stands now. Six queries, however long the history."""
    weeks = _numbers(agency, [monday, monday - WEEK, monday - YEAR])
    standing = _standing(agency, agency.day_of(now))
    everywhere = set(standing).union(*weeks)
    named: dict[int | None, str] = dict(_names(agency, everywhere, on=agency.day_of(now)))
    areas = [_area_week(name, {key}, weeks, standing) for key, name in named.items()]
    if elsewhere := everywhere - set(named):
        areas.append(_area_week(_("Elsewhere"), elsewhere, weeks, standing))
    return Week(
        agency=agency,
        from_on=monday,
        until_on=monday + WEEK - timedelta(days=1),
        at=now,
        whole=_area_week("", everywhere, weeks, standing),
        areas=areas,
        late=_late(agency, agency.day_of(now)),
        repeats=_repeats(agency, until=monday + WEEK),
    )


def _names(agency: Agency, counted: Set[int | None], *, on: date) -> list[tuple[int, str]]:
    """Today's districts and those that had work when they were some."""
    today = agency_areas(agency, agency.responsible_layer, on).order_by().values("pk")
    areas = Area.objects.filter(Q(pk__in=today) | Q(pk__in=[key for key in counted if key]))
    return list(areas.filter(agency=agency).order_by("name", "pk").values_list("pk", "name"))


def _area_week(
    name: str,
    area_ids: Set[int | None],
    weeks: list[ByArea],
    standing: dict[int | None, Standing],
) -> AreaWeek:
    this, before, a_year_ago = (
        _sum(Numbers, [week[key] for key in area_ids if key in week]) for week in weeks
    )
    now = _sum(Standing, [standing[key] for key in area_ids if key in standing])
    return AreaWeek(name, this, before, a_year_ago, now)


def _sum(kind: type[Counted], found: list[Counted]) -> Counted:
    return kind(
        **{part.name: sum(getattr(one, part.name) for one in found) for part in fields(kind)}
    )


def _numbers(agency: Agency, mondays: list[date]) -> list[ByArea]:
    """Two queries for all weeks: what arrived, and each move with the state before it."""
    weeks: dict[date, ByArea] = {monday: defaultdict(Numbers) for monday in mondays}
    for area_id, on, number in _arrivals(agency, mondays):
        weeks[monday_of(on)][area_id].received += number
    for area_id, state, before, at, acknowledge_by in _moves(agency, mondays):
        on = agency.day_of(at)
        numbers = weeks[monday_of(on)][area_id]
        if before == State.RECEIVED:
            numbers.answered += 1
            numbers.answered_in_time += acknowledge_by is None or on <= acknowledge_by
        numbers.resolved += state == State.RESOLVED
        numbers.reopened += state == State.WORKING and before in DONE_STATES
    return [dict(weeks[monday]) for monday in mondays]


def _arrivals(agency: Agency, mondays: list[date]) -> QuerySet[Concern, tuple[Any, ...]]:
    within = Q()
    for monday in mondays:
        within |= Q(received_on__gte=monday, received_on__lt=monday + WEEK)
    came = Concern.objects.filter(within, agency=agency).not_held().order_by("received_on")
    return came.values_list("area_id", "received_on").annotate(Count("id"))


def _moves(agency: Agency, mondays: list[date]) -> QuerySet[StatusChange, tuple[Any, ...]]:
    within = Q()
    for monday in mondays:
        within |= Q(at__gte=_start(agency, monday), at__lt=_start(agency, monday + WEEK))
    earlier = StatusChange.objects.filter(concern=OuterRef("concern"), pk__lt=OuterRef("pk"))
    before = Subquery(earlier.order_by("-pk").values("state")[:1])
    moves = StatusChange.objects.filter(within, agency=agency).annotate(before=before)
    columns = ("concern__area_id", "state", "before", "at", "concern__acknowledge_by")
    return moves.order_by("pk").values_list(*columns)[:MOST_ROWS]


def _start(agency: Agency, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=agency.zone)


def _standing(agency: Agency, today: date) -> dict[int | None, Standing]:
    """One query over open work."""
    rows = Concern.objects.filter(agency=agency).not_held().open()
    late = _is_late(today)
    explained = Exists(DelayReason.objects.filter(concern=OuterRef("pk")))
    counts = (
        rows.order_by("area_id")
        .values_list("area_id")
        .annotate(
            open=Count("id"),
            late=Count("id", filter=late),
            unexplained=Count("id", filter=late & Q(~explained)),
            with_nobody=Count("id", filter=Q(owner__isnull=True, team__isnull=True)),
            on_partner=Count("id", filter=Q(waiting_on=WaitingOn.PARTNER)),
            unanswered=Count("id", filter=Q(unanswered_since__isnull=False)),
        )
    )
    return {area_id: Standing(*numbers) for area_id, *numbers in counts}


def _is_late(today: date) -> Q:
    unanswered = Q(state=State.RECEIVED, acknowledge_by__lt=today)
    return ~Q(state=State.WAITING) & (unanswered | Q(resolve_by__lt=today))


def _shown(agency: Agency) -> ConcernQuerySet:
    """What may be told one by one: no private kind is, on paper or in a mail."""
    rows = Concern.objects.filter(agency=agency).not_held()
    return rows.exclude(category__visibility=Visibility.NEVER)


def _late(agency: Agency, today: date) -> list[LateLine]:
    reasons = DelayReason.objects.filter(concern=OuterRef("pk")).order_by("-id")
    rows = _shown(agency).overdue(today).select_related("category", "area", "owner")
    rows = rows.only(*COLUMNS).annotate(why=Subquery(reasons.values("text")[:1]))
    return [
        LateLine(
            line_of(row, agency=agency, due_on=due_on(row), today=today),
            getattr(row, "why", None) or "",
        )
        for row in rows.order_by("resolve_by", "acknowledge_by", "id")[:MOST_LINES]
    ]


def _repeats(agency: Agency, *, until: date) -> list[RepeatPlace]:
    """Corners from which several reports came in the four weeks before `until`, most first.

    Homes are left out: a home with many reports is somebody's, not a place.
    """
    rows = _shown(agency).filter(
        received_on__gte=until - REPEATS,
        received_on__lt=until,
        lon__isnull=False,
        is_home=False,
    )
    columns = ("lon", "lat", "area__name", "category__label")
    at: dict[tuple[float, float], list[tuple[str, str]]] = defaultdict(list)
    for lon, lat, area, kind in rows.order_by("pk").values_list(*columns)[:MOST_ROWS]:
        at[nearest(lon, lat, metres=STREET_METRES)].append((area or "", str(kind)))
    often = sorted(
        ((place, found) for place, found in at.items() if len(found) >= REPEATS_FROM),
        key=lambda one: (-len(one[1]), one[0]),
    )
    return [_repeat(agency, place, found) for place, found in often[:MOST_PLACES]]


def _repeat(
    agency: Agency, place: tuple[float, float], found: list[tuple[str, str]]
) -> RepeatPlace:
    street = nearest_street(agency=agency, lon=place[0], lat=place[1])
    area = found[0][0]
    kinds = Counter(kind for _area, kind in found).most_common(3)
    return RepeatPlace(
        where=_("near %(street)s") % {"street": street[0]} if street else area,
        area=area,
        number=len(found),
        kinds=", ".join(f"{kind} ({number})" for kind, number in kinds),
    )
