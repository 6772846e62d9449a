"""“I was there”: it counts as work, and the reporter is told the day."""

from datetime import timedelta

import pytest

from concerns.actions import taking_on, visiting
from concerns.models import Concern, Visit
from concerns.views.follow_story import steps
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.models import User
from tests.concerns.conftest import NOW

pytestmark = pytest.mark.django_db


def was_there(concern: Concern, officer: User, **changes: object) -> Visit:
    values: dict[str, object] = {"was_at": None, "line": "", "now": NOW, **changes}
    return visiting.was_there(concern_id=concern.pk, by=Actor.staff(officer.pk), **values)  # type: ignore[arg-type]


def news(concern: Concern) -> int:
    return Message.objects.filter(
        kind="concerns.news", subject_reference=concern.staff_reference
    ).count()


def test_a_visit_moves_a_received_case_to_work(told: Concern, officer: User) -> None:
    visit = was_there(told, officer, line="  nobody\nthere ")
    told.refresh_from_db()
    assert told.state == "working"
    assert told.owner_id == officer.pk
    assert visit.line == "nobody there"
    assert visit.was_at.minute == 0
    states = list(told.status_changes.order_by("id").values_list("state", flat=True))
    assert states == ["received", "accepted", "working"]
    events = Entry.objects.filter(subject_reference=told.staff_reference)
    assert set(events.values_list("event", flat=True)) >= {"VISIT_MADE", "CONCERN_ACCEPTED"}


def test_a_second_tap_is_the_same_visit(told: Concern, officer: User) -> None:
    first = was_there(told, officer)
    again = was_there(told, officer, now=NOW + timedelta(minutes=3))
    assert first.pk == again.pk
    assert Visit.objects.count() == 1


def test_two_officers_were_there_and_the_reporter_gets_one_message_a_day(
    told: Concern, officer: User, colleague: User
) -> None:
    was_there(told, officer)
    was_there(told, colleague)
    assert Visit.objects.count() == 2
    assert news(told) == 1
    was_there(told, officer, now=NOW + timedelta(days=1))
    assert news(told) == 2


def test_what_waits_goes_on_waiting(told: Concern, officer: User) -> None:
    by = Actor.staff(officer.pk)
    taken = taking_on.accept(concern_id=told.pk, seen_version=told.version, by=by, now=NOW)
    Concern.objects.filter(pk=taken.pk).update(
        state="waiting", waiting_on="reporter", waiting_since=NOW.date()
    )
    was_there(told, officer)
    told.refresh_from_db()
    assert told.state == "waiting"


@pytest.mark.parametrize("away", [timedelta(hours=1), timedelta(days=-40)])
def test_a_visit_ahead_or_far_back_is_refused(
    told: Concern, officer: User, away: timedelta
) -> None:
    with pytest.raises(visiting.CannotVisit):
        was_there(told, officer, was_at=NOW + away)
    assert not Visit.objects.exists()
    told.refresh_from_db()
    assert told.state == "received"


def test_a_done_case_takes_no_visit(told: Concern, officer: User) -> None:
    Concern.objects.filter(pk=told.pk).update(state="closed", outcome="fixed", closed_at=NOW)
    with pytest.raises(visiting.CannotVisit):
        was_there(told, officer)


@pytest.mark.privacy
def test_the_reporter_reads_the_day_and_neither_the_line_nor_the_officer(
    concern: Concern, officer: User
) -> None:
    was_there(concern, officer, line="two men behind the shed")
    told = [step for step in steps(concern, []) if step.words == "An officer was there."]
    assert len(told) == 1
    assert told[0].detail == ""
    assert told[0].at.minute == 0


def test_only_who_pressed_takes_it_back(told: Concern, officer: User, colleague: User) -> None:
    visit = was_there(told, officer)
    take = {"concern_id": told.pk, "visit_id": visit.pk, "now": NOW}
    assert not visiting.take_back(by=Actor.staff(colleague.pk), **take)
    assert visiting.take_back(by=Actor.staff(officer.pk), **take)
    assert not [step for step in steps(told, []) if "there" in step.words]
    assert was_there(told, officer).pk != visit.pk
