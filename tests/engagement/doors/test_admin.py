"""The operator's administration: audited, without addresses, behind our own sign-in."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from engagement.audit.models import Entry
from engagement.audit.queries import history_of
from engagement.audit.subjects import Subject
from engagement.doors.admin import site
from engagement.outbox.models import Message
from engagement.people.identity import sign_in_key
from engagement.people.models import Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area, Holiday
from tests.engagement.doors.conftest import as_, staff

pytestmark = pytest.mark.django_db
NEW = "canary.bird@staff.example"


def no_rows(*prefixes: str) -> dict[str, Any]:
    return {
        f"{prefix}-{name}": 0
        for prefix in prefixes
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }


def an_area(agency: Agency) -> Area:
    return Area.objects.create(agency=agency, layer="district", code="1", name="One", slug="one")


@pytest.fixture
def boss(operator: User) -> Client:
    return as_(operator)


def test_the_administration_is_not_there_for_others(
    client: Client, officer: User, resident: User
) -> None:
    assert client.get("/admin/")["Location"].startswith(reverse("account_login"))
    for user in (officer, resident):
        for path in ("/admin/", reverse("admin:people_user_changelist"), "/admin/jsi18n/"):
            assert as_(user).get(path).status_code == 404


def test_the_librarys_own_sign_in_lets_nobody_in(client: Client, operator: User) -> None:
    operator.set_password("correct horse battery")
    operator.save()
    form = {"username": operator.sign_in_key, "password": "correct horse battery"}
    answer = client.post(reverse("admin:login"), form)
    assert answer["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["logout", "password_change", "view_on_site"])
def test_pages_of_the_library_that_we_replace_are_gone(name: str, boss: Client) -> None:
    assert name not in {getattr(route, "name", None) for route in site.get_urls()}


def test_every_page_opens_without_inline_code(
    boss: Client, here: Agency, officer: User, operator: User
) -> None:
    area = an_area(here)
    Holiday.objects.create(agency=here, on="2026-12-25", name="Christmas")
    objects = {User: officer, Agency: here, Area: area, Grant: Grant.objects.get()}
    paths = [reverse("admin:index")]
    for model in site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths += [reverse(f"{base}_changelist")]
        if model is not Area:
            paths += [reverse(f"{base}_add")]
        found = objects.get(model)
        if found:
            paths += [reverse(f"{base}_{page}", args=[found.pk]) for page in ("change", "history")]
    for path in paths:
        answer = boss.get(path)
        if answer.status_code == 403 and path.endswith("/add/"):
            continue
        assert answer.status_code == 200, path
        page = BeautifulSoup(answer.content, "html.parser")
        assert not [
            tag
            for tag in page.find_all("script")
            if not tag.get("src") and tag.get("type") != "application/json"
        ]
        assert not page.find_all("style")
        assert not page.find_all(attrs={"style": True}), path
        assert not page.find_all(attrs={"onclick": True})


def test_a_member_of_staff_is_added_by_address_and_invited(boss: Client, here: Agency) -> None:
    area = an_area(here)
    form = {
        "name": "Sgt. Canary",
        "email": NEW,
        "language": "es",
        **no_rows("grants"),
        "grants-TOTAL_FORMS": 1,
        "grants-MAX_NUM_FORMS": 1000,
        "grants-0-role": Role.OFFICER.value,
        "grants-0-agency": here.pk,
        "grants-0-granted_areas": [area.pk],
        "grants-0-from_on": "2026-11-01",
    }
    answer = boss.post(reverse("admin:people_user_add"), form)
    assert answer.status_code == 302, answer.content.decode()[:4000]
    user = User.objects.get(name="Sgt. Canary")
    assert user.sign_in_key == sign_in_key(NEW)
    assert list(user.grants.get().areas.all()) == [area]
    assert Message.objects.get().contact_id == user.contact_id
    assert {"ACCOUNT_CREATED", "ADMIN_CHANGED"} <= set(
        Entry.objects.values_list("event", flat=True)
    )
    page = boss.get(reverse("admin:people_user_change", args=[user.pk])).content.decode()
    assert "canary.bird" not in page
    assert user.sign_in_key not in page


def test_an_address_cannot_be_used_twice(boss: Client, here: Agency) -> None:
    staff(here, email=NEW)
    form = {"name": "Other", "email": NEW.upper(), "language": "en", **no_rows("grants")}
    answer = boss.post(reverse("admin:people_user_add"), form)
    assert answer.status_code == 200
    assert not User.objects.filter(name="Other").exists()


def test_residents_are_listed_nowhere(boss: Client, resident: User, officer: User) -> None:
    page = boss.get(reverse("admin:people_user_changelist")).content.decode()
    assert officer.name in page
    assert f"account {resident.pk}" not in page
    path = reverse("admin:people_user_change", args=[resident.pk])
    assert boss.get(path).status_code == 302


def test_a_change_is_audited_by_field_and_never_by_value(
    boss: Client, operator: User, here: Agency
) -> None:
    holiday = Holiday.objects.create(agency=here, on="2026-12-25", name="Christmas")
    form = {"agency": here.pk, "on": "2026-12-25", "name": "Canary day"}
    path = reverse("admin:places_holiday_change", args=[holiday.pk])
    assert boss.post(path, form).status_code == 302
    line = history_of(Subject("places_holiday", str(holiday.pk)), agency_id=here.pk)[0]
    assert line.actor.user_id == operator.pk
    assert line.payload == {"what": "changed", "fields": "name"}
    assert not LogEntry.objects.exists()
    history = boss.get(reverse("admin:places_holiday_history", args=[holiday.pk])).content.decode()
    assert f"account {operator.pk}" in history


def test_a_deletion_is_audited(boss: Client, here: Agency) -> None:
    holiday = Holiday.objects.create(agency=here, on="2026-12-25", name="Christmas")
    path = reverse("admin:places_holiday_delete", args=[holiday.pk])
    assert boss.post(path, {"post": "yes"}).status_code == 302
    line = history_of(Subject("places_holiday", str(holiday.pk)), agency_id=here.pk)[0]
    assert line.payload == {"what": "deleted", "fields": ""}


def test_areas_of_another_agency_are_refused_in_a_grant(
    boss: Client, here: Agency, elsewhere: Agency, officer: User
) -> None:
    foreign = an_area(elsewhere)
    grant = Grant.objects.get()
    form = {
        "user": officer.pk,
        "role": Role.OFFICER.value,
        "agency": here.pk,
        "granted_areas": [foreign.pk],
        "from_on": "2026-11-01",
    }
    answer = boss.post(reverse("admin:people_grant_change", args=[grant.pk]), form)
    assert "same agency" in answer.content.decode()
    assert not grant.areas.exists()


def test_the_agency_of_an_assignment_follows_from_its_area(
    boss: Client, here: Agency, officer: User
) -> None:
    area = an_area(here)
    form = {"user": officer.pk, "area": area.pk, "is_lead": "on", "from_on": "2026-11-01"}
    assert boss.post(reverse("admin:people_areaassignment_add"), form).status_code == 302
    assert area.assignments.get().agency == here
    again = boss.post(reverse("admin:people_areaassignment_add"), form)
    assert "has a lead" in again.content.decode()


def test_shapes_are_shown_and_not_edited(boss: Client, here: Agency) -> None:
    area = an_area(here)
    assert boss.get(reverse("admin:places_area_add")).status_code == 403
    page = boss.get(reverse("admin:places_area_change", args=[area.pk])).content.decode()
    assert "shape" not in page


def test_officers_are_found_by_name_and_residents_are_not(
    boss: Client, officer: User, resident: User
) -> None:
    asked = {"app_label": "people", "model_name": "areaassignment", "field_name": "user"}
    found = boss.get(reverse("admin:autocomplete"), {**asked, "term": ""}).json()["results"]
    assert {row["text"] for row in found} == {officer.name, "Operator"}
