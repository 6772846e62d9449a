"""Saying that one comes, without an account, a script or an e-mail; changing it; taking it back."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from engagement.doors.submission import new_key
from engagement.outbox.models import Message
from engagement.people.models import Contact
from meetings import links
from meetings.models import Meeting, Rsvp
from meetings.views import public_rsvp
from tests import worlds
from tests.meetings import halls

pytestmark = pytest.mark.django_db
VARYING = re.compile(rb'name="(csrfmiddlewaretoken|key)" value="[^"]+"')


@pytest.fixture
def hall() -> Meeting:
    return halls.announced(worlds.agency(now=timezone.now()))


def send(hall: Meeting, client: Client | None = None, **typed: Any) -> HttpResponse:
    values = {"key": new_key(), "party_size": "2", "email": "", "needs": "", **typed}
    return (client or Client()).post(f"/meetings/{hall.slug}/rsvp/", values)  # type: ignore[return-value]


def own_link(response: HttpResponse) -> str:
    found = re.search(rb'href="(/meetings/rsvp/[^"]+)"', response.content)
    assert found
    return found[1].decode()


def test_an_answer_with_an_email_is_confirmed_by_mail_and_shows_no_link(hall: Meeting) -> None:
    response = send(hall, email="ana@home.example")
    assert response.status_code == 200
    text = response.content.decode()
    assert "We expect you" in text
    assert "ana@home.example" in text
    assert "/meetings/rsvp/" not in text
    assert Message.objects.filter(kind="meetings.rsvp").count() == 1
    assert "no-store" in response["Cache-Control"]


def test_without_an_email_the_receipt_says_what_that_means_and_holds_the_link(
    hall: Meeting,
) -> None:
    response = send(hall)
    assert "We cannot remind you" in response.content.decode()
    assert Message.objects.count() == 0
    assert Client().get(own_link(response)).status_code == 200


def test_pressing_twice_stores_one_answer_and_shows_the_same_receipt(hall: Meeting) -> None:
    key = new_key()
    first, second = send(hall, key=key), send(hall, key=key)
    assert own_link(first) == own_link(second)
    assert Rsvp.objects.count() == 1
    hall.refresh_from_db()
    assert hall.seats_taken == 2


def test_the_page_never_tells_that_an_address_answered_before(hall: Meeting) -> None:
    first = send(hall, email="ana@home.example")
    again = send(hall, email="ana@home.example")
    stranger = send(hall, email="bob@home.example")
    bodies = [
        VARYING.sub(b"", r.content).replace(b"bob@", b"ana@") for r in (first, again, stranger)
    ]
    assert bodies[0] == bodies[1] == bodies[2]
    assert Rsvp.objects.count() == 2


def test_a_full_room_says_so_to_everyone_alike(hall: Meeting) -> None:
    send(hall, email="ana@home.example")
    Meeting.objects.filter(pk=hall.pk).update(capacity=2)
    bodies = set()
    for email in ("ana@home.example", "bob@home.example"):
        response = send(hall, email=email)
        assert response.status_code == 409
        bodies.add(VARYING.sub(b"", response.content).replace(b"bob@", b"ana@"))
    assert len(bodies) == 1
    assert Rsvp.objects.count() == 1


def test_after_a_mistake_everything_typed_is_still_there(hall: Meeting) -> None:
    response = send(hall, email="no address", needs="A seat at the front", party_size="3")
    text = response.content.decode()
    assert response.status_code == 422
    assert "no address" in text
    assert "A seat at the front" in text
    assert '<option value="3" selected>' in text
    assert Rsvp.objects.count() == 0


def test_an_old_form_is_shown_anew_with_all_that_was_typed(hall: Meeting) -> None:
    response = send(hall, key="forged", needs="A ramp")
    assert response.status_code == 422
    assert "A ramp" in response.content.decode()
    assert Rsvp.objects.count() == 0


def test_a_flood_is_slowed_down_and_loses_nothing(
    hall: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_rsvp, "ANSWERS", 1)
    assert send(hall).status_code == 200
    response = send(hall, needs="A ramp")
    assert response.status_code == 429
    assert "Wait ten minutes" in response.content.decode()
    assert "A ramp" in response.content.decode()
    assert Rsvp.objects.count() == 1


def test_opening_a_link_changes_nothing(hall: Meeting) -> None:
    link = own_link(send(hall))
    for _time in range(3):
        assert Client().get(link).status_code == 200
    assert Rsvp.objects.get().is_going


def test_a_broken_link_is_a_page_that_does_not_exist() -> None:
    assert Client().get("/meetings/rsvp/nonsense/").status_code == 404
    assert Client().post("/meetings/rsvp/nonsense/", {"verb": "withdraw"}).status_code == 404


def test_an_answer_is_changed_and_taken_back_by_its_link(hall: Meeting) -> None:
    link = own_link(send(hall, needs="Sign language"))
    page = Client().get(link).content.decode()
    assert "Sign language" not in page.replace("example an interpreter, sign language", "")
    changed = Client().post(link, {"verb": "change", "party_size": "4", "needs": ""})
    assert "Your answer was changed." in changed.content.decode()
    stored = Rsvp.objects.get()
    assert (stored.party_size, stored.has_needs) == (4, True)
    gone = Client().post(link, {"verb": "withdraw"})
    assert "Your seats are free again." in gone.content.decode()
    hall.refresh_from_db()
    assert hall.seats_taken == 0


def test_the_link_of_an_answer_is_told_to_no_other_page(hall: Meeting) -> None:
    assert Client().get(own_link(send(hall)))["Referrer-Policy"] == "no-referrer"


def test_a_signed_in_resident_finds_the_meeting_under_their_own(hall: Meeting) -> None:
    ana = worlds.signed_in(worlds.resident(now=timezone.now()))
    send(hall, ana, is_listed="on")
    assert halls.TITLE in ana.get("/my/meetings/").content.decode()
    bob = worlds.signed_in(worlds.resident("bob@home.example", now=timezone.now()))
    assert halls.TITLE not in bob.get("/my/meetings/").content.decode()


def test_a_signed_in_resident_may_keep_it_out_of_their_account(hall: Meeting) -> None:
    ana = worlds.signed_in(worlds.resident(now=timezone.now()))
    contacts = Contact.objects.count()
    send(hall, ana)
    assert Rsvp.objects.get().account_link is None
    assert Contact.objects.count() == contacts


def test_answers_close_with_a_sentence(hall: Meeting) -> None:
    Meeting.objects.filter(pk=hall.pk).update(closes_hours=24 * 30)
    text = Client().get(f"/meetings/{hall.slug}/rsvp/").content.decode()
    assert "It is too late to answer here" in text
    assert send(hall).status_code == 409
    assert Rsvp.objects.count() == 0


def test_links_name_one_answer_each(hall: Meeting) -> None:
    send(hall)
    send(hall)
    tokens = {links.token_for(rsvp) for rsvp in Rsvp.objects.order_by("pk")}
    assert len(tokens) == 2
