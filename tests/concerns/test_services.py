"""Requests for service: what is planned, what nobody may read, and what is forgotten."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from concerns.actions import services
from concerns.actions.answers import GivenAnswer
from concerns.actions.intake import CannotSubmit
from concerns.models import Answer, Concern, EmptyHome, SecuritySurvey, ServiceRequest
from concerns.rekeying import reseal_absences, reseal_surveys
from concerns.sealed_services import away_of, findings_of
from concerns.services import survey_parts
from concerns.views.follow_story import steps
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests.concerns.conftest import NOW, category_of, file_report

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 11, 5), date(2026, 11, 12)
WROTE = "We fly to Oaxaca and my sister has the planted key"
WATCH = "planted blue pickup"


def day(code: str, on: date) -> GivenAnswer:
    words = Wording({"en": f"{on:%B %d}", "es": on.isoformat()})
    return GivenAnswer(code, "date", Wording({"en": code}), chosen=words, day=on)


def chosen(code: str, words: str) -> GivenAnswer:
    return GivenAnswer(code, "choice", Wording({"en": code}), chosen=Wording({"en": words}))


@pytest.fixture
def empty_home(agency: Agency, officer: User) -> Concern:
    watch = GivenAnswer("look_at", "text", Wording({"en": "What?"}), typed=WATCH)
    return file_report(
        agency,
        code="vacation_check",
        level="confidential",
        email="ana@example.org",
        text=WROTE,
        answers=[day("away_from", FIRST), day("away_until", LAST), watch],
    ).concern


def dump() -> str:
    """Every value of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.privacy
def test_no_table_tells_when_a_home_is_empty_or_what_its_people_wrote(
    empty_home: Concern,
) -> None:
    away = away_of(EmptyHome.objects.get())
    assert (away.from_on, away.until_on) == (FIRST, LAST)
    assert away.lines == (WROTE, f"What?: {WATCH}")
    everything = dump()
    for secret in (WROTE, "Oaxaca", WATCH, FIRST.isoformat(), LAST.isoformat(), "November 05"):
        assert secret not in everything
    assert not Answer.objects.exists()
    assert ServiceRequest.objects.get().kind == "vacation"


@pytest.mark.privacy
def test_an_absence_is_forgotten_two_weeks_after_its_end(
    empty_home: Concern, officer: User
) -> None:
    binding = EmptyHome.objects.get().binding
    assert services.forget_absences(now=NOW + timedelta(days=9 + 14)) == 0
    assert services.forget_absences(now=NOW + timedelta(days=9 + 15)) == 1
    assert not EmptyHome.objects.exists()
    assert str(binding) not in dump()


@pytest.mark.privacy
def test_or_two_weeks_after_the_case_was_closed(empty_home: Concern) -> None:
    Concern.objects.filter(pk=empty_home.pk).update(
        state="closed", outcome="withdrawn", closed_at=NOW
    )
    assert services.forget_absences(now=NOW + timedelta(days=14)) == 0
    assert services.forget_absences(now=NOW + timedelta(days=15)) == 1


def test_a_vacation_check_is_private_and_needs_somebody_to_call(
    agency: Agency, officer: User
) -> None:
    kind = category_of(agency, "vacation_check")
    assert kind.is_private
    assert not kind.has_public_place
    with pytest.raises(CannotSubmit):
        file_report(agency, code="vacation_check", answers=[day("away_from", FIRST)])
    assert not Concern.objects.exists()


def test_the_same_form_sent_again_shows_the_same_receipt(
    agency: Agency, empty_home: Concern
) -> None:
    again = file_report(
        agency,
        code="vacation_check",
        level="confidential",
        email="ana@example.org",
        text=WROTE,
        answers=[day("away_from", FIRST)],
    )
    assert again.is_repeat
    assert not again.differs


