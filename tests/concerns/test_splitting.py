"""A part of a report goes where a report of its kind and place goes."""

from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from concerns.actions.rules import RuleDraft, save_rule
from concerns.models import Category, Concern, ConcernRoute, Part
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.places.models import Address, Agency, Area
from engagement.places.names import key_of, parts
from tests import worlds

pytestmark = pytest.mark.django_db
EAST = {"lon": worlds.LON + worlds.STEP * 1.5, "lat": worlds.LAT + worlds.STEP / 2}


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def west(cedar: Agency) -> User:
    return worlds.officer(cedar, "Officer West", now=timezone.now())


@pytest.fixture
def east(cedar: Agency) -> User:
    return worlds.officer(cedar, "Officer East", district="2", now=timezone.now())


@pytest.fixture
def whole(cedar: Agency, west: User) -> Concern:
    return worlds.reported(cedar, now=timezone.now()).concern


def other_kind(cedar: Agency) -> Category:
    return Category.objects.of(cedar).taken().exclude(code="graffiti")[0]


def split(whole: Concern, by: User, **more: Any) -> Any:
    path = f"/desk/concerns/{whole.staff_reference}/split/"
    typed = {
        "seen_version": str(Concern.objects.get(pk=whole.pk).version),
        "category": str(other_kind(whole.agency).pk),
        "text": "Shouting at night by a mill",
        **more,
    }
    return worlds.signed_in(by).post(path, typed)


def part_of(whole: Concern) -> Concern:
    return Part.objects.get(of=whole).concern


def test_a_part_goes_where_the_rules_send_its_kind(
    cedar: Agency, west: User, east: User, whole: Concern
) -> None:
    draft = RuleDraft(
        name="Noise", target="person", person_id=east.pk, categories=(other_kind(cedar).pk,)
    )
    now = timezone.now()
    save_rule(agency=cedar, rule_id=None, seen_version=0, draft=draft, by=worlds.BY, now=now)
    Message.objects.all().delete()
    assert split(whole, west).status_code == 302
    part = part_of(whole)
    assert (part.owner, part.area_id) == (east, whole.area_id)
    route = ConcernRoute.objects.get(concern=part)
    assert (route.rule_name, route.cause, route.user) == ("Noise", "part", east)
    assert [one.contact_id for one in Message.objects.filter(kind="concerns.new_for_owner")] == [
        east.contact_id
    ]
    case = worlds.signed_in(east).get(f"/desk/concerns/{part.staff_reference}/").content.decode()
    assert "By the rule “Noise”." in case
    assert "It is a part of another report." in case


def test_a_part_that_lies_elsewhere_goes_to_the_officer_there(
    cedar: Agency, west: User, east: User, whole: Concern
) -> None:
    detective = worlds.officer(cedar, "Detective Ash", district=None, now=timezone.now())
    Concern.objects.filter(pk=whole.pk).update(owner=detective)
    Address.objects.create(
        agency=cedar, street_key=key_of(parts("Main St")), street="Main St", number=17, **EAST
    )
    Agency.objects.filter(pk=cedar.pk).update(street_revision=F("street_revision") + 1)
    answer = split(whole, west, place="17 Main St")
    assert answer.status_code == 302
    part = part_of(whole)
    assert (part.place_text, part.lon, part.lat) == ("17 Main St", EAST["lon"], EAST["lat"])
    assert part.area == Area.objects.get(agency=cedar, code="2", layer="district")
    assert part.owner == east
    areas = part.areas.order_by("area__layer").values_list("area__name", flat=True)
    assert list(areas) == ["East District", "Lantern Hill"]
    assert Concern.objects.get(pk=whole.pk).owner == detective


def test_words_that_name_no_one_place_come_back_with_what_was_typed(
    west: User, whole: Concern
) -> None:
    answer = split(whole, west, place="Nowhere Boulevard 9")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "No such place is known." in page
    assert "Shouting at night by a mill" in page
    assert not Part.objects.exists()


def test_where_nobody_is_clear_the_holder_of_the_report_keeps_the_part(
    cedar: Agency, west: User
) -> None:
    whole = worlds.reported(cedar, now=timezone.now(), **EAST).concern
    assert whole.owner is None, "nobody looks after the east"
    Concern.objects.filter(pk=whole.pk).update(owner=west)
    assert split(whole, west).status_code == 302
    part = part_of(whole)
    assert part.owner == west
    case = worlds.signed_in(west).get(f"/desk/concerns/{part.staff_reference}/").content.decode()
    assert "whoever has the whole report" in case


def test_a_part_is_very_late_as_a_report_of_its_day(west: User, whole: Concern) -> None:
    split(whole, west, category=str(whole.category_id))
    part = part_of(whole)
    assert (part.resolve_by, part.very_late_after) == (whole.resolve_by, whole.very_late_after)
