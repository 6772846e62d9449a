from pathlib import Path

import pytest
import shapely

from engagement.places.importing.corners import corners_of
from engagement.places.importing.opening import open_source
from engagement.places.importing.refusal import STREET_LIMITS, ImportRefused
from engagement.places.importing.streets import StreetFile, rank_of, read_streets
from engagement.places.models import Agency, Corner, Street
from tests.engagement.places.town import (
    collection,
    feature,
    import_streets,
    line,
    polygon,
    square,
    town_streets,
    written,
)


def read(path: Path) -> tuple[StreetFile, list[str]]:
    source = open_source(path, STREET_LIMITS)
    found = read_streets(source, name_field="NAME", class_field="CLASS")
    return found, source.notices.all()


def corner_names(found: StreetFile) -> set[tuple[str, str]]:
    return {(corner.street_a, corner.street_b) for corner in found.corners}


def test_blocks_of_one_name_become_one_street(tmp_path: Path) -> None:
    found, notices = read(written(tmp_path, collection(town_streets())))
    grand = next(street for street in found.streets if street.name == "S Grand Blvd")
    assert grand.lines == [
        {"rank": 2, "points": [[-91.99, 38.0], [-91.99, 38.01], [-91.99, 38.02]]}
    ]
    assert grand.street_class == "principal arterial"
    assert grand.bounds == (-91.99, 38.0, -91.99, 38.02)
    assert notices == []


def test_corners_are_found_with_and_without_a_shared_point(tmp_path: Path) -> None:
    found, _notices = read(written(tmp_path, collection(town_streets())))
    assert {
        ("S Grand Blvd", "Utah St"),
        ("Gravois Ave", "S Grand Blvd"),
        ("39th St", "Utah St"),
        ("N Grand Blvd", "S Grand Blvd"),
    } <= corner_names(found)
    assert ("Gravois Ave", "N Grand Blvd") not in corner_names(found)
    crossing = next(
        c for c in found.corners if c.street_a == "Gravois Ave" and "Grand" in c.street_b
    )
    assert (crossing.lon, crossing.lat) == pytest.approx((-91.99, 38.006), abs=2e-5)


def test_a_street_that_ends_a_step_before_another_still_meets_it(tmp_path: Path) -> None:
    # 0.0025 hundredths of a degree are about two metres, 0.02 about eighteen.
    lines = [line("Main St", (0, 0), (2, 0)), line("Near Ln", (1, 1), (1, 0.0025))]
    lines.append(line("Far Ln", (1.5, 1), (1.5, 0.02)))
    found, _notices = read(written(tmp_path, collection(lines)))
    assert corner_names(found) == {("Main St", "Near Ln")}


def test_two_carriageways_make_one_corner_and_two_far_crossings_two() -> None:
    names = ["Main St", "Wide Blvd", "Wide Blvd", "Loop Rd"]
    lines = [
        shapely.LineString([(-92, 38), (-91.9, 38)]),
        shapely.LineString([(-91.97, 37.99), (-91.97, 38.01)]),
        shapely.LineString([(-91.9698, 37.99), (-91.9698, 38.01)]),
        shapely.LineString([(-91.96, 37.99), (-91.96, 38.01), (-91.95, 38.01), (-91.95, 37.99)]),
    ]
    corners = corners_of(lines, names)
    assert [(c.street_a, c.street_b, c.lon) for c in corners] == [
        ("Loop Rd", "Main St", -91.96),
        ("Loop Rd", "Main St", -91.95),
        ("Main St", "Wide Blvd", pytest.approx(-91.97)),
    ]


def test_shouted_and_repeated_spellings_are_one_street(tmp_path: Path) -> None:
    lines = [line("39TH STREET", (0, 0), (1, 0)), line("39th  street", (1, 0), (2, 0))]
    found, _notices = read(written(tmp_path, collection(lines)))
    assert [street.name for street in found.streets] == ["39th Street"]


def test_lines_without_name_or_length_are_left_out_with_a_notice(tmp_path: Path) -> None:
    lines = [
        line("Main St", (0, 0), (1, 0)),
        line(None, (0, 1), (1, 1)),
        line("Dot St", (0, 0), (0, 0)),
        feature(None, NAME="Ghost St", CLASS=""),
    ]
    found, notices = read(written(tmp_path, collection(lines)))
    assert [street.name for street in found.streets] == ["Main St"]
    assert notices == ["3 lines without name or length were left out."]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([line(None, (0, 0), (1, 0))], "no named street"),
        ([feature(polygon(square(0, 0)), NAME="x", CLASS="")], "Feature 1: It is a Polygon"),
        ([line("x" * 200, (0, 0), (1, 0))], "Feature 1: Its name is longer"),
        (
            [line(f"{n} St", (n / 99, 0), (1 - n / 99, 1)) for n in range(100)],
            "Far more lines meet",
        ),
    ],
)
def test_a_file_that_is_no_street_map_is_refused(
    tmp_path: Path, lines: list[object], reason: str
) -> None:
    with pytest.raises(ImportRefused, match=reason):
        read(written(tmp_path, collection(lines)))


@pytest.mark.parametrize(
    ("street_class", "rank"),
    [
        ("interstate", 1),
        ("S1100", 1),
        ("motorway", 1),
        ("principal arterial", 2),
        ("S1200", 2),
        ("minor arterial", 3),
        ("major collector", 4),
        ("tertiary", 4),
        ("local", 5),
        ("", 5),
        ("alley", 6),
        ("ramp", 6),
        ("motorway_link", 6),
    ],
)
def test_classes_of_cities_the_census_and_openstreetmap_are_ranked(
    street_class: str, rank: int
) -> None:
    assert rank_of(street_class) == rank


def test_importing_again_changes_nothing_and_another_file_replaces_all(
    agency: Agency, tmp_path: Path
) -> None:
    path = written(tmp_path, collection(town_streets()))
    import_streets(agency, path)
    first = Agency.objects.get(pk=agency.pk).street_revision
    assert Street.objects.filter(agency=agency).count() == 9
    kept = set(Corner.objects.values_list("id", flat=True))
    import_streets(agency, path)
    assert Agency.objects.get(pk=agency.pk).street_revision == first
    assert set(Corner.objects.values_list("id", flat=True)) == kept
    import_streets(agency, written(tmp_path, collection([line("Main St", (0, 0), (1, 0))])))
    assert list(Street.objects.values_list("name", "search_name")) == [("Main St", "main")]
    assert not Corner.objects.exists()
    assert Agency.objects.get(pk=agency.pk).street_revision > first
