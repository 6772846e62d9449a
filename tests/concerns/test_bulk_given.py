"""Who gets cases by a step on many hears of it once, when it is over."""

from datetime import datetime
from typing import Any

import pytest

from concerns import given_notices
from concerns.actions import bulk, triage
from concerns.actions.bulk_rows import CHUNK
from concerns.models import BulkRun, Concern, Team, TeamMember
from concerns.models.bulk import Status, Verb
from engagement.audit.actors import Actor
from engagement.outbox.letters import compose
from engagement.outbox.models import Message
from engagement.outbox.registry import kind_named
from engagement.people.identity import address_for_delivery
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.concerns.conftest import EAST_POINT, category_of, file_report, hire

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(agency: Agency) -> User:
    return hire("Sergeant", Role.SUPERVISOR, agency)


def many(agency: Agency, number: int, **changes: object) -> list[Concern]:
    return [
        file_report(agency, submission_key=f"many-{each}", **changes).concern
        for each in range(number)
    ]


def begun(agency: Agency, user: User, verb: str, now: datetime, **details: Any) -> BulkRun:
    rows = Concern.objects.visible_to(user).filter(agency=agency).not_held()
    run = bulk.prepare(agency=agency, user=user, verb=verb, rows=rows, now=now)
    bulk.choose(run=run, details=details)
    return bulk.begin(run=run, user=user, now=now)


def worked(run: BulkRun, now: datetime) -> BulkRun:
    bulk.work(run, now=now, rows=bulk.MOST)
    run.refresh_from_db()
    return run


def notices_of_steps() -> list[tuple[str, str, int]]:
    found = Message.objects.filter(subject_type="bulk").order_by("kind", "event", "contact_id")
    return list(found.values_list("kind", "event", "contact_id"))


def the_notice(event: str = given_notices.GIVEN) -> Message:
    return Message.objects.get(subject_type="bulk", event=event)


def is_true(message: Message) -> bool:
    return kind_named(message.kind).still_true(message)


def told(message: Message) -> dict[str, Any]:
    return kind_named(message.kind).context(message)


