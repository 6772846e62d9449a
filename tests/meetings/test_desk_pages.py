"""What organisers do: draft, preview, announce, change, move, cancel; and who may not."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from engagement.doors.submission import new_key
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from meetings.models import Meeting
from meetings.moments import day_words, when_words
from tests import worlds
from tests.meetings import halls

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def organiser(cedar: Agency) -> User:
    return worlds.officer(
        cedar, "Jo Fenwick", role=Role.ORGANISER, district=None, now=timezone.now()
    )


@pytest.fixture
def desk(organiser: User) -> Client:
    return worlds.signed_in(organiser)


def typed(**changes: Any) -> dict[str, Any]:
    day = halls.evening().date()
    return {
        "seen_version": "0",
        "kind": "town_hall",
        "title_en": halls.TITLE,
        "title_es": halls.SPANISH_TITLE,
        "summary_en": "Tell us where it is worst.",
        "day": day.isoformat(),
        "starts": "18:30",
        "ends": "20:00",
        "mode": "in_person",
        "place_name": "Mill Street Library",
        "place_address": "12 Mill St",
        "languages": ["en", "es"],
        "closes": "0",
        **changes,
    }


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def new(desk: Client, **changes: Any) -> HttpResponse:
    return desk.post("/desk/meetings/new/", typed(**changes))  # type: ignore[return-value]


def path(meeting: Meeting, verb: str = "") -> str:
    return f"/desk/meetings/{meeting.slug}/{verb + '/' if verb else ''}"


def test_an_organiser_drafts_previews_and_announces(desk: Client) -> None:
    made = new(desk)
    assert made.status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.is_draft
    assert meeting.starts_wall == halls.evening()
    assert meeting.minutes == 90
    preview = text(desk.get(path(meeting, "announce")))
    for words in (halls.SPANISH_TITLE, day_words(meeting), "Mill Street Library", "You are coming"):
        assert words in preview
    desk.post(path(meeting, "announce"), {"seen_version": meeting.version})
    meeting.refresh_from_db()
    assert meeting.is_announced
    assert Message.objects.count() == 0


def test_the_preview_is_the_public_page(desk: Client, cedar: Agency) -> None:
    draft = halls.drafted(cedar)
    preview = text(desk.get(path(draft, "announce")))
    desk.post(path(draft, "announce"), {"seen_version": draft.version})
    public = text(Client().get(f"/meetings/{draft.slug}/"))
    article = re.compile(r"<article.*?</article>", re.DOTALL)
    buttons = re.compile(
        r'<div class="stack stack--small">\s*<div class="actions">.*?</div>\s*'
        r"<p.*?</p>\s*</div>",
        re.DOTALL,
    )
    shown = article.search(preview)
    read = article.search(public)
    assert shown
    assert read
    assert shown[0].split() == buttons.sub("", read[0]).split()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title_en": ""}, "Give the meeting a title."),
        ({"place_name": ""}, "Write where it is."),
        ({"mode": "online"}, "Write the link or the phone number"),
        ({"ends": "18:00"}, "The end must come after the start"),
        ({"day": "2020-01-01"}, "already past"),
        ({"day": "2027-03-14", "starts": "02:30", "ends": "04:00"}, "2:30 AM does not exist"),
    ],
)
def test_a_mistake_is_said_in_words_and_nothing_typed_is_lost(
    desk: Client, changes: dict[str, str], sentence: str
) -> None:
    response = new(desk, agenda_en="First the numbers", **changes)
    assert response.status_code == 422
    assert sentence in text(response)
    assert "First the numbers" in text(response)
    assert Meeting.objects.count() == 0


def test_pressing_twice_keeps_one_draft(desk: Client) -> None:
    key = new_key()
    first, second = new(desk, key=key), new(desk, key=key)
    assert first["Location"] == second["Location"]
    assert Meeting.objects.count() == 1
    new(desk, key=new_key())
    assert Meeting.objects.count() == 2


def test_an_hour_that_comes_twice_is_said_in_words(desk: Client) -> None:
    day = "2027-11-07"
    response = desk.post(
        "/desk/meetings/new/", typed(day=day, starts="01:30", ends="03:30"), follow=True
    )
    assert "1:30 AM comes twice" in text(response)
    # From 1:30 CDT to 3:30 CST a watch runs three hours.
    assert Meeting.objects.get().minutes == 180


def test_two_organisers_at_once_lose_nothing(desk: Client, cedar: Agency) -> None:
    draft = halls.drafted(cedar)
    seen = str(draft.version)
    desk.post(path(draft, "edit"), typed(seen_version=seen, title_en="Theirs"))
    late = desk.post(path(draft, "edit"), typed(seen_version=seen, title_en="Mine"))
    assert late.status_code == 409
    found = text(late)
    assert "Someone changed this meeting while you were writing" in found
    assert "Theirs" in found
    assert 'value="Mine"' in found
    draft.refresh_from_db()
    assert str(draft.title) == "Theirs"
    again = re.search(r'name="seen_version" value="(\d+)"', found)
    assert again
    desk.post(path(draft, "edit"), typed(seen_version=again[1], title_en="Mine"))
    draft.refresh_from_db()
    assert str(draft.title) == "Mine"


def test_words_of_an_announced_meeting_change_without_touching_its_time(
    desk: Client, cedar: Agency
) -> None:
    hall = halls.announced(cedar)
    desk.post(
        path(hall, "edit"), typed(seen_version=hall.version, title_en="Better", day="2031-01-01")
    )
    before = hall.starts_at
    hall.refresh_from_db()
    assert (str(hall.title), hall.starts_at, hall.revision) == ("Better", before, 0)


def moving(hall: Meeting, **changes: str) -> dict[str, str]:
    return {
        "seen_version": str(hall.version),
        "day": halls.evening(20).date().isoformat(),
        "starts": "17:00",
        "ends": "18:00",
        "mode": "in_person",
        "place_name": "Lantern Hall",
        "place_address": "",
        **changes,
    }


def test_moving_shows_old_and_new_and_how_many_are_told_before_it_tells(
    desk: Client, cedar: Agency
) -> None:
    hall = halls.announced(cedar)
    halls.answered(hall, "ana@home.example")
    halls.answered(hall, "bob@home.example")
    halls.answered(hall, None)
    preview = text(desk.post(path(hall, "move"), moving(hall, step="preview")))
    for words in (
        when_words(hall),
        "Lantern Hall",
        "2 answers get a mail",
        "1 answer came without an e-mail",
        "New time or place",
    ):
        assert words in preview
    hall.refresh_from_db()
    assert hall.revision == 0
    assert not Message.objects.filter(kind="meetings.moved").exists()
    desk.post(path(hall, "move"), moving(hall, step="tell"))
    hall.refresh_from_db()
    assert (hall.revision, hall.place_name) == (1, "Lantern Hall")
    assert Message.objects.filter(kind="meetings.moved").count() == 2


def test_moving_to_the_same_time_and_place_moves_nothing(desk: Client, cedar: Agency) -> None:
    hall = halls.announced(cedar)
    same = moving(
        hall,
        day=hall.starts_on.isoformat(),
        starts="18:30",
        ends="20:00",
        place_name="Mill Street Library",
        place_address="12 Mill St",
    )
    response = desk.post(path(hall, "move"), same)
    assert "Time and place are the same as before." in text(response)
    hall.refresh_from_db()
    assert hall.revision == 0


def test_a_stale_move_is_refused_with_both_versions(desk: Client, cedar: Agency) -> None:
    hall = halls.announced(cedar)
    desk.post(path(hall, "move"), moving(hall, place_name="Elsewhere", step="tell"))
    late = desk.post(path(hall, "move"), moving(hall, step="tell"))
    assert late.status_code == 409
    assert "Elsewhere" in text(late)
    assert "Lantern Hall" in text(late)
    hall.refresh_from_db()
    assert hall.place_name == "Elsewhere"


def test_cancelling_needs_a_reason_and_shows_it_first(desk: Client, cedar: Agency) -> None:
    hall = halls.announced(cedar)
    halls.answered(hall)
    empty = {"seen_version": str(hall.version), "reason_en": ""}
    assert desk.post(path(hall, "cancel"), empty).status_code == 422
    reason = {**empty, "reason_en": "The library is flooded."}
    preview = text(desk.post(path(hall, "cancel"), {**reason, "step": "preview"}))
    assert "1 answer gets a mail" in preview
    assert "The library is flooded." in preview
    hall.refresh_from_db()
    assert hall.is_announced
    desk.post(path(hall, "cancel"), {**reason, "step": "tell"})
    hall.refresh_from_db()
    assert hall.is_cancelled
    assert Message.objects.filter(kind="meetings.cancelled").count() == 1


def test_a_draft_can_be_thrown_away(desk: Client, cedar: Agency) -> None:
    draft = halls.drafted(cedar)
    desk.post(path(draft, "discard"), {"seen_version": str(draft.version)})
    assert Meeting.objects.count() == 0


def test_the_desk_counts_people_and_shows_no_address(desk: Client, cedar: Agency) -> None:
    hall = halls.announced(cedar)
    halls.answered(hall, "ana@home.example", party_size=3, needs="Sign language")
    page = text(desk.get(path(hall)))
    assert "3 people" in page
    assert "home.example" not in page
    assert "Sign language" not in page


def test_reading_needs_is_an_act_of_its_own(cedar: Agency, desk: Client) -> None:
    hall = halls.announced(cedar)
    halls.answered(hall, needs="Sign language, please")
    assert desk.get(path(hall, "needs")).status_code == 405
    page = text(desk.post(path(hall, "needs")))
    assert "Sign language, please" in page
    assert "home.example" not in page


def test_an_officer_reads_meetings_and_plans_none(cedar: Agency) -> None:
    officer = worlds.signed_in(worlds.officer(cedar, now=timezone.now()))
    hall, draft = halls.announced(cedar), halls.drafted(cedar)
    page = text(officer.get(path(hall)))
    assert "Move the meeting" not in page
    for one in (hall, draft):
        for verb in ("edit", "announce", "move", "cancel", "discard", "needs"):
            assert officer.post(path(one, verb), moving(one)).status_code == 404
    assert officer.get("/desk/meetings/new/").status_code == 404
    hall.refresh_from_db()
    assert (hall.is_announced, hall.revision) == (True, 0)


def test_for_another_agency_the_meeting_does_not_exist(cedar: Agency) -> None:
    hall = halls.announced(cedar)
    other = worlds.agency("eastfield", east=1.0, now=timezone.now())
    elsewhere = worlds.signed_in(
        worlds.officer(other, "Kim", role=Role.ORGANISER, district=None, now=timezone.now())
    )
    for verb in ("", "edit", "move", "cancel"):
        assert elsewhere.get(path(hall, verb)).status_code == 404
    assert halls.TITLE not in text(elsewhere.get("/desk/meetings/"))


def test_what_is_over_can_neither_move_nor_be_cancelled(desk: Client, cedar: Agency) -> None:
    hall = halls.announced(cedar)
    ended = timezone.now() - timedelta(hours=1)
    Meeting.objects.filter(pk=hall.pk).update(starts_at=ended - timedelta(hours=1), ends_at=ended)
    for verb in ("move", "cancel"):
        assert (
            desk.post(path(hall, verb), moving(hall, reason_en="x", step="tell")).status_code == 302
        )
    hall.refresh_from_db()
    assert (hall.is_announced, hall.revision) == (True, 0)
    assert halls.TITLE in text(desk.get("/desk/meetings/?show=over"))


def test_the_desk_of_an_organiser_leads_to_meetings_and_shows_no_concern(
    desk: Client, cedar: Agency
) -> None:
    concern = worlds.reported(cedar, now=timezone.now()).concern
    halls.drafted(cedar)
    page = text(desk.get("/desk/"))
    assert halls.TITLE in page
    assert concern.staff_reference not in page
    assert "/desk/concerns/" not in page
