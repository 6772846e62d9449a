"""Addresses: sealed, found by hash, opened only on record."""

import base64
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.audit.subjects import Subject
from engagement.keys.encryption import CannotUnseal
from engagement.people import identity
from engagement.people.actions import create_account, erase_address
from engagement.people.models import Contact, ContactKind, IdentityRead, User
from engagement.people.rekeying import rekey_accounts, rekey_contacts

NOW = datetime(2026, 11, 1, 17, 23, 45, tzinfo=UTC)
CANARY = "canary.bird@example.org"
CASE = Subject("concern", "7K3M9QXT2C")
TASK = Actor.task("test")


def everything_in_tables_of(*apps: str) -> str:
    """All rows of the apps' tables as text, also what base64 or hexadecimal would show."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.split("_")[0] in apps:
                cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
                texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


@pytest.fixture
def contact(db: None) -> Contact:
    return identity.store_contact(
        agency_id=None, kind=ContactKind.EMAIL, value=CANARY, language="en", now=NOW
    )


def test_a_dump_of_people_shows_no_address_in_any_spelling(contact: Contact) -> None:
    create_account(email=CANARY, name="Ofc. Ada Example", by=TASK, now=NOW)
    dump = everything_in_tables_of("people", "account", "audit", "outbox")
    assert "people.invalid" in dump
    for spelling in (
        CANARY,
        "canary",
        base64.b64encode(CANARY.encode()).decode(),
        base64.b64encode(b"canary.bird").decode()[:12],
        CANARY.encode().hex(),
    ):
        assert spelling.lower() not in dump.lower()


def test_an_address_is_found_whatever_its_spelling(contact: Contact) -> None:
    assert list(identity.find_contacts(" Canary.Bird@EXAMPLE.org ", None)) == [contact]


def test_the_address_of_another_agency_is_not_found(contact: Contact) -> None:
    assert not identity.find_contacts(CANARY, 4711).exists()


def test_a_north_american_number_is_one_number_with_or_without_its_1() -> None:
    short = identity.normalised(ContactKind.PHONE, "(314) 555-0100")
    assert short == identity.normalised(ContactKind.PHONE, "+1 314 555 0100") == "+13145550100"


def test_delivery_gets_the_address_and_a_repr_hides_it(contact: Contact) -> None:
    found = identity.address_for_delivery(contact.pk)
    assert found is not None
    assert found.value == CANARY
    assert CANARY not in repr(found)


def test_an_address_moved_to_another_row_cannot_be_opened(contact: Contact) -> None:
    other = identity.store_contact(
        agency_id=None, kind=ContactKind.EMAIL, value="b@example.org", language="en", now=NOW
    )
    Contact.objects.filter(pk=other.pk).update(ciphertext=contact.ciphertext)
    with pytest.raises(CannotUnseal):
        identity.address_for_delivery(other.pk)


def test_an_erased_address_is_gone_and_its_row_stays(contact: Contact) -> None:
    erase_address(contact, by=TASK, now=NOW)
    assert identity.address_for_delivery(contact.pk) is None
    assert not identity.find_contacts(CANARY, None).exists()
    assert Contact.objects.filter(pk=contact.pk).exists()
    assert Entry.objects.get().event == "CONTACT_ERASED"


def test_reading_an_identity_needs_a_reason(contact: Contact) -> None:
    with pytest.raises(identity.CannotOpenContact):
        identity.open_contact(contact, by=TASK, subject=CASE, reason="because", now=NOW)
    assert not IdentityRead.objects.exists()
    assert not Entry.objects.exists()


def test_the_typed_reason_is_sealed_and_can_be_reviewed(contact: Contact) -> None:
    reason = "Mrs. Canary asked for a call back"
    identity.open_contact(contact, by=TASK, subject=CASE, reason=reason, now=NOW)
    assert "call back" not in everything_in_tables_of("people", "audit")
    assert identity.reason_of(IdentityRead.objects.get()) == reason


@pytest.mark.usefixtures("committed_database")
def test_a_reading_stays_on_record_even_if_the_reader_fails() -> None:
    contact = identity.store_contact(
        agency_id=None, kind=ContactKind.EMAIL, value=CANARY, language="en", now=NOW
    )

    def reader() -> None:
        identity.open_contact(
            contact, by=TASK, subject=CASE, reason="Court order of today", now=NOW
        )
        raise OSError("printer on fire")

    with pytest.raises(OSError, match="printer"):
        reader()
    assert Entry.objects.get().event == "IDENTITY_READ"
    assert IdentityRead.objects.count() == 1


@pytest.mark.usefixtures("committed_database")
def test_no_address_is_opened_inside_a_transaction_that_could_undo_the_record() -> None:
    contact = identity.store_contact(
        agency_id=None, kind=ContactKind.EMAIL, value=CANARY, language="en", now=NOW
    )
    with pytest.raises(RuntimeError), transaction.atomic():
        identity.open_contact(
            contact, by=TASK, subject=CASE, reason="Court order of today", now=NOW
        )
    assert not Entry.objects.exists()


def test_rekeying_looks_at_every_row_once_and_keeps_addresses_readable(contact: Contact) -> None:
    user = create_account(email="second@example.org", name="Sgt. B", by=TASK, now=NOW)
    last = rekey_contacts(0, 1)
    assert last == contact.pk
    assert rekey_contacts(last, 10) == user.contact_id
    assert rekey_contacts(user.contact_id or 0, 10) == user.contact_id
    assert rekey_accounts(0, 10) == user.pk
    again = User.objects.get()
    assert again.sign_in_key == identity.sign_in_key("second@example.org")
    found = identity.address_for_delivery(contact.pk)
    assert found is not None
    assert found.value == CANARY
