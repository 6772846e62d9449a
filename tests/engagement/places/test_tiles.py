import json
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from engagement.places.models import Agency
from engagement.places.queries import MAX_ZOOM, MIN_ZOOM, NoSuchTile, street_tile
from engagement.places.queries.tiles import tile_of
from tests.engagement.places.town import collection, import_streets, town_streets, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(agency: Agency, tmp_path: Path) -> Agency:
    import_streets(agency, written(tmp_path, collection(town_streets())))
    return Agency.objects.get(pk=agency.pk)


def names(town: Agency, lon: float, lat: float, zoom: int) -> set[str]:
    return {name for _rank, name, _points in street_tile(town, *tile_of(lon, lat, zoom))["lines"]}


def test_far_out_only_main_roads_are_drawn_close_up_every_alley(town: Agency) -> None:
    far = street_tile(town, *tile_of(-91.995, 38.02, 11))["lines"]
    assert {rank for rank, _name, _points in far} == {1, 2}
    assert {name for _rank, name, _points in far} == {""}
    assert "Quiet Alley" in names(town, -91.995, 38.032, 16)
    assert "Quiet Alley" not in names(town, -91.995, 38.032, 13)


def test_lines_end_at_the_tile_and_the_most_important_come_last(town: Agency) -> None:
    tile = tile_of(-91.99, 38.01, 16)
    lines = street_tile(town, *tile)["lines"]
    assert [rank for rank, _name, _points in lines] == sorted(
        (rank for rank, _name, _points in lines), reverse=True
    )
    width = 360 / 2**16
    west = tile[1] * width - 180
    for _rank, _name, points in lines:
        assert all(west - width / 10 <= lon <= west + 1.1 * width for lon in points[::2])


def test_a_tile_is_plain_json_and_empty_where_no_street_is(town: Agency) -> None:
    assert json.loads(json.dumps(street_tile(town, *tile_of(-91.99, 38.01, 14))))["lines"]
    assert street_tile(town, *tile_of(10.0, 50.0, 14)) == {"lines": []}


@pytest.mark.parametrize(
    "tile", [(MIN_ZOOM - 1, 0, 0), (MAX_ZOOM + 1, 0, 0), (10, 1024, 0), (10, 0, 1024), (10, -1, 0)]
)
def test_a_tile_off_the_world_is_refused(agency: Agency, tile: tuple[int, int, int]) -> None:
    with pytest.raises(NoSuchTile):
        street_tile(agency, *tile)


def test_a_tile_asks_the_database_nothing_once_the_map_is_known(
    town: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tile = tile_of(-91.99, 38.01, 15)
    with django_assert_num_queries(3):
        before = street_tile(town, *tile)
    with django_assert_num_queries(0):
        assert street_tile(town, *tile) is before


def test_new_streets_are_drawn_by_the_next_request(town: Agency, tmp_path: Path) -> None:
    tile = tile_of(-91.99, 38.01, 15)
    before = street_tile(town, *tile)
    fewer = [street for street in town_streets() if street["properties"]["NAME"] != "Utah St"]
    import_streets(town, written(tmp_path, collection(fewer)))
    after = street_tile(Agency.objects.get(pk=town.pk), *tile)
    assert len(after["lines"]) < len(before["lines"])
