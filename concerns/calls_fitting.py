"""Which cases a call of the nightly file may be about: its street, a near day, a fitting kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from concerns.calls_file import Call, category_of, street_of
from concerns.models import Concern, OutsideCall, OutsideNumber
from concerns.published.labels import nearest_street
from concerns.querysets import ConcernQuerySet
from engagement.places.models import Agency

# A case is reported on the day of the call, or when somebody got round to it.
DAYS_BEFORE, DAYS_AFTER = timedelta(days=1), timedelta(days=3)
MOST_SUGGESTED = 5
MOST_CASES = 20_000


@dataclass(frozen=True)
class Case:
    """What is compared of an open case without a number; `reference` is the one of staff."""

    id: int
    reference: str
    code: str
    on: date
    streets: frozenset[str]


def open_cases(
    agency: Agency,
    *,
    system: str,
    since: date,
    among: ConcernQuerySet | None = None,
    most: int = MOST_CASES,
) -> list[Case]:
    """Cases that may still lack their number of that system: open, reported since that day.

    The newest of `among`, or of all that the agency has; one query.
    """
    numbered = OutsideNumber.objects.filter(agency=agency, system=system)
    among = Concern.objects.all() if among is None else among
    rows: QuerySet[Concern] = (
        among.filter(agency=agency, received_on__gte=since)
        .open()
        .not_held()
        .exclude(pk__in=numbered.values("concern_id"))
        .select_related("category")
        .only("id", "staff_reference", "received_on", "lon", "lat", "place_text", "category__code")
        .order_by("-received_on", "-id")[:most]
    )
    return [
        Case(row.pk, row.staff_reference, row.category.code, row.received_on, _streets(agency, row))
        for row in rows
    ]


def by_street(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """Return the cases under each street that they may be on."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        for street in case.streets:
            found.setdefault(street, []).append(case)
    return found


def fitting(
    call: Call | OutsideCall,
    streets: Mapping[str, Sequence[Case]],
    pairs: Sequence[tuple[str, str]],
) -> list[Case]:
    """Return the few cases that a call may be about: its street, a near day, and, where kinds are
    paired, its kind."""
    code = category_of(call.kind, pairs)
    return [
        case
        for case in streets.get(call.street, [])
        if call.on - DAYS_BEFORE <= case.on <= call.on + DAYS_AFTER and code in (None, case.code)
    ][:MOST_SUGGESTED]


def _streets(agency: Agency, concern: Concern) -> frozenset[str]:
    """The streets that a case may be on: the nearest to its point, and those of its words."""
    found = {street_of(part) for part in concern.place_text.replace("&", ",").split(",")}
    if concern.lon is not None and concern.lat is not None:
        near = nearest_street(agency=agency, lon=concern.lon, lat=concern.lat)
        found |= {street_of(near[0])} if near else set()
    return frozenset(found - {""})
