"""Partner organisations are kept by their agency alone, with sealed addresses and keys."""

import secrets

import pytest
from django.db import connection

from engagement.groups.actions import CannotJoin, add_member
from engagement.groups.endpoint_keys import key_of
from engagement.groups.models import Organisation, TakesBy
from engagement.groups.queries import works_for
from engagement.groups.rekeying import reseal_endpoint_keys
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db

PATH = "/desk/setup/organisations/"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency()


@pytest.fixture
def admin(cedar: Agency) -> User:
    return worlds.officer(cedar, "Admin", role=Role.AGENCY_ADMIN, district=None)


def partner_of(agency: Agency, name: str = "Sam Brook") -> User:
    return worlds.officer(agency, name, role=Role.PARTNER, district=None)


def said(**changes: object) -> dict[str, object]:
    return {
        "name": "Orchard Park Association",
        "kind": "association",
        "takes_by": "link",
        "email": "board@orchard.example",
        "languages": ["es", "en"],
        "is_active": "on",
        **changes,
    }


def test_an_administrator_adds_an_organisation_and_its_address_is_sealed(
    cedar: Agency, admin: User
) -> None:
    response = worlds.signed_in(admin).post(f"{PATH}new/", said())
    kept = Organisation.objects.get()
    assert response.headers["Location"] == f"{PATH}{kept.pk}/"
    assert kept.agency == cedar
    assert kept.contact is not None
    assert kept.contact.language == "es"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_contact WHERE id = %s", [kept.contact.pk])
        assert b"orchard.example" not in repr(cursor.fetchall()).encode()


def test_a_key_is_sealed_never_shown_and_kept_when_left_empty(admin: User) -> None:
    key = f"canary-{secrets.token_hex(8)}"
    desk = worlds.signed_in(admin)
    city = said(takes_by="open311", endpoint_url="https://city.example/v2/", endpoint_key=key)
    desk.post(f"{PATH}new/", city)
    kept = Organisation.objects.get()
    assert key_of(kept) == key
    assert key.encode() not in desk.get(f"{PATH}{kept.pk}/").content
    desk.post(f"{PATH}{kept.pk}/", {**city, "endpoint_key": "", "name": "The city"})
    kept.refresh_from_db()
    assert (kept.name, key_of(kept)) == ("The city", key)
    before = bytes(kept.endpoint_key)
    assert reseal_endpoint_keys(0, 10) == kept.pk
    kept.refresh_from_db()
    assert bytes(kept.endpoint_key) != before
    assert key_of(kept) == key


@pytest.mark.parametrize(
    "changes",
    [
        {"email": ""},
        {"takes_by": "form", "form_url": ""},
        {"takes_by": "open311", "endpoint_url": ""},
        {"takes_by": "open311", "endpoint_url": "http://city.example/v2"},
        {"name": ""},
    ],
)
def test_a_way_without_its_address_is_refused(admin: User, changes: dict[str, object]) -> None:
    assert worlds.signed_in(admin).post(f"{PATH}new/", said(**changes)).status_code == 422
    assert not Organisation.objects.exists()


def test_a_name_is_listed_once_per_agency(admin: User) -> None:
    desk = worlds.signed_in(admin)
    desk.post(f"{PATH}new/", said())
    assert desk.post(f"{PATH}new/", said(name="orchard park ASSOCIATION")).status_code == 422
    assert Organisation.objects.count() == 1


def test_another_agency_neither_sees_nor_changes_it(cedar: Agency, admin: User) -> None:
    worlds.signed_in(admin).post(f"{PATH}new/", said())
    kept = Organisation.objects.get()
    other = worlds.agency("eastfield", east=1.0)
    stranger = worlds.officer(other, "Elsewhere", role=Role.AGENCY_ADMIN, district=None)
    desk = worlds.signed_in(stranger)
    unknown = desk.get(f"{PATH}{kept.pk + 999}/")
    assert desk.get(f"{PATH}{kept.pk}/").content == unknown.content
    assert desk.post(f"{PATH}{kept.pk}/", said(name="Mine")).status_code == 404
    assert b"Orchard" not in desk.get(PATH).content
    kept.refresh_from_db()
    assert kept.name == "Orchard Park Association"


def test_only_partners_of_the_agency_join_and_leaving_ends_it(cedar: Agency, admin: User) -> None:
    desk = worlds.signed_in(admin)
    desk.post(f"{PATH}new/", said())
    kept = Organisation.objects.get()
    sam, vale = partner_of(cedar), worlds.officer(cedar)
    abroad = partner_of(worlds.agency("eastfield", east=1.0), "Abroad")
    for other in (vale, abroad):
        with pytest.raises(CannotJoin):
            add_member(organisation=kept, user_id=other.pk, by=worlds.BY, now=worlds.NOW)
    desk.post(f"{PATH}{kept.pk}/members/", {"user": sam.pk})
    assert list(works_for(sam, cedar)) == [kept]
    desk.post(f"{PATH}{kept.pk}/members/{sam.pk}/remove/")
    assert list(works_for(sam, cedar)) == []
    assert kept.takes_by == TakesBy.LINK
