"""Supervisors hear once of what is late for long; waiting and answered work is never told."""

from datetime import datetime, timedelta

import pytest

from concerns.actions import triage
from concerns.actions.escalating import escalate
from concerns.actions.teams import set_escalation
from concerns.models import Concern, Escalation
from concerns.models.clocks import Stage
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency, Holiday
from tests.concerns.conftest import NOW, area_of, file_report, hire

pytestmark = pytest.mark.django_db

LATE = "concerns.late_for_long"


@pytest.fixture
def sergeants(agency: Agency) -> dict[str, User]:
    west, east = (area_of(agency, "district", code) for code in ("west", "east"))
    return {
        "west": hire("Sergeant West", Role.SUPERVISOR, agency, west),
        "east": hire("Sergeant East", Role.SUPERVISOR, agency, east),
    }


def due(concern: Concern, now: datetime, **clocks: int) -> None:
    """Make it due so many days before now."""
    today = concern.agency.day_of(now)
    days = {name: today - timedelta(days=days) for name, days in clocks.items()}
    Concern.objects.filter(pk=concern.pk).update(**days)


def readers() -> set[str]:
    return set(Message.objects.filter(kind=LATE).values_list("contact__account__name", flat=True))


def test_the_supervisor_of_its_area_hears_once(
    concern: Concern, sergeants: dict[str, User]
) -> None:
    # NOW is a Tuesday: the Thursday before lies three business days back.
    due(concern, NOW, acknowledge_by=5)
    assert escalate(now=NOW) == 1
    assert escalate(now=NOW) == 0
    assert readers() == {"Sergeant West"}
    told = Escalation.objects.get()
    assert (told.stage, told.told) == (Stage.UNANSWERED, 1)


def test_it_is_not_told_before_so_many_business_days_passed(
    concern: Concern, sergeants: dict[str, User]
) -> None:
    due(concern, NOW, acknowledge_by=4)
    assert escalate(now=NOW) == 0
    due(concern, NOW, acknowledge_by=5)
    holiday = concern.agency.day_of(NOW) - timedelta(days=1)
    Holiday.objects.create(agency=concern.agency, on=holiday, name="A day off")
    assert escalate(now=NOW) == 0


def test_what_waits_or_was_answered_is_not_told(
    told: Concern, officer: User, sergeants: dict[str, User]
) -> None:
    by = Actor.staff(officer.pk)
    due(told, NOW, acknowledge_by=9, resolve_by=9)
    triage.accept(concern_id=told.pk, seen_version=1, by=by, now=NOW)
    triage.ask(concern_id=told.pk, seen_version=2, text="Which wall?", by=by, now=NOW)
    assert escalate(now=NOW) == 0


def test_each_stage_is_told_and_an_agency_may_switch_it_off(
    concern: Concern, officer: User, sergeants: dict[str, User]
) -> None:
    due(concern, NOW, acknowledge_by=9, resolve_by=9)
    by = Actor.staff(officer.pk)
    set_escalation(agency=concern.agency, days=None, by=by, now=NOW)
    assert escalate(now=NOW) == 0
    set_escalation(agency=concern.agency, days=5, by=by, now=NOW)
    assert escalate(now=NOW) == 2
    assert set(Escalation.objects.values_list("stage", flat=True)) == set(Stage.values)


def test_outside_every_area_supervisors_of_all_areas_hear(
    agency: Agency, sergeants: dict[str, User]
) -> None:
    chief = hire("Lieutenant All", Role.SUPERVISOR, agency)
    concern = file_report(agency, lon=-91.5, lat=39.5).concern
    due(concern, NOW, acknowledge_by=9)
    escalate(now=NOW)
    assert readers() == {chief.name}
