import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from engagement.audit.models import Entry
from engagement.places.models import Agency, Area, AreaVersion, Street
from tests.engagement.places.town import (
    collection,
    feature,
    polygon,
    town_streets,
    two_districts,
    written,
)

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command(*(str(argument) for argument in arguments), stdout=out)
    return out.getvalue()


def import_areas(path: Path, *more: str, slug: str = "millbrook") -> str:
    options = ("--agency", slug, "--layer", "district", "--name-field", "name", *more)
    return run("import_areas", path, *options)


def test_areas_come_with_their_agency(tmp_path: Path) -> None:
    path = written(tmp_path, two_districts())
    told = import_areas(path, "--code-field", "code", "--create-agency", "Millbrook Police")
    assert "2 new, 0 changed, 0 unchanged, 0 ended" in told
    agency = Agency.objects.get()
    assert (agency.slug, agency.name, agency.is_default) == ("millbrook", "Millbrook Police", True)
    again = import_areas(path, "--code-field", "code", "--create-agency", "Millbrook Police")
    assert again.startswith("Nothing changed")
    assert Agency.objects.count() == 1
    assert set(Entry.objects.values_list("event", flat=True)) == {
        "AGENCY_CREATED",
        "BOUNDARIES_IMPORTED",
        "CATEGORIES_STORED",
    }


def test_repairs_are_told(agency: Agency, tmp_path: Path) -> None:
    tie = [[-92.0, 38.0], [-91.99, 38.01], [-91.99, 38.0], [-92.0, 38.01], [-92.0, 38.0]]
    told = import_areas(written(tmp_path, collection([feature(polygon(tie), name="Tie")])))
    assert "Notice: Feature 1 (Tie) crossed itself: repaired." in told


def test_a_refused_file_leaves_nothing_behind_not_even_the_agency(tmp_path: Path) -> None:
    broken = two_districts()
    broken["features"].append(feature(None, NAME="Broken", CODE="3"))
    with pytest.raises(CommandError, match=r"^Feature 3: It has no geometry\. Nothing was") as told:
        import_areas(written(tmp_path, broken), "--create-agency", "Millbrook Police")
    assert "\n" not in str(told.value)
    for model in (Agency, Area, AreaVersion, Entry):
        assert not model.objects.exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--agency", "nowhere"), "There is no agency “nowhere”. Agencies: millbrook."),
        (("--layer", "two words"), "without spaces"),
        (("--agency", "Bad Slug", "--create-agency", "X"), "cannot be created"),
        (("--name-field", "TITLE"), "Fields in the file: NAME, CODE"),
        (("--crs", "/etc/passwd"), "not a code"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(
    agency: Agency, tmp_path: Path, options: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason) as told:
        import_areas(written(tmp_path, two_districts()), *options)
    assert "\n" not in str(told.value)
    assert not Area.objects.exists()


def test_streets_are_imported_and_again_change_nothing(agency: Agency, tmp_path: Path) -> None:
    path = written(tmp_path, collection(town_streets()))
    options = ("--agency", "millbrook", "--name-field", "NAME", "--class-field", "CLASS")
    assert "9 streets and" in run("import_streets", path, *options)
    assert run("import_streets", path, *options).startswith("Nothing changed")
    assert Street.objects.count() == 9


def test_refused_streets_leave_the_old_ones(agency: Agency, tmp_path: Path) -> None:
    path = written(tmp_path, collection(town_streets()))
    run("import_streets", path, "--agency", "millbrook", "--name-field", "NAME")
    areas = written(tmp_path, two_districts(), "areas.geojson")
    with pytest.raises(CommandError, match=r"Feature 1: It is a Polygon, not a line\."):
        run("import_streets", areas, "--agency", "millbrook", "--name-field", "NAME")
    assert Street.objects.count() == 9


def test_areas_are_checked_against_someone_elses_answers(agency: Agency, tmp_path: Path) -> None:
    import_areas(written(tmp_path, two_districts()), "--code-field", "CODE")
    answers = tmp_path / "answers.csv"
    answers.write_text(
        "x,y,beat\n"
        "-91.995,38.005,1\n"  # inside
        "-91.9895,38.005,1\n"  # about 44 m into the neighbour
        "-91.985,38.005,1\n"  # about 438 m into the neighbour
        "-91.5,38.005,2\n"  # outside every area
        "-91.995,38.005,9\n"  # no such area
        "-91.995,38.005,\n"
        ",38.005,1\n"
        "nan,38.005,1\n"
    )
    columns = ("--code-column", "beat", "--lon-column", "x", "--lat-column", "y")
    options = ("--agency", "millbrook", "--layer", "district", *columns)
    told = run("check_areas", answers, *options)
    assert "8 rows, 4 checkable" in told
    assert "2 without place, 1 without code, 1 with a code" in told
    assert "inside the recorded area: 1\n" in told
    assert "outside, within 100 m of it: 1\n" in told
    assert "farther away: 2\n" in told
    assert "found in another area than recorded: 2\n" in told
    assert "median 438" in told


def test_answers_without_the_named_column_are_refused(agency: Agency, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text("lon,lat\n1,2\n")
    with pytest.raises(CommandError, match="no column “beat”"):
        run(
            "check_areas", answers, "--agency", "millbrook", "--layer", "x", "--code-column", "beat"
        )
