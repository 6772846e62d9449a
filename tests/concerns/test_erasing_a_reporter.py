"""A reporter's address goes; history stays whole, and a crash brings nothing back."""

from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from concerns.models import Reporter
from concerns.models.concern import Level
from engagement.audit.actions import destroy_payload
from engagement.audit.actors import Actor
from engagement.audit.erasures import CannotRemember, remembered
from engagement.audit.models import Entry
from engagement.audit.verification import verify
from engagement.people.actions import erase_address
from engagement.people.models import Contact
from tests import worlds
from tests.engagement.audit.conftest import seal_all

BY = Actor.staff(7)


@pytest.fixture
def contact(committed_database: str, settings: Settings, tmp_path: Path) -> Contact:
    """Of someone who reported by name; sealed."""
    settings.PORTAL_KEYS, settings.KEYS_MAY_BE_MADE = tmp_path / "keys", True
    settings.AUDIT_HEADS = tmp_path / "audit"
    agency = worlds.agency()
    worlds.reported(agency, level=Level.CONFIDENTIAL, email="canary.bird@example.org")
    seal_all(worlds.NOW)
    found = Reporter.objects.get().contact
    assert found is not None
    return found


def test_the_chain_verifies_after_a_reporter_was_erased(contact: Contact) -> None:
    erase_address(contact, by=BY, now=worlds.NOW)
    for entry in Entry.objects.filter(subject_type="concern", payload__isnull=False).order_by("pk"):
        destroy_payload(entry, by=BY, now=worlds.NOW)
    seal_all(worlds.NOW)
    findings = verify()
    assert findings.faults == []
    assert sum(report.destroyed_payloads for report in findings.chains) == 1
    assert bytes(Contact.objects.get(pk=contact.pk).ciphertext) == b""
    assert [line.kind for line in remembered()] == ["contact", "audit_payload"]


def test_an_erasure_that_did_not_commit_is_remembered_all_the_same(contact: Contact) -> None:
    """The other order would bring back, after a restore, what somebody was told is gone."""

    with transaction.atomic():
        erase_address(contact, by=BY, now=worlds.NOW)
        transaction.set_rollback(True)
    assert Contact.objects.get(pk=contact.pk).ciphertext
    assert [line.mark for line in remembered()] == [str(contact.binding)]


def test_an_erasure_that_cannot_be_remembered_does_not_happen(
    contact: Contact, settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_HEADS = tmp_path / "file"
    settings.AUDIT_HEADS.write_text("")
    with pytest.raises(CannotRemember):
        erase_address(contact, by=BY, now=worlds.NOW)
    assert Contact.objects.get(pk=contact.pk).ciphertext
    assert not Entry.objects.filter(event="CONTACT_ERASED").exists()
