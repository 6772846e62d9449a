"""How a report stands, in words for its reporter; and no minute of what they do is kept."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from concerns.actions import following, triage
from concerns.models import Concern, StatusChange
from concerns.views import follow_story as story
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.conftest import NOW, file_report
from tests.guards.privacy.test_times_are_coarse import exact_moments

DAY = timedelta(days=1)
REPORTER = Actor.reporter()


def read(concern: Concern) -> Concern:
    rows = Concern.objects.select_related("agency", "category", "area", "owner")
    return story.with_owner_role(rows).get(pk=concern.pk)


def words(concern: Concern) -> list[str]:
    replies = list(concern.replies.order_by("id"))
    return [step.words for step in story.steps(read(concern), [], replies)]


def press(concern: Concern, verb: object, officer: User, **said: str) -> None:
    assert callable(verb)
    version = Concern.objects.get(pk=concern.pk).version
    by = Actor.staff(officer.pk)
    verb(concern_id=concern.pk, seen_version=version, by=by, now=NOW, **said)


def test_the_whole_course_is_told_in_plain_words(concern: Concern, officer: User) -> None:
    press(concern, triage.accept, officer)
    press(concern, triage.ask, officer, text="Where?")
    following.answer(concern_id=concern.pk, text="Left", by=REPORTER, now=NOW)
    press(concern, triage.resolve, officer, outcome="fixed", words="Done")
    following.reopen(concern_id=concern.pk, text="No", by=REPORTER, now=NOW)
    press(concern, triage.resolve, officer, outcome="referred", words="Done")
    following.confirm_fixed(concern_id=concern.pk, by=REPORTER, now=NOW)
    assert words(concern) == [
        "We got your report.",
        "The police took it on.",
        "The police asked you something.",
        "You answered. Work goes on.",
        "The police say it is resolved.",
        "You said it is not fixed. It was opened again.",
        "The police say it is resolved.",
        "You said it is fixed. It is closed.",
    ]


def test_what_waits_for_somebody_else_names_them_as_the_category_does(
    concern: Concern, officer: User
) -> None:
    press(concern, triage.accept, officer)
    Concern.objects.filter(pk=concern.pk).update(
        state="waiting", waiting_on="partner", waiting_since=NOW.date()
    )
    waiting = read(concern)
    handler = str(waiting.category.handler)
    assert story.who_has_it(waiting) == handler
    assert handler in story.what_comes_next(waiting)
    assert story.lateness(waiting, today=NOW.date() + 300 * DAY) is None, "the clock stands still"


def test_late_without_a_reason_says_that_nobody_gave_one(concern: Concern, officer: User) -> None:
    later = NOW.date() + 300 * DAY
    assert story.lateness(read(concern), today=NOW.date()) is None
    assert "Nobody has taken it on yet." in str(story.lateness(read(concern), today=later))
    press(concern, triage.accept, officer)
    assert "Nobody has said why yet." in str(story.lateness(read(concern), today=later))


def test_the_agency_says_in_its_words_when_somebody_looks(agency: Agency) -> None:
    agency.looks_at_reports = {"en": "every weekday at 8 am.", "es": ""}
    agency.save()
    told = story.what_comes_next(read(file_report(agency).concern))
    assert told.endswith("When a person next looks: every weekday at 8 am.")


def test_a_resolved_report_says_on_which_day_it_closes(concern: Concern, officer: User) -> None:
    press(concern, triage.accept, officer)
    press(concern, triage.resolve, officer, outcome="fixed", words="Done")
    assert story.closes_on(read(concern)) == NOW.date() + 14 * DAY
    assert StatusChange.objects.filter(concern=concern).count() == 3


@pytest.mark.privacy
@pytest.mark.django_db
def test_no_minute_is_kept_of_what_an_anonymous_reporter_presses() -> None:
    with time_machine.travel(worlds.NOW + DAY, tick=False) as clock:
        cedar = worlds.agency(now=timezone.now())
        officer = worlds.officer(cedar, now=timezone.now())
        resident = worlds.signed_in(worlds.resident())
        receipt = worlds.reported(cedar, now=timezone.now())
        concern = receipt.concern
        at = {"concern_id": concern.pk, "by": Actor.staff(officer.pk), "now": timezone.now()}
        triage.accept(seen_version=1, **at)
        before = exact_moments()
        clock.shift(61)
        typed = {"code": receipt.tracking_code, "secret": receipt.secret}
        signed = Client().post("/track/", typed).context["pass"]
        place = {"save": "1", "lon": f"{worlds.LON + 1.5 * worlds.STEP:.6f}"}
        place["lat"] = f"{worlds.LAT + worlds.STEP / 2:.6f}"
        presses = [{"verb": verb, "text": "Words"} for verb in ("removal", "adopt", "let_go")]
        for sent in [*presses, {"verb": "place", **place}, {"verb": "export"}, {"verb": "erase"}]:
            assert resident.post("/track/", {"pass": signed, **sent}).status_code == 200
        version = Concern.objects.get().version
        triage.resolve(**{**at, "seen_version": version, "outcome": "fixed", "words": "Done"})
        resident.post("/track/", {"pass": signed, "verb": "rate", "better": "no"})
        after = exact_moments()
    assert after - before == Counter()
