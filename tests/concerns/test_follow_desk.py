"""What staff see of their reporters' wishes, and what reporters see of their readers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from concerns.actions import asking, correcting
from concerns.forms.follow import new_pass
from concerns.models import Concern, DelayReason, RatingRelease, Reading, RemovalRequest
from concerns.notices import NEWS
from concerns.views.case_lists import case_lists
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.audit.subjects import Subject
from engagement.outbox.models import Message
from engagement.people.models import IdentityRead, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.concerns.conftest import EAST_POINT, NOW, file_report, hire
from tests.worlds import signed_in

REPORTER = Actor.reporter()


@pytest.fixture(autouse=True)
def in_november() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def case(client: Client, concern: Concern) -> BeautifulSoup:
    answer = client.get(f"/desk/concerns/{concern.staff_reference}/")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def follow(concern: Concern, **typed: str) -> str:
    answer = Client().post("/track/", {"pass": new_pass(concern.tracking_code), **typed})
    assert answer.status_code == 200
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text().split())


def test_the_reporter_reads_which_roles_opened_the_report_and_no_name(
    agency: Agency, concern: Concern, officer: User
) -> None:
    assert "Nobody has opened its page so far." in follow(concern)
    boss = hire("Captain Canary", Role.SUPERVISOR, agency)
    for client in (signed_in(officer), signed_in(officer), signed_in(boss)):
        case(client, concern)
        case(client, concern)
    assert Reading.objects.count() == 2
    page = follow(concern)
    assert "An officer, " in page
    assert "A supervisor, " in page
    assert "Canary" not in page
    assert "Officer West" not in page


def test_only_who_may_open_an_address_sees_by_name_who_read_it(
    agency: Agency, concern: Concern, officer: User
) -> None:
    boss = hire("Captain Canary", Role.SUPERVISOR, agency)
    assert "Who opened this page" not in case(signed_in(officer), concern).get_text()
    names = case(signed_in(boss), concern).select("[aria-labelledby=readers-heading] li")
    assert ["Officer West" in name.get_text() for name in names] == [True, False]


def test_who_may_not_read_a_concern_is_not_written_down_as_its_reader(
    concern: Concern, stranger: User
) -> None:
    answer = signed_in(stranger).get(f"/desk/concerns/{concern.staff_reference}/")
    assert answer.status_code == 404
    assert not Reading.objects.exists()


def test_opening_an_address_is_shown_by_role_and_day(agency: Agency, told: Concern) -> None:
    boss = hire("Captain Canary", Role.SUPERVISOR, agency)
    subject = Subject("concern", told.staff_reference)
    IdentityRead.objects.create(
        agency=agency,
        by_user=boss,
        subject_type=subject.type,
        subject_reference=subject.reference,
        reason=b"sealed",
        read_at=NOW,
    )
    page = follow(told)
    assert "A supervisor, " in page
    assert "opened your contact" in page
    assert "Canary" not in page


def test_staff_say_why_it_is_late_and_the_reporter_reads_it(
    told: Concern, officer: User, in_november: time_machine.Traveller
) -> None:
    in_november.shift(timedelta(days=200))
    client = signed_in(officer)
    assert "Nobody has taken it on yet." in follow(told)
    form = case(client, told).select_one("form[action$='/delay/']")
    assert form is not None
    sent = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    answer = client.post(
        str(form["action"]), {**sent, "text": "The crew is out of paint.", "step": "send"}
    )
    assert answer.status_code == 302
    assert "The crew is out of paint." in follow(told)
    assert DelayReason.objects.count() == 1
    assert Message.objects.filter(kind=NEWS).count() == 1
    again = client.post(str(form["action"]), {**sent, "text": "Twice", "step": "send"})
    assert again.status_code == 409, "the page was no longer the newest"
    assert DelayReason.objects.count() == 1


def test_what_is_in_time_shows_no_delay(told: Concern, officer: User) -> None:
    assert case(signed_in(officer), told).select_one("form[action$='/delay/']") is None
    assert "It is late" not in follow(told)


def test_a_request_to_remove_words_waits_for_a_person_and_is_answered_in_words(
    concern: Concern, officer: User
) -> None:
    page = follow(concern, verb="removal", text="My street name")
    assert "Staff have not answered yet." in page
    follow(concern, verb="removal", text="And my age")
    follow(concern, verb="removal", text="And my age")
    request = RemovalRequest.objects.get()
    assert request.asked == "My street name\n\nAnd my age"
    client = signed_in(officer)
    assert concern.staff_reference in client.get("/desk/concerns/from-reporters/").content.decode()
    page_of_case = case(client, concern)
    assert page_of_case.select_one("a.button[href='#asks']"), "what waits is named on top"
    form = page_of_case.select_one("form[action$='/removal/']")
    assert form is not None
    sent = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    client.post(str(form["action"]), {**sent, "text": "Both are painted over.", "step": "send"})
    assert "Both are painted over." in follow(concern)
    assert case(client, concern).select_one("a.button[href='#asks']") is None
    assert "No open requests." in client.get("/desk/concerns/from-reporters/").content.decode()
    assert Concern.objects.get().text == concern.text, "asking removes nothing"
    for entry in Entry.objects.filter(event__startswith="CONCERN_REMOVAL"):
        assert "street" not in str(getattr(entry, "payload", ""))


def test_the_desk_shows_where_it_pointed_before(concern: Concern, officer: User) -> None:
    place = correcting.Place(*EAST_POINT, "by the mill", "map", is_home=False)
    correcting.correct_place(concern_id=concern.pk, place=place, by=REPORTER, now=NOW)
    asks = case(signed_in(officer), concern).select_one("#asks")
    assert asks is not None
    assert "Before: by the bakery." in asks.get_text()


@pytest.mark.privacy
def test_the_desk_shows_no_rating_before_ten_were_counted_together(
    agency: Agency, officer: User
) -> None:
    client = signed_in(officer)
    assert "Nothing yet." in client.get("/desk/concerns/from-reporters/").content.decode()
    counts = {"respect": {"yes": 9, "no": 1}, "informed": {}, "better": {"partly": 3}}
    RatingRelease.objects.create(agency=agency, released_on=NOW.date(), reporters=10, counts=counts)
    page = BeautifulSoup(client.get("/desk/concerns/from-reporters/").content, "html.parser")
    rows = [[cell.get_text() for cell in row.select("td")] for row in page.select("tbody tr")]
    assert rows == [["9", "0", "1"], ["0", "0", "0"], ["0", "3", "0"]]


def test_the_officers_name_is_shown_only_where_the_agency_publishes_names(
    agency: Agency, concern: Concern, officer: User
) -> None:
    assert "An officer for district west" in follow(concern)
    assert officer.name not in follow(concern)
    agency.publishes_officer_names = True
    agency.save()
    assert officer.name in follow(concern)


def test_nobody_has_it_yet_is_said_in_words(agency: Agency) -> None:
    nobody = file_report(agency).concern
    assert "Nobody yet." in follow(nobody)


def test_reporters_ask_by_words_and_staff_cannot_ask_for_them(concern: Concern) -> None:
    with pytest.raises(asking.BadWords):
        asking.ask_removal(concern_id=concern.pk, text=" ", by=REPORTER, now=timezone.now())


def test_an_unanswered_wish_stands_before_what_was_told_earlier(
    concern: Concern, officer: User
) -> None:
    hour, by = timedelta(hours=1), Actor.staff(officer.pk)
    seen = Concern.objects.get().version
    asking.explain_delay(
        concern_id=concern.pk, seen_version=seen, text="Paint is late", by=by, now=NOW
    )
    asking.ask_removal(concern_id=concern.pk, text="My street", by=REPORTER, now=NOW + hour)
    kinds = [aside.kind for aside in case_lists(concern).asides]
    assert kinds == ["removal", "delay"]
