"""A role that the operator ends or deletes hands its work on, as at the people desk."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern
from engagement.people.departures import follow_departures
from engagement.people.models import Departure, Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, district=None, now=timezone.now())


@pytest.fixture
def work(cedar: Agency, officer: User) -> Concern:
    concern = worlds.reported(cedar, now=timezone.now()).concern
    Concern.objects.filter(pk=concern.pk).update(owner=officer)
    return concern


@pytest.fixture
def boss() -> Client:
    return worlds.signed_in(worlds.operator(now=timezone.now()))


def owner_after(work: Concern) -> int | None:
    follow_departures(now=timezone.now())
    work.refresh_from_db()
    return work.owner_id


def form_of(grant: Grant, **changes: str) -> dict[str, object]:
    said: dict[str, object] = {
        "user": grant.user_id,
        "role": grant.role,
        "agency": grant.agency_id,
        "from_on": grant.from_on.isoformat(),
        "until_on": "",
    }
    return {**said, **changes}


def test_deleting_a_role_hands_its_work_on(boss: Client, officer: User, work: Concern) -> None:
    grant = Grant.objects.get(user=officer)
    boss.post(reverse("admin:people_grant_delete", args=[grant.pk]), {"post": "yes"})
    assert not Grant.objects.filter(pk=grant.pk).exists()
    assert Departure.objects.get().user_id == officer.pk
    assert owner_after(work) is None


def test_ending_a_role_by_its_last_day_hands_its_work_on(
    boss: Client, officer: User, work: Concern
) -> None:
    grant = Grant.objects.get(user=officer)
    Grant.objects.filter(pk=grant.pk).update(from_on="2026-01-01")
    typed = form_of(grant, from_on="2026-01-01", until_on="2026-01-31")
    answer = boss.post(reverse("admin:people_grant_change", args=[grant.pk]), typed)
    assert answer.status_code == 302
    assert owner_after(work) is None


def test_another_role_that_reads_no_concern_hands_its_work_on(
    boss: Client, officer: User, work: Concern
) -> None:
    grant = Grant.objects.get(user=officer)
    typed = form_of(grant, role=Role.ORGANISER.value)
    boss.post(reverse("admin:people_grant_change", args=[grant.pk]), typed)
    assert owner_after(work) is None


def test_a_role_deleted_on_the_page_of_the_person_hands_its_work_on(
    boss: Client, officer: User, work: Concern
) -> None:
    grant = Grant.objects.get(user=officer)
    typed = {
        "name": officer.name,
        "language": "en",
        "is_active": "on",
        "grants-TOTAL_FORMS": 1,
        "grants-INITIAL_FORMS": 1,
        "grants-0-id": grant.pk,
        "grants-0-user": officer.pk,
        "grants-0-role": grant.role,
        "grants-0-agency": grant.agency_id,
        "grants-0-from_on": grant.from_on.isoformat(),
        "grants-0-DELETE": "on",
        "area_assignments-TOTAL_FORMS": 0,
        "area_assignments-INITIAL_FORMS": 0,
    }
    answer = boss.post(reverse("admin:people_user_change", args=[officer.pk]), typed)
    assert answer.status_code == 302
    assert not Grant.objects.filter(pk=grant.pk).exists()
    assert owner_after(work) is None


def test_a_change_that_takes_nothing_away_hands_nothing_on(
    boss: Client, officer: User, work: Concern
) -> None:
    grant = Grant.objects.get(user=officer)
    typed = form_of(grant, until_on="2099-12-31")
    boss.post(reverse("admin:people_grant_change", args=[grant.pk]), typed)
    assert not Departure.objects.exists()
    assert owner_after(work) == officer.pk


def test_whoever_still_may_by_another_role_keeps_the_work(
    boss: Client, cedar: Agency, officer: User, work: Concern
) -> None:
    grant = Grant.objects.get(user=officer)
    Grant.objects.create(
        user=officer, role=Role.SUPERVISOR.value, agency=cedar, from_on=grant.from_on
    )
    boss.post(reverse("admin:people_grant_delete", args=[grant.pk]), {"post": "yes"})
    assert owner_after(work) == officer.pk
