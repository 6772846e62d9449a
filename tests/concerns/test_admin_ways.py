"""The operator lists organisations and offered ways; addresses go in and never come out."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from concerns.models import ContactWish, OfferedWays, Relay
from concerns.wishes import Reach
from engagement.people.identity import find_contacts
from engagement.people.models import Contact, User
from engagement.places.models import Agency
from tests.concerns.conftest import file_report
from tests.concerns.test_admin import operator

__all__ = ["operator"]

pytestmark = pytest.mark.django_db

ADD = "admin:concerns_relay_add"


def relay_form(agency: Agency, **changes: str) -> dict[str, object]:
    return {
        "agency": agency.pk,
        "name": "Grace Church",
        "kind": "church",
        "email": "office@grace.example",
        "is_active": "on",
        **changes,
    }


def test_an_organisation_is_listed_with_a_sealed_address(operator: Client, agency: Agency) -> None:
    assert operator.post(reverse(ADD), relay_form(agency)).status_code == 302
    relay = Relay.objects.get()
    assert find_contacts("office@grace.example", agency.pk).get() == relay.contact
    page = operator.get(reverse("admin:concerns_relay_change", args=[relay.pk])).content.decode()
    assert "office@grace.example" not in page


def test_an_organisation_without_an_address_is_refused(operator: Client, agency: Agency) -> None:
    answer = operator.post(reverse(ADD), relay_form(agency, email=""))
    assert "nobody there can be told" in answer.content.decode()
    assert not Relay.objects.exists()


def test_a_new_address_destroys_the_old_one_and_an_empty_field_keeps_it(
    operator: Client, agency: Agency, settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_HEADS = tmp_path
    operator.post(reverse(ADD), relay_form(agency))
    relay = Relay.objects.get()
    old = relay.contact_id
    change = reverse("admin:concerns_relay_change", args=[relay.pk])
    operator.post(change, relay_form(agency, email="", name="Grace Chapel"))
    relay.refresh_from_db()
    assert (relay.name, relay.contact_id) == ("Grace Chapel", old)
    operator.post(change, relay_form(agency, email="new@grace.example"))
    assert bytes(Contact.objects.get(pk=old).ciphertext) == b""
    assert find_contacts("new@grace.example", agency.pk).exists()


def test_an_organisation_that_reports_name_is_not_deleted(
    operator: Client, agency: Agency, officer: User
) -> None:
    operator.post(reverse(ADD), relay_form(agency))
    relay = Relay.objects.get()
    file_report(agency, level="confidential", wish=Reach("relay", relay_id=relay.pk))
    assert ContactWish.objects.filter(relay=relay).exists()
    delete = reverse("admin:concerns_relay_delete", args=[relay.pk])
    assert operator.post(delete, {"post": "yes"}).status_code == 403
    assert Relay.objects.exists()


def test_ways_are_switched_for_one_agency(operator: Client, agency: Agency) -> None:
    typed = {"agency": agency.pk, "by_email": "on", "phone_region": "US", "envelope_sender": ""}
    answer = operator.post(reverse("admin:concerns_offeredways_add"), typed)
    assert answer.status_code == 302
    stored = OfferedWays.objects.get()
    assert (stored.by_email, stored.by_phone) == (True, False)
