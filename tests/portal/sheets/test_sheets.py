"""Sheets say what waits and near where; never who, never their words, never a private case."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from concerns.actions import following, triage
from concerns.models import Concern
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.outbox.registry import kind_named
from engagement.people.models import Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area, AreaVersion
from portal.models import SheetKind, SheetOrder
from portal.sheets.beat import BeatSheet, beat_sheet
from portal.sheets.mails import BEAT_SHEET, WEEK_SHEET, send_due_sheets
from portal.sheets.orders import order, set_shifts
from portal.sheets.printed import printed_beat, printed_week
from portal.sheets.typeset import TooMuchToPrint, pdf
from portal.sheets.week import monday_of, week_of
from tests import worlds

pytestmark = pytest.mark.django_db

NOW = worlds.NOW
WORDS = "Rosa Delgado at the blue door saw it"
DAY = timedelta(days=1)


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=NOW - 400 * DAY)


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=NOW - 300 * DAY)


@pytest.fixture
def supervisor(cedar: Agency) -> User:
    return worlds.officer(
        cedar, role=Role.SUPERVISOR, district=None, email="sup@cedar.example", now=NOW - 300 * DAY
    )


@pytest.fixture
def west(cedar: Agency) -> Area:
    return Area.objects.get(agency=cedar, layer="district", code="1")


def shown(sheet: BeatSheet) -> str:
    return str(printed_beat(sheet))


def codes(sheet: BeatSheet) -> dict[str, list[str]]:
    return {part.code: [line.reference for line in part.lines] for part in sheet.parts}


def test_each_case_stands_once_under_what_it_asks_for(
    cedar: Agency, west: Area, officer: User
) -> None:
    new = worlds.reported(cedar, now=NOW).concern
    late = worlds.reported(cedar, now=NOW - 60 * DAY).concern
    wrote = worlds.reported(cedar, now=NOW - 2 * DAY, level="confidential", email="a@b.example")
    following.answer(
        concern_id=wrote.concern.pk, text="Any news?", by=Actor.reporter(), now=NOW - DAY
    )
    danger = worlds.reported(cedar, now=NOW, text="I want to kill myself").concern
    assert codes(beat_sheet(cedar, west, now=NOW)) == {
        "first": [danger.staff_reference],
        "answer": [wrote.concern.staff_reference],
        "due": [late.staff_reference],
        "new": [new.staff_reference],
    }


@pytest.mark.privacy
def test_no_words_of_residents_and_no_home_come_onto_paper(cedar: Agency, west: Area) -> None:
    said = {"text": WORDS, "place_text": "Delgado's porch", "place_source": "words"}
    open_street = worlds.reported(cedar, **said).concern
    home = worlds.reported(cedar, **said, is_home=True).concern
    private = worlds.reported(cedar, **said, category="problem_property").concern
    assert private.category.is_private
    sheet = beat_sheet(cedar, west, now=NOW)
    text = shown(sheet)
    assert "Delgado" not in text
    assert private.staff_reference not in text
    places = {line.reference: line.place for part in sheet.parts for line in part.lines}
    assert places[open_street.staff_reference] == "near Main St"
    assert places[home.staff_reference] == "West District (place at the desk)"
    assert "Delgado" not in str(printed_week(week_of(cedar, monday_of(NOW.date()), now=NOW)))


def test_another_area_and_another_agency_are_not_on_it(cedar: Agency, west: Area) -> None:
    other = worlds.agency("eastfield", east=1.0, now=NOW - 400 * DAY)
    worlds.reported(cedar, lon=worlds.LON + 1.5 * worlds.STEP)
    worlds.reported(other, lon=worlds.LON + 1 + worlds.STEP / 2)
    assert beat_sheet(cedar, west, now=NOW).is_empty


def test_the_sheet_is_tagged_pdf_and_markup_in_it_is_only_text() -> None:
    part = {
        "heading": "#panic()",
        "head": ["*a*"],
        "widths": [1],
        "rows": [['#read("/etc/passwd")']],
        "empty": "",
        "more": "",
    }
    made = pdf("sheet", {"title": "$x", "lead": "@y", "footer": "<z>", "parts": [part]})
    assert made.startswith(b"%PDF")
    assert b"/StructTreeRoot" in made
    assert b"root:" not in made
    with pytest.raises(TooMuchToPrint):
        pdf("sheet", {"title": "x" * 500_000})


def test_pages_pdf_and_csv_open_for_those_who_may(
    cedar: Agency, west: Area, officer: User, supervisor: User
) -> None:
    worlds.reported(cedar)
    theirs, leads = worlds.trusted(officer), worlds.trusted(supervisor)
    for name, arguments in (
        ("desk_sheets", []),
        ("desk_sheet", [west.slug]),
        ("desk_sheet_pdf", [west.slug]),
    ):
        answer = theirs.get(reverse(name, args=arguments))
        assert answer.status_code == 200, name
        assert "no-store" in answer["Cache-Control"]
    for name in ("desk_week", "desk_week_pdf", "desk_week_csv"):
        assert theirs.get(reverse(name)).status_code in (403, 404), name
        assert leads.get(reverse(name)).status_code == 200, name
        assert leads.get(reverse(name), {"from": "nonsense"}).status_code == 200
        assert leads.get(reverse(name), {"from": "0001-01-01"}).status_code == 200


def test_no_sheet_asks_more_than_twelve_questions(
    cedar: Agency, west: Area, supervisor: User
) -> None:
    worlds.reported(cedar)
    client = worlds.trusted(supervisor)
    for path in (reverse("desk_sheet", args=[west.slug]), reverse("desk_week")):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        assert len(asked) <= 12, path


def test_the_week_counts_what_happened_in_it(cedar: Agency, officer: User) -> None:
    by = Actor.staff(officer.pk)
    monday = monday_of(cedar.day_of(NOW))
    first = worlds.reported(cedar, now=NOW, level="confidential", email="a@b.example").concern
    worlds.reported(cedar, now=NOW - 7 * DAY)
    worlds.reported(cedar, now=NOW - 364 * DAY)

    def press(verb: object, days: int, **more: object) -> None:
        first.refresh_from_db()
        verb(  # type: ignore[operator]
            concern_id=first.pk, seen_version=first.version, by=by, now=NOW + days * DAY, **more
        )

    press(triage.accept, 0)
    press(triage.start, 0)
    press(triage.resolve, 1, outcome="fixed", words="Painted over.")
    press(triage.reopen, 2)
    week = week_of(cedar, monday, now=NOW + 2 * DAY)
    this = week.whole.this
    assert (this.received, this.answered, this.answered_in_time) == (1, 1, 1)
    assert (this.resolved, this.reopened) == (1, 1)
    assert week.whole.before.received == 1
    assert week.whole.a_year_ago.received == 1
    assert [area.this.received for area in week.areas if area.name == "West District"] == [1]
    assert week.whole.now.open == Concern.objects.open().count()


def test_a_move_on_sunday_night_belongs_to_the_week_of_the_agency(cedar: Agency) -> None:
    sunday = datetime(2026, 11, 22, 23, 30, tzinfo=cedar.zone)
    worlds.reported(cedar, now=sunday)
    assert week_of(cedar, date(2026, 11, 16), now=sunday).whole.this.received == 1
    assert week_of(cedar, date(2026, 11, 23), now=sunday + DAY).whole.this.received == 0


def test_three_reports_at_one_corner_are_a_repeat_place_and_a_home_is_none(cedar: Agency) -> None:
    for number in range(3):
        worlds.reported(cedar, now=NOW - number * DAY)
        worlds.reported(
            cedar, now=NOW - number * DAY, is_home=True, lat=worlds.LAT + worlds.STEP / 4
        )
    found = week_of(cedar, monday_of(cedar.day_of(NOW)), now=NOW).repeats
    assert [(one.where, one.number) for one in found] == [("near Main St", 3)]


def ordered(cedar: Agency, who: User, kind: SheetKind, area: Area | None = None) -> None:
    order(agency=cedar, kind=kind, area=area, wanted=True, by=Actor.staff(who.pk), now=NOW)


def test_a_sheet_is_mailed_once_as_the_shift_begins(
    cedar: Agency, west: Area, officer: User
) -> None:
    ordered(cedar, officer, SheetKind.BEAT, west)
    ordered(cedar, officer, SheetKind.BEAT, west)
    assert SheetOrder.objects.count() == 1
    set_shifts(agency=cedar, starts=[time(14)], by=Actor.staff(officer.pk), now=NOW)
    two = datetime(2026, 11, 18, 14, 0, tzinfo=cedar.zone)
    assert send_due_sheets(now=two - timedelta(minutes=1)) == 0
    assert send_due_sheets(now=two + timedelta(minutes=3)) == 1
    assert send_due_sheets(now=two + timedelta(minutes=8)) == 0
    assert send_due_sheets(now=two + timedelta(hours=2)) == 0
    assert send_due_sheets(now=two + DAY) == 1


def test_a_shift_at_midnight_is_not_missed(cedar: Agency, west: Area, officer: User) -> None:
    ordered(cedar, officer, SheetKind.BEAT, west)
    set_shifts(agency=cedar, starts=[time(23, 50)], by=Actor.staff(officer.pk), now=NOW)
    after = datetime(2026, 11, 19, 0, 5, tzinfo=cedar.zone)
    assert send_due_sheets(now=after) == 1


def test_the_week_comes_on_monday_and_names_no_case(cedar: Agency, supervisor: User) -> None:
    ordered(cedar, supervisor, SheetKind.WEEK)
    monday = datetime(2026, 11, 23, 6, 10, tzinfo=cedar.zone)
    late = worlds.reported(cedar, now=NOW - 60 * DAY).concern
    assert send_due_sheets(now=monday - DAY) == 0
    assert send_due_sheets(now=monday) == 1
    message = Message.objects.get(kind=WEEK_SHEET)
    kind = kind_named(WEEK_SHEET)
    with time_machine.travel(monday, tick=False):
        assert kind.still_true(message)
        told = str(kind.context(message))
    assert "Came in" in told
    assert late.staff_reference not in told


@pytest.mark.privacy
def test_who_lost_the_role_or_ended_it_gets_no_sheet(
    cedar: Agency, west: Area, officer: User
) -> None:
    ordered(cedar, officer, SheetKind.BEAT, west)
    set_shifts(agency=cedar, starts=[time(14)], by=Actor.staff(officer.pk), now=NOW)
    send_due_sheets(now=datetime(2026, 11, 18, 14, 1, tzinfo=cedar.zone))
    message, kind = Message.objects.get(), kind_named(BEAT_SHEET)
    assert kind.still_true(message)
    assert "Beat sheet: West District" in str(kind.context(message))
    Grant.objects.filter(user=officer).update(
        until_on=cedar.day_of(timezone.now()) - timedelta(days=2)
    )
    assert not kind.still_true(message)
    Grant.objects.filter(user=officer).update(until_on=None)
    assert kind.still_true(message)
    SheetOrder.objects.all().delete()
    assert not kind.still_true(message)


def posted(client: Client, name: str, **said: str) -> int:
    return client.post(reverse(name), said).status_code


def test_orders_and_shifts_by_form(
    cedar: Agency, west: Area, officer: User, supervisor: User
) -> None:
    theirs, leads = worlds.trusted(officer), worlds.trusted(supervisor)
    assert posted(theirs, "desk_sheet_order", kind="beat", area=west.slug, wanted="1") == 302
    assert SheetOrder.objects.get().area == west
    assert posted(theirs, "desk_sheet_order", kind="beat", area=west.slug, wanted="0") == 302
    assert not SheetOrder.objects.exists()
    assert posted(theirs, "desk_sheet_order", kind="week", wanted="1") == 404
    assert posted(theirs, "desk_sheet_order", kind="beat", area="nowhere", wanted="1") == 404
    assert posted(theirs, "desk_shifts", starts="06:00") in (403, 404)
    assert posted(leads, "desk_shifts", starts="2 pm, 06:00") == 302
    refused = leads.post(reverse("desk_shifts"), {"starts": "06:00, noonish"})
    assert refused.status_code == 422
    assert "noonish" in refused.content.decode()
    page = leads.get(reverse("desk_sheets")).content.decode()
    assert "06:00, 14:00" in page


def test_a_district_of_today_is_named_for_weeks_before_it_was_drawn(cedar: Agency) -> None:
    AreaVersion.objects.filter(agency=cedar).update(valid_from=cedar.day_of(NOW))
    worlds.reported(cedar, now=NOW)
    names = [area.name for area in week_of(cedar, date(2026, 11, 9), now=NOW).areas]
    assert names == ["East District", "West District"]
