"""Numbers of CAD and RMS on a case."""

import pytest
from django.core.exceptions import ValidationError

from concerns.actions.outside_numbers import BadNumber, add_number, cases_with, remove_number
from concerns.models import Concern, OutsideNumber, OutsideSystems
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.people.models import User
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def masks(agency: Agency) -> OutsideSystems:
    systems = OutsideSystems(agency=agency, cad_masks="26-######", cad_example="26-012345")
    systems.full_clean()
    systems.save()
    return systems


def add(concern: Concern, officer: User, number: str, system: str = "cad") -> OutsideNumber:
    return add_number(
        concern_id=concern.pk, system=system, number=number, by=Actor.staff(officer.pk), now=NOW
    )


def test_a_number_of_another_shape_is_refused_with_an_example(
    concern: Concern, officer: User, masks: OutsideSystems
) -> None:
    with pytest.raises(BadNumber) as refusal:
        add(concern, officer, "12345")
    assert refusal.value.example == "26-012345"
    assert not OutsideNumber.objects.exists()


def test_a_case_holds_several_numbers_and_each_once(
    concern: Concern, officer: User, masks: OutsideSystems
) -> None:
    first = add(concern, officer, " 26-012345 ")
    assert add(concern, officer, "26-012345").pk == first.pk
    add(concern, officer, "26-012346")
    add(concern, officer, "r 77", "rms")
    kept = OutsideNumber.objects.order_by("id").values_list("system", "number")
    assert list(kept) == [("cad", "26-012345"), ("cad", "26-012346"), ("rms", "R 77")]
    assert Entry.objects.filter(event="OUTSIDE_NUMBER_ADDED").count() == 3


def test_one_call_may_stand_on_two_cases_and_that_is_told(
    agency: Agency, concern: Concern, officer: User
) -> None:
    other = file_report(agency, submission_key="key-2").concern
    add(concern, officer, "26-1")
    found = cases_with(add(other, officer, "26-1"), among=Concern.objects.all())
    assert list(found) == [concern.staff_reference]


def test_a_number_is_taken_off_its_own_case_only(
    agency: Agency, concern: Concern, officer: User
) -> None:
    other = file_report(agency, submission_key="key-2").concern
    number, by = add(concern, officer, "26-1"), Actor.staff(officer.pk)
    assert not remove_number(concern_id=other.pk, number_id=number.pk, by=by, now=NOW)
    assert remove_number(concern_id=concern.pk, number_id=number.pk, by=by, now=NOW)
    assert not OutsideNumber.objects.exists()


@pytest.mark.parametrize(
    ("masks", "example"), [("(((", "1"), ("##", "123"), ("##", ""), ("x" * 50, "x")]
)
def test_an_administrator_cannot_store_masks_that_do_not_work(
    agency: Agency, masks: str, example: str
) -> None:
    with pytest.raises(ValidationError):
        OutsideSystems(agency=agency, rms_masks=masks, rms_example=example).full_clean()
