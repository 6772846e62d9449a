"""The map's counters say what a count of the rows would say, at every moment."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest
from django.db import connection, connections

from concerns.published import grid
from concerns.published.counting import LOCK, count_anew, fold
from concerns.published.map import Box, Mark, dimensions_of, map_marks
from concerns.published.models import MapChange, MapCount, PublicConcern, PublicConcernArea
from concerns.published.queries import Wanted, filtered
from engagement.places.models import Agency
from tests.concerns.conftest import WEST_POINT, area_of
from tests.concerns.published.test_queries import EVERYWHERE, shown

KINDS = ("graffiti", "noise", "lighting")
STATES = ("received", "accepted", "working", "resolved", "closed")


def by_cell(agency: Agency, wanted: Wanted, zoom: int) -> Counter[tuple[int, int]]:
    """What a count of the rows themselves says."""
    rows = filtered(PublicConcern.objects.filter(agency=agency), wanted)
    return Counter(
        (grid.column(row.anchor_lon, zoom), grid.row(row.anchor_lat, zoom))
        for row in rows.order_by("id")
        if row.anchor_lon is not None and row.anchor_lat is not None
    )


def marked(marks: Iterable[Mark], zoom: int) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for mark in marks:
        found[grid.column(mark.lon, zoom), grid.row(mark.lat, zoom)] += mark.count
    return found


def happen(agency: Agency, chance: random.Random) -> None:
    """Something is published, changed, moved or taken down."""
    rows = list(PublicConcern.objects.filter(agency=agency).order_by("id"))
    what = chance.choice(["new", "new", "state", "kind", "place", "gone", "area", "no area"])
    if what == "new" or not rows:
        new = shown(agency, lon=WEST_POINT[0] + chance.random() / 10, state=chance.choice(STATES))
        if chance.random() < 0.7:
            west = area_of(agency, "district", "west")
            PublicConcernArea.objects.create(agency=agency, public_concern=new, area=west)
        return
    row = chance.choice(rows)
    if what == "state":
        PublicConcern.objects.filter(agency=agency).update(state=chance.choice(STATES))
    elif what == "kind":
        row.category_code = chance.choice(KINDS)
        row.save()
    elif what == "place":
        row.precision, row.anchor_lon, row.anchor_lat = chance.choice(
            [("area", None, None), ("street", -90.25, 38.6), ("block", -90.3, 38.65)]
        )
        row.save()
    elif what == "gone":
        row.delete()
    elif what == "area":
        east = area_of(agency, "district", "east")
        PublicConcernArea.objects.get_or_create(agency=agency, public_concern=row, area=east)
    else:
        PublicConcernArea.objects.filter(public_concern=row).delete()


@pytest.mark.parametrize("seed", range(6))
def test_the_counters_follow_whatever_happens(agency: Agency, seed: int) -> None:
    chance = random.Random(seed)
    west, east = (area_of(agency, "district", code).pk for code in ("west", "east"))
    ways = [
        Wanted(),
        *(Wanted(categories=(kind,)) for kind in KINDS),
        Wanted(categories=tuple(sorted(KINDS))),
        Wanted(progress="open"),
        Wanted(progress="done"),
        Wanted(area_id=west),
        Wanted(area_id=east),
    ]
    for step in range(30):
        happen(agency, chance)
        if chance.random() < 0.3:
            fold()
        wanted, zoom = chance.choice(ways), chance.randrange(8, grid.STREET_ZOOM)
        found = map_marks(agency=agency, wanted=wanted, box=EVERYWHERE, zoom=zoom)
        assert marked(found.marks, zoom) == by_cell(agency, wanted, zoom), (step, wanted, zoom)
    while fold():
        pass
    kept = sorted(MapCount.objects.order_by("id").values_list(*COUNTED))
    count_anew(connection)
    assert kept == sorted(MapCount.objects.order_by("id").values_list(*COUNTED))


COUNTED = ("agency", "dimension", "zoom", "x", "y", "number", "lon_sum", "lat_sum", "id_sum")


def test_a_mark_that_stands_for_one_concern_names_it(agency: Agency) -> None:
    first, second = shown(agency), shown(agency)
    fold()
    second.delete()
    (mark,) = map_marks(agency=agency, wanted=Wanted(), box=EVERYWHERE, zoom=12).marks
    assert (mark.count, mark.reference, mark.state) == (1, first.reference, "accepted")


def test_a_mark_does_not_change_while_the_map_is_moved(agency: Agency) -> None:
    for step in range(4):
        shown(agency, lon=WEST_POINT[0] + step / 2000)
    whole = map_marks(agency=agency, wanted=Wanted(), box=EVERYWHERE, zoom=12).marks
    lon, lat = whole[0].lon, whole[0].lat
    near = Box(lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5)
    assert map_marks(agency=agency, wanted=Wanted(), box=near, zoom=12).marks[0] == whole[0]


def test_another_agency_is_not_counted(agency: Agency, elsewhere: Agency) -> None:
    shown(agency)
    fold()
    assert map_marks(agency=elsewhere, wanted=Wanted(), box=EVERYWHERE, zoom=12).marks == []


def test_only_one_sweep_adds_up_at_a_time(agency: Agency) -> None:
    shown(agency)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            assert fold() == 0
            assert MapChange.objects.exists()
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    finally:
        other.close()
    assert fold() == 3
    assert not MapChange.objects.exists()


@pytest.mark.parametrize("zoom", [0, 5, 11, 12, 13, 15])
def test_several_filters_have_the_cells_of_one(agency: Agency, zoom: int) -> None:
    chance = random.Random(zoom)
    for _each in range(40):
        shown(agency, lon=WEST_POINT[0] + chance.random() / 10, state=chance.choice(STATES))
    both = Wanted(categories=("graffiti",), progress="open")
    found = map_marks(agency=agency, wanted=both, box=EVERYWHERE, zoom=zoom)
    assert marked(found.marks, zoom) == by_cell(agency, both, zoom)


def test_several_filters_look_at_the_newest_and_say_so(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concerns.published.map.MOST_CLUSTERED", 3)
    both = Wanted(categories=("graffiti",), progress="open")
    assert dimensions_of(both) == []
    for _ in range(2):
        shown(agency)
    few = map_marks(agency=agency, wanted=both, box=EVERYWHERE, zoom=12)
    assert (few.newest_of, sum(mark.count for mark in few.marks)) == (None, 2)
    for _ in range(2):
        shown(agency)
    many = map_marks(agency=agency, wanted=both, box=EVERYWHERE, zoom=12)
    assert (many.newest_of, sum(mark.count for mark in many.marks)) == (3, 3)
