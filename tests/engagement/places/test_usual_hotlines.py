"""A new agency begins with the numbers of the whole country, each still to be checked."""

import pytest

from engagement.audit.actors import Actor
from engagement.places.models import Agency, Hotline
from engagement.places.usual_hotlines import LINES, give_hotlines
from tests import worlds

pytestmark = pytest.mark.django_db
BY = Actor.task("tests")


def test_every_line_is_there_and_none_counts_as_checked(agency: Agency) -> None:
    give_hotlines(agency, BY, worlds.NOW)
    rows = Hotline.objects.filter(agency=agency)
    assert {row.code for row in rows} == {line.code for line in LINES}
    assert {row.last_checked_on for row in rows} == {None}
    assert all(not row.label.missing("es") and not row.when.missing("es") for row in rows)
    give_hotlines(agency, BY, worlds.NOW)
    assert rows.count() == len(LINES), "twice is once"


def test_a_number_dials_what_it_says() -> None:
    for line in LINES:
        digits = "".join(sign for sign in line.number if sign.isdigit())
        assert line.href in (f"tel:{digits}", f"tel:+{digits}"), line.code


def test_what_is_listed_for_everyone_stands_and_the_agency_keeps_its_emergency_number(
    agency: Agency,
) -> None:
    Hotline.objects.create(code="crisis", number="988", label="Crisis", when="Always")
    agency.emergency_number = "112"
    give_hotlines(agency, BY, worlds.NOW)
    assert not Hotline.objects.filter(agency=agency, code="crisis").exists()
    own = Hotline.objects.get(agency=agency, code="emergency")
    assert (own.number, own.number_href) == ("112", "tel:112")