def test_one_mail_says_how_many_and_leads_to_them(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    many(agency, 3)
    worked(begun(agency, boss, Verb.ASSIGN, now, officer=colleague.pk), now)
    assert notices_of_steps() == [(given_notices.MANY_FOR_OWNER, "given", colleague.contact_id)]
    message = the_notice()
    assert is_true(message)
    context = told(message)
    assert context["number"] == 3
    assert context["link"].endswith("/desk/concerns/?show=mine")
    assert not Message.objects.filter(
        kind="concerns.new_for_owner", contact=colleague.contact
    ).exists()


@pytest.mark.privacy
@pytest.mark.parametrize("number", [1, 2])
def test_the_mail_says_how_many_wait_and_no_word_of_them(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime, number: int
) -> None:
    concerns = many(agency, number, level="confidential", email="ana@example.org")
    worked(begun(agency, boss, Verb.ASSIGN, now, officer=colleague.pk), now)
    message = the_notice()
    assert message.contact_id is not None
    address = address_for_delivery(message.contact_id)
    assert address is not None
    letter = compose(message, kind_named(message.kind), address, now=now)
    subject = letter.headers["Subject"]
    assert subject == ("One concern waits for you" if number == 1 else "2 concerns wait for you")
    assert told(message)["link"] in letter.text
    for private in (concerns[0].text, concerns[0].place_text, "ana@", concerns[0].tracking_code):
        assert private not in f"{subject}{letter.text}{letter.html}"
    assert concerns[0].staff_reference not in subject


def test_nobody_hears_before_it_is_over_and_a_stop_tells_of_what_was_done(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    many(agency, CHUNK + 2)
    run = begun(agency, boss, Verb.ASSIGN, now, officer=colleague.pk)
    assert bulk.work(run, now=now, rows=1) == CHUNK
    assert notices_of_steps() == []
    bulk.stop(run=run, user=boss, now=now)
    assert told(the_notice())["number"] == CHUNK


def test_two_workers_that_both_find_it_done_tell_once(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    many(agency, 2)
    run = worked(begun(agency, boss, Verb.ASSIGN, now, officer=colleague.pk), now)
    assert run.status == Status.DONE
    run.status = Status.RUNNING
    bulk._end(run, now=now)
    assert len(notices_of_steps()) == 1


def test_each_officer_of_an_area_hears_of_their_own(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    west, east = many(agency, 2), many_in_the_east(agency)
    for concern in (*west, *east):
        triage.assign(
            concern_id=concern.pk,
            seen_version=1,
            officer_id=boss.pk,
            by=Actor.staff(boss.pk),
            now=now,
        )
    worked(begun(agency, boss, Verb.AREA, now), now)
    numbers = {
        message.contact_id: told(message)["number"]
        for message in Message.objects.filter(subject_type="bulk")
    }
    assert numbers == {officer.contact_id: 2, colleague.contact_id: 1}


def many_in_the_east(agency: Agency) -> list[Concern]:
    lon, lat = EAST_POINT
    return [file_report(agency, submission_key="east", lon=lon, lat=lat).concern]


def test_one_case_is_opened_at_once_and_what_went_on_is_not_counted(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    first, second = many(agency, 2)
    worked(begun(agency, boss, Verb.ASSIGN, now, officer=colleague.pk), now)
    Concern.objects.filter(pk=first.pk).update(owner=officer)
    message = the_notice()
    context = told(message)
    assert context["number"] == 1
    assert context["link"].endswith(f"/desk/concerns/{second.staff_reference}/")
    Concern.objects.filter(pk=second.pk).update(owner=officer)
    assert not is_true(message)


def test_who_gives_to_themselves_hears_nothing(
    agency: Agency, officer: User, boss: User, now: datetime
) -> None:
    many(agency, 2)
    worked(begun(agency, boss, Verb.ASSIGN, now, officer=boss.pk), now)
    assert notices_of_steps() == []


def test_undoing_ends_the_first_mail_and_tells_who_has_them_again(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    many(agency, 2)
    run = worked(begun(agency, boss, Verb.ASSIGN, now, officer=colleague.pk), now)
    first = the_notice()
    worked(bulk.undo(run=run, user=boss, now=now), now)
    assert not is_true(first)
    assert {(event, contact) for _kind, event, contact in notices_of_steps()} == {
        ("given", colleague.contact_id),
        ("given_back", officer.contact_id),
    }
    again = the_notice(given_notices.GIVEN_BACK)
    assert is_true(again)
    assert told(again)["number"] == 2


def test_members_of_a_team_who_hear_of_new_work_hear_once(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    team = Team.objects.create(agency=agency, name="Traffic")
    TeamMember.objects.create(agency=agency, team=team, user=colleague)
    TeamMember.objects.create(agency=agency, team=team, user=boss, hears_of_new=False)
    concerns = many(agency, 2)
    worked(begun(agency, boss, Verb.TEAM, now, team=team.pk), now)
    assert notices_of_steps() == [(given_notices.MANY_FOR_TEAM, "given", colleague.contact_id)]
    message = the_notice()
    assert told(message)["link"].endswith(f"/desk/concerns/?team={team.pk}")
    Concern.objects.filter(pk=concerns[0].pk).update(owner=colleague)
    assert told(message)["number"] == 1


def test_a_corrected_kind_that_sends_cases_on_tells_once(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    concerns = many(agency, 2)
    Concern.objects.filter(pk__in=[each.pk for each in concerns]).update(owner=None)
    before = Message.objects.filter(kind="concerns.new_for_owner").count()
    category = category_of(agency, "noise").pk
    worked(begun(agency, boss, Verb.CATEGORY, now, category=category), now)
    assert notices_of_steps() == [(given_notices.MANY_FOR_OWNER, "given", officer.contact_id)]
    assert Message.objects.filter(kind="concerns.new_for_owner").count() == before
