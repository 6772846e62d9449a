"""Publishing figures of what is only counted: by the week, once, never a small number."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Min

from concerns.models import Category, Concern
from concerns.models.categories import Visibility
from concerns.published.joining_up import Cell, joined_up
from concerns.published.release_models import Figure, Release
from engagement.places.models import Agency, Area

WEEK = timedelta(days=7)


def release_figures(*, now: datetime) -> int:
    """Release every group of categories that has enough reports in weeks that are over.

    Returns how many releases were made. Again at once, it makes none.
    """
    counted = (
        Category.objects.filter(visibility=Visibility.COUNT)
        .order_by("agency_id", "group")
        .values_list("agency_id", "group")
        .distinct()
    )
    made = 0
    for agency_id, group in counted:
        made += _release(agency_id, group, now)
    return made


@transaction.atomic(durable=True)
def _release(agency_id: int, group: str, now: datetime) -> bool:
    # Two clocks at once: the second waits, and then finds the week released.
    agency = Agency.objects.select_for_update().get(pk=agency_id)
    until_on = _last_day_of_week_before(agency.day_of(now))
    reports = Concern.objects.filter(
        agency=agency, category__visibility=Visibility.COUNT, category__group=group
    )
    from_on = _first_open_day(agency, group, reports.aggregate(first=Min("received_on"))["first"])
    if from_on is None or from_on > until_on:
        return False
    found = reports.filter(received_on__range=(from_on, until_on)).order_by("area_id")
    counts = dict(found.values_list("area_id").annotate(Count("id")))
    groups = joined_up(counts, cells=_cells(agency, counts))
    if not groups:
        return False
    release = Release.objects.create(agency=agency, group=group, from_on=from_on, until_on=until_on)
    Figure.objects.bulk_create(
        Figure(
            release=release,
            areas=[cell for cell in joined.cells if cell is not None],
            is_outside_too=None in joined.cells,
            number=joined.number,
        )
        for joined in groups
    )
    return True


def _first_open_day(agency: Agency, group: str, first: date | None) -> date | None:
    """The day after the last release, else the Monday of the first report."""
    released = Release.objects.filter(agency=agency, group=group)
    last: date | None = released.aggregate(last=Max("until_on"))["last"]
    if last is not None:
        return last + timedelta(days=1)
    return first - timedelta(days=first.weekday()) if first is not None else None


def _last_day_of_week_before(today: date) -> date:
    return today - timedelta(days=today.weekday() + 1)


def _cells(agency: Agency, counted: Iterable[Cell]) -> list[Cell]:
    """Every responsible area in a fixed order, then outside: also those with no report.

    An area that ended keeps the reports of its days.
    """
    areas = Area.objects.filter(agency=agency, layer=agency.responsible_layer)
    known = list(areas.order_by("code", "id").values_list("pk", flat=True))
    former = sorted(cell for cell in counted if cell is not None and cell not in known)
    return [*known, *former, None]
