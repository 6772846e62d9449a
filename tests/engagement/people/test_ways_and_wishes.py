"""Numbers, postal addresses and wishes share the fate of every address: sealed, rekeyed, erased."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from engagement.keys import store
from engagement.keys.purposes import Purpose
from engagement.people.addresses import looked_up_as, normalised
from engagement.people.identity import (
    address_of,
    copy_contact,
    erase_contact,
    erase_contacts_again,
    find_contacts,
    store_contact,
    wishes_of,
)
from engagement.people.models import Contact, ContactKind
from engagement.people.rekeying import rekey_contacts
from engagement.places.models import Agency

pytestmark = [pytest.mark.django_db, pytest.mark.privacy]

NOW = datetime(2026, 11, 3, 17, 0, tzinfo=UTC)
HELD = [
    (ContactKind.EMAIL, "ana@example.org"),
    (ContactKind.TEXT, "+13145550100"),
    (ContactKind.PHONE, "+13145550100;ext=12"),
    (ContactKind.LETTER, "Ana Lopez\nP.O. Box 12"),
]
WISHES = "ask for the planted pelican"


@pytest.fixture
def agency() -> Agency:
    return Agency.objects.create(slug="riverton", name="Riverton Police")


@pytest.fixture(autouse=True)
def own_keys(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_KEYS, settings.AUDIT_HEADS = tmp_path / "keys", tmp_path / "audit"


def meet(agency: Agency, kind: str, value: str) -> Contact:
    return store_contact(
        agency_id=agency.pk, kind=kind, value=value, language="en", wishes=WISHES, now=NOW
    )


@pytest.mark.parametrize(("kind", "value"), HELD)
def test_a_new_key_keeps_address_wishes_and_look_up(
    agency: Agency, kind: ContactKind, value: str
) -> None:
    contact = meet(agency, kind, value)
    before = bytes(contact.wishes)
    for purpose in (Purpose.CONTACT, Purpose.LOOKUP):
        store.add_version(purpose)
    rekey_contacts(0, 100)
    for purpose in (Purpose.CONTACT, Purpose.LOOKUP):
        store.retire_old_versions(purpose)
    contact.refresh_from_db()
    assert bytes(contact.wishes) != before
    assert wishes_of(contact) == WISHES
    opened = address_of(contact)
    assert opened is not None
    assert opened.value == value
    assert list(find_contacts(value, agency.pk, kind=kind)) == [contact]


@pytest.mark.parametrize(("kind", "value"), HELD)
def test_erasing_leaves_no_wish_and_a_restore_brings_none_back(
    agency: Agency, kind: ContactKind, value: str
) -> None:
    contact = meet(agency, kind, value)
    sealed = {name: bytes(getattr(contact, name)) for name in ("ciphertext", "lookup", "wishes")}
    erase_contact(contact, now=NOW)
    stored = Contact.objects.get(pk=contact.pk)
    assert [bytes(getattr(stored, name)) for name in sealed] == [b""] * 3
    assert wishes_of(stored) == ""
    assert address_of(stored) is None
    Contact.objects.filter(pk=contact.pk).update(**sealed)
    assert erase_contacts_again([str(contact.binding)], NOW) == 1
    stored.refresh_from_db()
    assert [bytes(getattr(stored, name)) for name in sealed] == [b""] * 3


def test_wishes_stay_with_the_address_they_were_said_of(agency: Agency) -> None:
    contact = meet(agency, ContactKind.PHONE, "+13145550100")
    copied = copy_contact(contact, agency_id=agency.pk, now=NOW)
    assert copied is not None
    assert wishes_of(copied) == ""


def test_agencies_cannot_join_their_reporters_by_a_number(agency: Agency) -> None:
    other = Agency.objects.create(slug="elsewhere", name="Elsewhere Police")
    here, there = (meet(each, ContactKind.TEXT, "+13145550100") for each in (agency, other))
    assert bytes(here.lookup) != bytes(there.lookup)
    assert list(find_contacts("(314) 555-0100", agency.pk, kind=ContactKind.TEXT)) == [here]


@pytest.mark.parametrize(("kind", "value"), HELD)
def test_the_stored_spelling_is_stable(kind: ContactKind, value: str) -> None:
    assert normalised(kind, value) == value
    assert looked_up_as(kind, value) == looked_up_as(kind, looked_up_as(kind, value))
