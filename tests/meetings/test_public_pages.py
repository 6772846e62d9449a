"""What everyone reads of meetings: list, page, calendar files, feed, and the joins."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from engagement.places.models import Agency, Area
from engagement.places.wording import Wording
from meetings.actions import planning
from meetings.models import Meeting
from meetings.moments import day_words, time_words
from tests import worlds
from tests.meetings import halls

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def hall(cedar: Agency) -> Meeting:
    return halls.announced(cedar)


def page(path: str, **headers: str) -> str:
    response = Client().get(path, headers=headers)
    assert response.status_code == 200, path
    return response.content.decode()


def test_without_meetings_the_list_teaches_how_to_hear_of_the_first(cedar: Agency) -> None:
    found = page("/meetings/")
    assert "Nothing planned yet" in found
    assert "/meetings/feed.ics" in found


def test_the_list_says_when_with_weekday_and_zone(hall: Meeting) -> None:
    found = page("/meetings/")
    assert halls.TITLE in found
    assert day_words(hall) in found
    assert time_words(hall).endswith(("CST", "CDT"))
    assert time_words(hall) in found


def test_a_draft_is_nowhere(cedar: Agency) -> None:
    draft = halls.drafted(cedar)
    assert halls.TITLE not in page("/meetings/") + page("/meetings/feed.rss") + page("/")
    assert Client().get(f"/meetings/{draft.slug}/").status_code == 404
    assert Client().get(f"/meetings/{draft.slug}.ics").status_code == 404
    assert Client().get(f"/meetings/{draft.slug}/rsvp/").status_code == 404


def test_an_area_shows_its_own_meetings_and_those_for_all(cedar: Agency) -> None:
    west, east = Area.objects.filter(agency=cedar, layer="district").order_by("code")
    halls.announced(cedar, title=Wording({"en": "Only west"}), area_ids=[west.pk])
    halls.announced(cedar, title=Wording({"en": "For all"}))
    for place, is_there in ((west, True), (east, False)):
        for path in (f"/meetings/?area={place.slug}", f"/areas/{place.slug}/"):
            found = page(path)
            assert ("Only west" in found, "For all" in found) == (is_there, True), path


def test_the_page_says_everything_once_in_the_readers_language(hall: Meeting) -> None:
    found = page(f"/meetings/{hall.slug}/")
    for words in (halls.TITLE, day_words(hall), "Mill Street Library", "12 Mill St", "Spanish"):
        assert words in found
    spanish = page(f"/meetings/{hall.slug}/", accept_language="es")
    assert halls.SPANISH_TITLE in spanish
    assert "Díganos dónde es peor." in spanish


def test_what_lacks_a_translation_says_so(cedar: Agency) -> None:
    hall = halls.announced(cedar, summary=Wording({"en": "Only English."}))
    found = page(f"/meetings/{hall.slug}/", accept_language="es")
    assert 'lang="en"' in found
    assert "Only English." in found


def test_the_way_in_is_on_no_public_page(cedar: Agency) -> None:
    way_in = planning.WayIn("https://meet.example/secret-room", "555-0199")
    hall = halls.announced(cedar, mode="hybrid", joining=way_in)
    for path in (
        f"/meetings/{hall.slug}/",
        f"/meetings/{hall.slug}.ics",
        f"/meetings/{hall.slug}/rsvp/",
        "/meetings/feed.ics",
        "/meetings/feed.rss",
        "/meetings/",
    ):
        found = page(path)
        assert "secret-room" not in found, path
        assert "555-0199" not in found, path


def test_a_moved_meeting_shows_what_held_before(hall: Meeting) -> None:
    before = day_words(hall)
    change = planning.Change(
        starts_wall=halls.evening(21), minutes=60, place_name="Lantern Hall", place_address=""
    )
    now = timezone.now()
    moved = planning.move(meeting=hall, version=hall.version, change=change, by=halls.BY, now=now)
    found = page(f"/meetings/{hall.slug}/")
    assert "This meeting was moved" in found
    assert day_words(moved) in found
    assert f"<del>{before}" in found
    assert "Mill Street Library, 12 Mill St</del>" in found


def test_a_cancelled_meeting_stays_and_says_why(hall: Meeting) -> None:
    now = timezone.now()
    reason = Wording({"en": "The library is flooded."})
    planning.cancel(meeting=hall, version=hall.version, reason=reason, by=halls.BY, now=now)
    found = page(f"/meetings/{hall.slug}/")
    assert "This meeting was cancelled" in found
    assert "The library is flooded." in found
    assert "I am coming" not in found
    assert "Cancelled" in page("/meetings/")
    assert "Cancelled: Speeding" in page("/meetings/feed.rss")


def test_calendar_files_parse_and_name_nobody(hall: Meeting) -> None:
    halls.answered(hall)
    for path in (f"/meetings/{hall.slug}.ics", "/meetings/feed.ics"):
        response = Client().get(path)
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        (event,) = Calendar.from_ical(response.content).walk("VEVENT")
        assert event["UID"] == hall.uid
        assert event.decoded("DTSTART") == hall.starts_at
        assert "ATTENDEE" not in event


def test_a_meeting_that_is_over_moves_to_the_past(cedar: Agency) -> None:
    hall = halls.announced(cedar)
    ended = timezone.now() - timedelta(days=1)
    Meeting.objects.filter(pk=hall.pk).update(
        starts_at=ended - timedelta(hours=1), ends_at=ended, starts_on=ended.date()
    )
    assert halls.TITLE not in page("/meetings/")
    assert halls.TITLE in page("/meetings/?show=past")
    assert "This meeting is over." in page(f"/meetings/{hall.slug}/")


def test_the_front_page_leads_to_the_next_meetings(hall: Meeting) -> None:
    assert f"/meetings/{hall.slug}/" in page("/")


def test_a_mailed_link_opens_in_the_name_of_its_own_agency(cedar: Agency) -> None:
    cedar.is_default = True
    cedar.save()
    other = worlds.agency("eastfield", east=1.0, now=timezone.now())
    hall = halls.announced(other)
    assert "Eastfield Police" in page(f"/meetings/{hall.slug}/")


def test_other_programs_read_the_same_list(hall: Meeting) -> None:
    halls.drafted(hall.agency)
    (found,) = Client().get("/api/v1/meetings/").json()["results"]
    assert found["title"] == {"en": halls.TITLE, "es": halls.SPANISH_TITLE}
    assert found["timezone"] == "America/Chicago"
    assert (found["uid"], found["revision"]) == (hall.uid, 0)
    assert not {"seats_taken", "joining", "version"} & found.keys()
