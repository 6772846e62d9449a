"""An officer in a car, a supervisor who is paged, and a survey: on a phone, and without script."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.actions import services
from concerns.models import Concern, SecuritySurvey, Visit, WrongDoor, WrongDoorCall
from engagement.audit.actors import Actor
from engagement.people.roles import Role
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import PHONE, WIDE, Opens, assert_accessible
from tests.journeys.towns import Town
from tests.worlds import PASSWORD

BOSS = "sergeant@duty.example"


def shoot(page: Page, name: str) -> None:
    """Keep a picture for whoever looks at the pages; only when a folder is named."""
    if folder := os.environ.get("PORTAL_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def concern(town: Town) -> Concern:
    return worlds.reported(town.agency, now=timezone.now()).concern


def case_of(concern: Concern) -> str:
    return f"/desk/concerns/{concern.staff_reference}/"


def test_i_was_there_is_one_tap_on_the_case(opens: Opens, town: Town, concern: Concern) -> None:
    with opens(viewport=PHONE) as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        page = window.open(case_of(concern))
        page.get_by_role("button", name="I was there").first.click()
        expect(page.get_by_text("The reporter reads that an officer was there.")).to_be_visible()
        assert Visit.objects.get(agency=town.agency).concern_id == concern.pk
        page.locator("#number-text").fill("26-000123")
        page.get_by_role("button", name="Add number").click()
        expect(page.get_by_role("code").filter(has_text="26-000123")).to_be_visible()
        page.get_by_role("button", name="Copy", exact=True).scroll_into_view_if_needed()
        shoot(page, "case-375")
        assert_accessible(page)


def test_the_wrong_door_without_script(opens: Opens, town: Town, concern: Concern) -> None:
    now = timezone.now()
    worlds.officer(
        town.agency,
        "Sergeant Reed",
        role=Role.SUPERVISOR,
        district=None,
        email=f"{town.agency.slug}-{BOSS}",
        now=now,
    )
    with opens(viewport=PHONE, java_script_enabled=False) as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        page = window.open(case_of(concern))
        page.get_by_text("Does somebody else have to act at once?").click()
        page.get_by_role("button", name="Child or adult abuse").click()
        expect(page.get_by_role("heading", name="Whom to call now")).to_be_visible()
        page.get_by_role("button", name="I called them").first.click()
        expect(page.get_by_text("Written down: you called, now.")).to_be_visible()
        shoot(page, "wrong-door-375")
    assert WrongDoorCall.objects.filter(agency=town.agency).count() == 1
    with opens(viewport=WIDE) as window:
        steps.sign_in(window, f"{town.agency.slug}-{BOSS}", PASSWORD)
        page = window.open("/desk/wrong-doors/")
        assert_accessible(page)
        page.get_by_role("button", name="I have it").click()
        expect(page.get_by_text("Nobody else is paged.")).to_be_visible()
        assert_accessible(page)
        shoot(page, "wrong-door-1280")
        page = window.open("/desk/duty/")
        page.get_by_role("button", name="Put on duty").click()
        expect(page.get_by_text("On the duty list.")).to_be_visible()
        assert_accessible(page)
        shoot(page, "duty-1280")
        page = window.open(case_of(concern))
        shoot(page, "case-marked-1280")
        assert_accessible(page)
    assert WrongDoor.objects.get(agency=town.agency).accepted_at is not None


def test_a_survey_and_the_round_on_a_phone(opens: Opens, town: Town) -> None:
    now, by = timezone.now(), Actor.staff(town.officer.pk)
    today = town.agency.day_of(now)
    plan = {"by": by, "now": now, "from_on": today, "until_on": today + timedelta(days=3)}
    found = {
        kind: worlds.reported(
            town.agency, now=now, category="request_patrol", place_text=f"{kind} corner"
        ).concern
        for kind in ("survey", "patrol")
    }
    for kind, concern in found.items():
        services.plan(concern_id=concern.pk, kind=kind, **plan)  # type: ignore[arg-type]
    with opens(viewport=PHONE) as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        page = window.open("/desk/services/")
        shoot(page, "round-375")
        assert_accessible(page)
        row = page.get_by_role("row").filter(has_text="patrol corner")
        row.get_by_role("button", name="I was there").click()
        expect(page.get_by_text("an officer was there.")).to_be_visible()
        page = window.open(f"{case_of(found['survey'])}survey/")
        page.get_by_label("To be improved").first.check()
        shoot(page, "survey-375")
        assert_accessible(page)
        page.get_by_role("button", name="Keep the survey").click()
        expect(page.get_by_text("Kept, sealed.")).to_be_visible()
        shoot(page, "service-case-375")
    assert SecuritySurvey.objects.filter(agency=town.agency).count() == 1
