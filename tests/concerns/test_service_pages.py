"""The round, the survey and the form of a vacation check, as people use them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concerns.actions import services
from concerns.actions.answers import GivenAnswer
from concerns.models import Concern, EmptyHome, SecuritySurvey, ServiceRequest, Visit
from concerns.models.services import Service
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def desk(officer: User) -> Client:
    return worlds.signed_in(officer)


def asked(cedar: Agency, officer: User, kind: str, **days: int) -> Concern:
    """A service from and until so many days from today."""
    concern = worlds.reported(
        cedar, now=timezone.now(), category="request_patrol", place_text=f"{kind} place"
    ).concern
    today = cedar.day_of(timezone.now())
    span = {
        name: today + timedelta(days=days[name]) if name in days else None
        for name in ("from_on", "until_on")
    }
    services.plan(
        concern_id=concern.pk,
        kind=kind,
        by=Actor.staff(officer.pk),
        now=timezone.now(),
        **span,
    )
    return concern


def away(cedar: Agency, begin: int, end: int) -> Concern:
    today = cedar.day_of(timezone.now())
    answers = [
        GivenAnswer(
            code,
            "date",
            Wording({"en": code}),
            chosen=Wording({"en": "a day"}),
            day=today + timedelta(days=days),
        )
        for code, days in (("away_from", begin), ("away_until", end))
    ]
    return worlds.reported(
        cedar,
        now=timezone.now(),
        category="vacation_check",
        level="confidential",
        email="ana@example.org",
        place_text=f"{begin} Heron Lane",
        answers=answers,
    ).concern


@pytest.mark.privacy
def test_the_round_lists_today_and_says_no_reasons(
    cedar: Agency, officer: User, desk: Client
) -> None:
    asked(cedar, officer, Service.PATROL, from_on=-1, until_on=1)
    asked(cedar, officer, Service.SPEAKER, from_on=30)
    away(cedar, -2, 3)
    away(cedar, 2, 3)
    page = desk.get("/desk/services/").content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    assert "patrol place" in main
    assert "-2 Heron Lane" in main
    assert "speaker place" not in main
    assert "2 Heron Lane" not in main.replace("-2 Heron Lane", "")
    for reason in ("acation", "away", "Away", "empty"):
        assert reason not in main


def test_one_tap_on_the_round_is_a_visit(cedar: Agency, officer: User, desk: Client) -> None:
    concern = asked(cedar, officer, Service.PATROL)
    assert desk.post(f"/desk/concerns/{concern.staff_reference}/visit/").status_code == 302
    assert Visit.objects.get().concern_id == concern.pk


@pytest.mark.privacy
def test_an_empty_home_is_listed_for_nobody_who_may_not_read_it(
    cedar: Agency, officer: User
) -> None:
    concern = away(cedar, -1, 1)
    other = worlds.signed_in(
        worlds.officer(cedar, "Officer East", district="2", now=timezone.now())
    )
    assert "Heron" not in other.get("/desk/services/?show=all").content.decode()
    assert other.get(f"/desk/concerns/{concern.staff_reference}/").status_code == 404
    boss = worlds.signed_in(
        worlds.officer(cedar, "Sergeant", role=Role.SUPERVISOR, district=None, now=timezone.now())
    )
    assert "Heron" in boss.get("/desk/services/?show=all").content.decode()


@pytest.mark.privacy
def test_the_case_shows_the_days_and_copies_nothing(cedar: Agency, desk: Client) -> None:
    concern = away(cedar, -1, 1)
    page = desk.get(f"/desk/concerns/{concern.staff_reference}/").content.decode()
    assert "deleted 14 days after the end" in page
    assert 'id="copy-text"' not in page


def test_a_survey_is_filled_and_kept(cedar: Agency, officer: User, desk: Client) -> None:
    concern = asked(cedar, officer, Service.SURVEY)
    path = f"/desk/concerns/{concern.staff_reference}/survey/"
    assert "deadbolt" in desk.get(path).content.decode()
    assert "cerrojo" in desk.get(f"{path}?language=es").content.decode()
    again = cedar.day_of(timezone.now())
    typed = {"deadbolt_said": "improve", "deadbolt_line": "loose", "recheck_on": str(again)}
    assert desk.post(path, typed).status_code == 302
    assert SecuritySurvey.objects.count() == 1
    assert 'value="loose"' in desk.get(path).content.decode()
    assert "Survey: look again" in desk.get("/desk/services/").content.decode()


def test_there_is_no_survey_where_none_was_asked_for(
    cedar: Agency, officer: User, desk: Client
) -> None:
    concern = asked(cedar, officer, Service.PATROL)
    path = f"/desk/concerns/{concern.staff_reference}/survey/"
    assert desk.get(path).status_code == 404


def test_staff_plan_a_service_on_the_case(cedar: Agency, officer: User, desk: Client) -> None:
    concern = asked(cedar, officer, Service.PATROL)
    path = f"/desk/concerns/{concern.staff_reference}/service/"
    day = cedar.day_of(timezone.now()).isoformat()
    desk.post(path, {"kind": "coffee", "from_on": day})
    assert ServiceRequest.objects.get().kind == "coffee"
    page = desk.get(f"/desk/concerns/{concern.staff_reference}/").content.decode()
    assert "Plan it as a meeting" in page
    told = desk.post(path, {"kind": "nonsense"}, follow=True).content.decode()
    assert "Choose the service" in told


@pytest.mark.privacy
def test_the_report_form_takes_an_absence_and_refuses_the_nameless(cedar: Agency) -> None:
    today = cedar.day_of(timezone.now())
    client = Client()
    page = client.get("/report/new/", {"agency": cedar.slug}).content.decode()
    sent = {
        "agency": cedar.slug,
        "key": page.split('name="key" value="')[1].split('"')[0],
        "category": "vacation_check",
        "asked": "vacation_check",
        "lon": f"{worlds.LON + worlds.STEP / 2:.6f}",
        "lat": f"{worlds.LAT + worlds.STEP / 2:.6f}",
        "text": "We are in planted Oaxaca",
        "level": "anonymous",
        "vacation_check-away_from": (today + timedelta(days=3)).isoformat(),
        "vacation_check-away_until": (today + timedelta(days=9)).isoformat(),
    }
    refused = client.post("/report/done/", sent)
    assert "we must be able to reach you" in refused.content.decode()
    assert not Concern.objects.exists()
    receipt = client.post(
        "/report/done/",
        {**sent, "level": "confidential", "way": "email", "email": "ana@example.org"},
    )
    assert receipt.status_code == 200, receipt.content.decode()
    assert EmptyHome.objects.count() == 1
    assert "Oaxaca" not in Concern.objects.get().text
