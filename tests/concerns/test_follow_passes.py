"""Passes, scanners and second tabs: nobody acts by accident, and no typed word is lost."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from concerns.actions import triage
from concerns.models import Adoption, Concern, PlaceCorrection, Reply
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.doors.submission import new_key
from engagement.people.models import Session, User
from engagement.places.models import Agency
from tests import worlds

WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def cedar(db: None) -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def concern(cedar: Agency) -> Concern:
    return worlds.reported(cedar, now=timezone.now()).concern


def soup(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def opened(client: Client, cedar: Agency, **report: object) -> tuple[Concern, str]:
    """File a report and come back to it by code and secret: the concern and its pass."""
    receipt = worlds.reported(cedar, now=timezone.now(), **report)
    page = client.post("/track/", {"code": receipt.tracking_code, "secret": receipt.secret})
    return receipt.concern, str(page.context["pass"])


@pytest.mark.privacy
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_follows_every_address_writes_nothing(
    cedar: Agency, concern: Concern, method: str
) -> None:
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        for path in ("/track/", "/track/link/some-token/", "/track/?pass=x&verb=withdraw", "/my/"):
            getattr(client, method)(path)
    assert [one["sql"] for one in asked if one["sql"].startswith(WRITES)] == []
    assert Concern.objects.get().state == "received"


@pytest.mark.parametrize(
    "verb", ["withdraw", "erase", "adopt", "let_go", "export", "place", "rate", "removal"]
)
def test_an_old_pass_does_nothing_and_keeps_what_was_typed(cedar: Agency, verb: str) -> None:
    client = Client()
    concern, signed = opened(client, cedar)
    entries = Entry.objects.count()
    sent = {"pass": signed, "verb": verb, "text": "Nearly lost", "save": "1", "respect": "yes"}
    with travel(timezone.now() + timedelta(minutes=31)):
        page = client.post("/track/", sent)
    assert "closes after half an hour" in page.content.decode()
    assert concern.text not in page.content.decode()
    assert "Nearly lost" in page.content.decode()
    assert Entry.objects.count() == entries


@pytest.mark.privacy
def test_a_pass_of_one_report_opens_no_other_and_no_other_signature_is_a_pass(
    cedar: Agency, concern: Concern
) -> None:
    client = Client()
    own, signed = opened(client, cedar, text="The lamp is broken")
    forged = [signed.replace(own.tracking_code, concern.tracking_code), new_key(), "", "x:y:z"]
    for one in forged:
        answer = client.post("/track/", {"pass": one, "verb": "withdraw"})
        assert concern.text not in answer.content.decode()
    assert set(Concern.objects.values_list("state", flat=True)) == {"received"}
    client.post("/track/", {"pass": signed, "verb": "withdraw"})
    states = dict(Concern.objects.values_list("pk", "state"))
    assert states == {own.pk: "closed", concern.pk: "received"}


def test_words_typed_in_a_second_tab_are_shown_when_they_cannot_be_sent(cedar: Agency) -> None:
    client = Client()
    concern, signed = opened(client, cedar)
    client.post("/track/", {"pass": signed, "verb": "withdraw"})
    answer = client.post("/track/", {"pass": signed, "verb": "answer", "text": "One more thing"})
    page = soup(answer.content)
    assert "These words were not sent" in page.get_text()
    assert "One more thing" in page.get_text()
    assert not Reply.objects.filter(concern=concern).exists()


def test_the_same_press_in_two_tabs_counts_once(cedar: Agency) -> None:
    client = Client()
    concern, signed = opened(client, cedar)
    place = {
        "pass": signed,
        "verb": "place",
        "save": "1",
        "lon": f"{worlds.LON + worlds.STEP * 1.5:.6f}",
        "lat": f"{worlds.LAT + worlds.STEP / 2:.6f}",
    }
    for _tab in range(2):
        assert client.post("/track/", place).status_code == 200
    assert PlaceCorrection.objects.count() == 1
    resident = worlds.signed_in(worlds.resident())
    for _tab in range(2):
        resident.post("/track/", {"pass": signed, "verb": "adopt"})
    assert Adoption.objects.count() == 1
    concern.refresh_from_db()
    assert concern.area is not None
    assert concern.area.name == "East District"


def test_without_a_script_a_place_is_found_by_its_name(cedar: Agency) -> None:
    client = Client()
    concern, signed = opened(client, cedar)
    at = {"pass": signed, "verb": "place"}
    page = soup(client.post("/track/", at).content)
    assert page.select_one("h1").get_text() == "Correct the place"  # type: ignore[union-attr]
    found = client.post("/track/", {**at, "find_place": "1", "place_query": "Mill"})
    hit = soup(found.content).select_one("input[name=place_hit]")
    assert hit is not None
    typed = {**at, "save": "1", "place_query": "Mill", "place_hit": str(hit["value"])}
    done = client.post("/track/", typed)
    assert "The place is corrected." in done.content.decode()
    concern.refresh_from_db()
    assert "Mill" in concern.place_text


@pytest.mark.privacy
def test_adopting_and_letting_go_touch_neither_session_nor_account(cedar: Agency) -> None:
    _concern, signed = opened(Client(), cedar)
    resident = worlds.signed_in(worlds.resident())

    def marks() -> list[object]:
        sessions = Session.objects.order_by("pk").values_list("pk", "session_data", "expire_date")
        return [*sessions, *User.objects.order_by("pk").values_list()]

    before = marks()
    for verb in ("adopt", "let_go", "export"):
        assert resident.post("/track/", {"pass": signed, "verb": verb}).status_code == 200
    assert marks() == before


def test_nobody_adopts_without_signing_in(cedar: Agency) -> None:
    client = Client()
    _concern, signed = opened(client, cedar)
    page = client.post("/track/", {"pass": signed, "verb": "adopt"}).content.decode()
    assert "Sign in first." in page
    assert not Adoption.objects.exists()


@pytest.mark.privacy
def test_the_export_is_a_file_whose_name_says_nothing_and_that_nobody_keeps(
    cedar: Agency,
) -> None:
    client = Client()
    concern, signed = opened(client, cedar)
    sent = {"pass": signed, "verb": "export", "form": "json"}
    answer = client.post("/track/", sent)
    assert answer["Content-Type"].startswith("application/json")
    assert concern.tracking_code not in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store"
    [held] = answer.json()
    assert held["report"]["rows"][0]["text"] == concern.text
    page = client.post("/track/", {**sent, "form": "page"})
    assert concern.text in page.content.decode()


def test_an_account_exports_and_lets_go_of_all_its_reports_and_of_no_others(
    cedar: Agency, concern: Concern
) -> None:
    resident = worlds.resident()
    client = worlds.signed_in(resident)
    for number in range(2):
        worlds.reported(
            cedar,
            now=timezone.now(),
            level="signed_in",
            account_user_id=resident.pk,
            text=f"My lamp {number}",
        )
    held = client.post("/my/", {"verb": "export", "form": "json"}).json()
    words = {one["report"]["rows"][0]["text"] for one in held}
    assert words == {"My lamp 0", "My lamp 1"}
    assert client.post("/my/", {"verb": "let_go"}).status_code == 302
    assert not Concern.objects.linked_to(resident).exists()
    assert client.post("/my/", {"verb": "export", "form": "json"}).json() == []


def test_a_resolved_report_is_rated_on_its_page_once(cedar: Agency) -> None:
    client, officer = Client(), worlds.officer(cedar, now=timezone.now())
    concern, signed = opened(client, cedar)
    at = {"concern_id": concern.pk, "by": Actor.staff(officer.pk), "now": timezone.now()}
    triage.accept(seen_version=1, **at)
    triage.resolve(seen_version=2, outcome="fixed", words="Done", **at)
    empty = client.post("/track/", {"pass": signed, "verb": "rate"}).content.decode()
    assert "Answer at least one of the three questions." in empty
    sent = {"pass": signed, "verb": "rate", "respect": "partly"}
    assert "Thank you for rating how it went." in client.post("/track/", sent).content.decode()
    again = client.post("/track/", sent).content.decode()
    assert "This report was rated before." in again
    assert "How did it go?" not in again
