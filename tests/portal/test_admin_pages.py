"""An operator can work from the administration's own words, and reads no resident there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from engagement.audit.models import Entry
from engagement.doors.admin import site
from engagement.people.directories import party_of
from engagement.people.models import (
    AgencyChief,
    AreaAssignment,
    Departure,
    DirectoryConnection,
    Grant,
    User,
)
from engagement.people.roles import Role
from engagement.places.models import Agency, Area, Hotline
from tests import worlds

pytestmark = pytest.mark.django_db
SECRET = "canary secret of the directory"
# A label that everybody understands needs no further words.
OBVIOUS = {
    "name", "slug", "agency", "user", "area", "areas", "on", "role", "label", "number", "code",
    "from_on", "until_on", "valid_from", "valid_until", "source", "layer", "language", "email",
    "group", "sort", "is_active", "short_name", "granted_areas", "timezone", "number_href",
    "hours", "non_emergency_phone", "emergency_number", "languages", "last_checked_on",
    "redirect_address", "logout_address",
}  # fmt: skip
READABLE = {
    "people.User", "people.Grant", "people.AreaAssignment", "people.AgencyChief",
    "people.DirectoryConnection", "places.Agency", "places.Area", "places.Holiday",
    "places.Hotline", "concerns.Category", "concerns.Question", "concerns.GuidedDay",
    "concerns.CallMapping", "concerns.DangerPhrases", "concerns.ModerationReason",
    "concerns.OutsideSystems", "concerns.Relay", "concerns.OfferedWays", "published.Prevention",
}  # fmt: skip


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def operator() -> User:
    return worlds.operator(now=timezone.now())


@pytest.fixture
def boss(operator: User) -> Client:
    return worlds.signed_in(operator)


def _fields(model: type[Model], operator: User) -> Iterator[tuple[str, Any]]:
    request = RequestFactory().get("/admin/")
    request.user = operator
    form = site._registry[model].get_form(request)
    yield from form.base_fields.items()


def test_the_administration_holds_reference_data_and_nothing_else() -> None:
    assert {model._meta.label for model in site._registry} <= READABLE


@pytest.mark.parametrize("label", sorted(READABLE))
def test_every_field_says_what_it_is_for(label: str, operator: User) -> None:
    model = apps.get_model(label)
    assert str(model._meta.verbose_name)[0]
    silent = [
        name
        for name, field in _fields(model, operator)
        if not str(field.help_text or "").strip() and name not in OBVIOUS
    ]
    assert silent == []


def test_every_page_of_the_administration_opens(boss: Client, cedar: Agency) -> None:
    now = timezone.now()
    officer = worlds.officer(cedar, now=now)
    boss.post(
        reverse("admin:people_agencychief_add"), {"agency": cedar.pk, "email": "chief@x.example"}
    )
    boss.post(reverse("admin:people_directoryconnection_add"), _connection(cedar))
    Hotline.objects.filter(agency=cedar).first()
    wrong = []
    for model in site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths = [reverse(f"{base}_changelist"), reverse(f"{base}_add")]
        rows = model._default_manager.order_by("pk")
        row = rows.filter(pk=officer.pk).first() if model is User else rows.first()
        if row is not None:
            paths += [reverse(f"{base}_{page}", args=[row.pk]) for page in ("change", "history")]
        for path in paths:
            status = boss.get(path).status_code
            if status != 200 and not (status == 403 and path.endswith("/add/")):
                wrong.append((path, status))
    assert wrong == []
    assert not LogEntry.objects.exists()


def test_a_concern_and_its_words_are_found_nowhere(boss: Client, cedar: Agency) -> None:
    canary = "Violet paint behind the canary house"
    worlds.reported(cedar, text=canary, now=timezone.now())
    for model in site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        page = boss.get(reverse(f"{base}_changelist"), {"q": "canary"}).content.decode()
        assert canary not in page


def test_an_operator_gives_no_role_to_themselves(
    boss: Client, operator: User, cedar: Agency
) -> None:
    form = {
        "user": operator.pk,
        "role": Role.CUSTODIAN.value,
        "agency": cedar.pk,
        "from_on": "2026-11-01",
    }
    answer = boss.post(reverse("admin:people_grant_add"), form)
    assert "Nobody gives a role to themselves" in answer.content.decode()
    page = boss.get(reverse("admin:people_user_change", args=[operator.pk])).content.decode()
    assert "grants-TOTAL_FORMS" not in page
    sneaked = {
        "name": "Operator",
        "language": "en",
        "is_active": "on",
        "is_superuser": "on",
        "grants-TOTAL_FORMS": 1,
        "grants-INITIAL_FORMS": 0,
        "grants-0-role": Role.CUSTODIAN.value,
        "grants-0-agency": cedar.pk,
        "grants-0-from_on": "2026-11-01",
    }
    boss.post(reverse("admin:people_user_change", args=[operator.pk]), sneaked)
    assert not Grant.objects.filter(user=operator).exists()
    other = worlds.officer(cedar, now=timezone.now())
    given = boss.post(reverse("admin:people_grant_add"), {**form, "user": other.pk})
    assert given.status_code == 302, given.content.decode()[-4000:]
    assert Grant.objects.filter(user=other, role="custodian").exists()


def test_a_role_given_without_a_first_day_holds_at_once(boss: Client, cedar: Agency) -> None:
    """By the server's date it would begin tomorrow for an agency west of it, each evening."""
    other = worlds.officer(cedar, now=timezone.now())
    form = {"user": other.pk, "role": Role.CUSTODIAN.value, "agency": cedar.pk, "from_on": ""}
    boss.post(reverse("admin:people_grant_add"), form)
    today = cedar.day_of(timezone.now())
    assert Grant.objects.get(user=other, role="custodian").from_on == today
    area = Area.objects.filter(agency=cedar).latest("id")
    duty = {"user": other.pk, "area": area.pk, "from_on": ""}
    boss.post(reverse("admin:people_areaassignment_add"), duty)
    assert AreaAssignment.objects.get(user=other, area=area).from_on == today