def test_words_that_call_for_help_are_found_before_they_are_sealed(
    agency: Agency, officer: User
) -> None:
    asked = file_report(
        agency,
        code="vacation_check",
        level="confidential",
        email="ana@example.org",
        text="We are away, and he has a gun and will shoot my sister",
    ).concern
    assert asked.danger == "danger"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Extra patrol", "patrol"),
        ("A look at how safe a home or business is", "survey"),
        ("A roll call on our street", "roll_call"),
        ("A speaker", "speaker"),
        ("Coffee with a Cop near us", "coffee"),
    ],
)
def test_what_is_asked_for_is_known_from_the_usual_answers(
    agency: Agency, officer: User, said: str, kind: str
) -> None:
    answers = [chosen("service", said), day("from", FIRST)]
    file_report(agency, code="request_patrol", answers=answers)
    service = ServiceRequest.objects.get()
    assert (service.kind, service.from_on) == (kind, FIRST)
    assert Answer.objects.count() == 2


def test_staff_plan_it_and_an_absence_keeps_what_was_written(
    empty_home: Concern, officer: User
) -> None:
    plan: dict[str, Any] = {
        "concern_id": empty_home.pk,
        "from_on": FIRST,
        "until_on": LAST + timedelta(days=3),
        "by": Actor.staff(officer.pk),
        "now": NOW,
    }
    service = services.plan(kind="vacation", **plan)
    assert (service.from_on, service.until_on) == (None, None)
    away = away_of(EmptyHome.objects.get())
    assert away.until_on == LAST + timedelta(days=3)
    assert WROTE in away.lines
    services.plan(kind="patrol", **plan)
    assert not EmptyHome.objects.exists()
    with pytest.raises(services.CannotPlan):
        services.plan(kind="patrol", **{**plan, "until_on": FIRST - timedelta(days=1)})


def test_what_asks_for_no_service_gets_none(concern: Concern, officer: User) -> None:
    with pytest.raises(services.CannotPlan):
        services.plan(
            concern_id=concern.pk,
            kind="patrol",
            from_on=None,
            until_on=None,
            by=Actor.staff(officer.pk),
            now=NOW,
        )


@pytest.fixture
def surveyed(agency: Agency, officer: User) -> Concern:
    answers = [chosen("service", "A look at how safe a home is")]
    asked = {"code": "request_patrol", "answers": answers, "submission_key": "survey"}
    concern = file_report(agency, **asked).concern
    services.write_survey(
        concern_id=concern.pk,
        findings={"deadbolt": ("improve", "planted loose bolt")},
        recheck_on=LAST,
        by=Actor.staff(officer.pk),
        now=NOW,
    )
    return concern


@pytest.mark.privacy
def test_what_a_survey_found_is_sealed(surveyed: Concern) -> None:
    assert findings_of(SecuritySurvey.objects.get())["deadbolt"][1] == "planted loose bolt"
    assert "loose bolt" not in dump()
    assert ServiceRequest.objects.get().recheck_on == LAST


def test_a_survey_is_a_visit_and_the_reporter_reads_its_day(surveyed: Concern) -> None:
    surveyed.refresh_from_db()
    assert surveyed.state == "working"
    assert [step.words for step in steps(surveyed, [])][-1] == "We came by, as you asked."


def test_keys_may_change_meanwhile(empty_home: Concern, surveyed: Concern) -> None:
    reseal_absences(0, 10)
    reseal_surveys(0, 10)
    assert WROTE in away_of(EmptyHome.objects.get()).lines
    assert findings_of(SecuritySurvey.objects.get())


def test_the_checklist_stands_in_both_languages() -> None:
    codes = [item.code for part in survey_parts() for item in part.items]
    assert len(codes) == len(set(codes)) > 15
    for part in survey_parts():
        for words in (part.heading, *(item.words for item in part.items)):
            assert not words.missing("es")
            assert words.text("en")


def test_days_of_an_absence_cannot_be_stored_in_plain(empty_home: Concern) -> None:
    service = ServiceRequest.objects.get()
    service.from_on = FIRST
    with pytest.raises(ValidationError):
        service.full_clean()