def test_locking_an_account_hands_its_work_on(boss: Client, cedar: Agency) -> None:
    officer = worlds.officer(cedar, now=timezone.now())
    form = {
        "name": officer.name,
        "language": "en",
        **{
            f"{prefix}-{name}": 0
            for prefix in ("grants", "area_assignments")
            for name in ("TOTAL_FORMS", "INITIAL_FORMS")
        },
    }
    boss.post(reverse("admin:people_user_change", args=[officer.pk]), form)
    officer.refresh_from_db()
    assert not officer.is_active
    assert Departure.objects.get(user=officer).agency == cedar


def _connection(at: Agency, **changes: str) -> dict[str, Any]:
    said = {
        "agency": at.pk,
        "slug": "cedar-entra",
        "name": "Cedar Entra",
        "issuer": "https://login.microsoftonline.com/5f2c/v2.0",
        "other_hosts": "",
        "client_id": "common-ground",
        "secret": SECRET,
        "vouching_values": "mfa",
        "is_active": "on",
    }
    return {**said, **changes}


def test_a_directory_secret_is_typed_once_and_never_shown(boss: Client, cedar: Agency) -> None:
    boss.post(reverse("admin:people_directoryconnection_add"), _connection(cedar))
    made = DirectoryConnection.objects.get()
    path = reverse("admin:people_directoryconnection_change", args=[made.pk])
    page = boss.get(path).content.decode()
    assert SECRET not in page
    assert "/account/directory/cedar-entra/callback/" in page
    boss.post(path, _connection(cedar, secret="", name="Renamed"))
    made.refresh_from_db()
    assert made.name == "Renamed"
    assert party_of(made).client_secret == SECRET
    fields = [
        str(entry.payload_row.body) if hasattr(entry, "payload_row") else ""
        for entry in Entry.objects.order_by("pk")
    ]
    assert SECRET not in "".join(fields)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example/",
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
        "https://login.example/?tenant=1",
    ],
)
def test_a_directory_of_everybody_is_refused(boss: Client, cedar: Agency, issuer: str) -> None:
    answer = boss.post(
        reverse("admin:people_directoryconnection_add"), _connection(cedar, issuer=issuer)
    )
    assert answer.status_code == 200
    assert not DirectoryConnection.objects.exists()


def test_the_chiefs_address_is_stored_sealed(boss: Client, cedar: Agency) -> None:
    path = reverse("admin:people_agencychief_add")
    boss.post(path, {"agency": cedar.pk, "email": "canary.chief@city.example"})
    chief = AgencyChief.objects.get()
    change = reverse("admin:people_agencychief_change", args=[chief.pk])
    assert "canary.chief" not in boss.get(change).content.decode()
    before = chief.contact
    boss.post(change, {"email": "next.chief@city.example"})
    before.refresh_from_db()
    chief.refresh_from_db()
    assert bytes(before.ciphertext) == b""
    assert bytes(chief.contact.ciphertext)
