"""A request goes to the city's 311 once, whatever breaks, and its number and status come back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from concerns.actions import filing_elsewhere as filing
from concerns.models import Handoff, HandoffEntry, OutsideRequest, OutsideService
from concerns.models.handoffs import HandoffState, SaidBy
from concerns.models.outside_requests import FilingState
from concerns.workflow import State
from engagement.groups.models import TakesBy
from engagement.outbox.models import Message
from tests.concerns.handoffs import handing
from tests.concerns.handoffs.handing import Town, assert_blind, handed, keep, town, typed
from tests.concerns.open311.city import KEY, City, city

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[City]:
    settings.OUTBOUND_LOOPBACK = True
    with city() as made:
        yield made


@pytest.fixture
def cedar(server: City) -> Town:
    found = town()
    found.organisation = handing.organisation(
        found.agency,
        "The city's 311",
        now=timezone.now(),
        kind="city_311",
        takes_by=TakesBy.OPEN311,
        endpoint_url=server.url,
        endpoint_key=KEY,
    )
    filing.learn_services(found.organisation)
    return found


def filed(cedar: Town, **changes: object) -> Handoff:
    return handed(cedar, service=f"{cedar.organisation.pk}:001", **changes)


def swept(after: timedelta = timedelta()) -> datetime:
    """Let the sweep run so much later."""
    now = timezone.now() + after
    filing.sweep(now=now)
    return now


def request() -> OutsideRequest:
    return OutsideRequest.objects.select_related("handoff").get()


def test_its_services_are_learned_and_forgotten(cedar: Town) -> None:
    codes = OutsideService.objects.values_list("code", "name")
    assert sorted(codes) == [("001", "Graffiti"), ("ASK", "Parking")]
    OutsideService.objects.create(
        agency=cedar.agency, organisation=cedar.organisation, code="OLD", name="Gone"
    )
    assert filing.learn_everywhere() == 1
    assert not OutsideService.objects.filter(code="OLD").exists()


def test_without_a_service_nothing_is_handed_on(cedar: Town) -> None:
    answer = cedar.desk.post(cedar.compose_url, typed(cedar))
    assert answer.status_code == 422
    assert not Handoff.objects.exists()


@pytest.mark.privacy
def test_what_is_filed_is_the_document_and_nothing_of_the_case(cedar: Town, server: City) -> None:
    handoff = filed(cedar)
    swept()
    (sent,) = server.received
    assert sent["service_code"] == "001"
    assert sent["api_key"] == KEY
    assert "Graffiti on a wall by the street." in sent["description"]
    assert handoff.reference in sent["description"]
    assert set(sent) <= {
        *("api_key", "service_code", "description", "lat", "long", "address_string"),
    }
    assert handoff.lat is not None
    assert sent["lat"] == f"{handoff.lat:.6f}"
    assert_blind(repr(server.received).encode() + repr(server.paths).encode(), cedar)
    assert KEY not in repr(server.paths), "the key is never part of an address"


def test_their_number_and_status_come_back_and_their_end_is_ours_to_look_at(
    cedar: Town, server: City
) -> None:
    filed(cedar)
    swept()
    row = request()
    assert (row.state, row.handoff.number) == (FilingState.FILED, "SR-1")
    assert row.handoff.state == HandoffState.ACCEPTED
    server.requests[0] |= {"status": "Open", "status_notes": "Crew comes Monday"}
    swept(timedelta(hours=2))
    assert request().handoff.status == "open: Crew comes Monday"
    server.requests[0] |= {"status": "closed", "status_notes": "Painted over"}
    swept(timedelta(hours=4))
    row = request()
    cedar.concern.refresh_from_db()
    assert (row.state, row.handoff.state) == (FilingState.CLOSED, HandoffState.DONE)
    assert cedar.concern.state == State.WORKING
    last = HandoffEntry.objects.latest("pk")
    assert (last.way, last.text) == (SaidBy.SERVER, "Painted over")
    asked = len(server.paths)
    swept(timedelta(hours=9))
    assert len(server.paths) == asked, "nobody asks about what is closed"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_both_formats_are_spoken(cedar: Town, server: City, form: str) -> None:
    server.form = form
    assert filing.learn_services(cedar.organisation) == 2
    filed(cedar)
    swept()
    swept(timedelta(hours=2))
    assert request().handoff.number == "SR-1"
    assert request().handoff.status == "open"
    assert len(server.requests) == 1


def test_a_line_that_breaks_after_sending_files_nothing_twice(cedar: Town, server: City) -> None:
    filed(cedar)
    server.fault = "drop"
    swept()
    assert request().state == FilingState.UNSURE
    assert len(server.received) == 1
    server.fault = None
    swept(timedelta(minutes=5))
    row = request()
    assert (row.state, row.handoff.number) == (FilingState.FILED, "SR-1")
    assert (len(server.received), len(server.requests)) == (1, 1)


def test_what_cannot_be_found_there_waits_for_a_person(cedar: Town, server: City) -> None:
    handoff = filed(cedar)
    server.fault, server.lists_them = "lose", False
    for hours in range(0, 60, 2):
        swept(timedelta(hours=hours))
    row = request()
    assert (row.state, row.try_at, len(server.received)) == (FilingState.UNSURE, None, 1)
    told = Message.objects.filter(kind="concerns.handoff_came_back")
    assert told.count() == 1
    server.fault = None
    assert keep(cedar, handoff, "file").status_code == 302
    swept(timedelta(hours=61))
    assert request().handoff.number == "SR-1"
    assert len(server.requests) == 1
    assert keep(cedar, handoff, "file").status_code == 409, "it is filed"


def test_a_worker_that_dies_while_sending_sends_nothing_again(cedar: Town, server: City) -> None:
    filed(cedar)
    OutsideRequest.objects.update(state=FilingState.SENDING)
    server.lists_them = False
    for hours in range(0, 60, 2):
        swept(timedelta(hours=hours))
    assert server.received == []
    assert request().state == FilingState.UNSURE


def test_a_server_that_is_away_is_tried_later(cedar: Town, server: City) -> None:
    there, away = server.url, "http://127.0.0.1:9/v2/"
    filed(cedar)
    type(cedar.organisation).objects.update(endpoint_url=away, takes_by=TakesBy.OPEN311)
    swept()
    row = request()
    assert (row.state, row.tries) == (FilingState.WAITING, 1)
    assert row.try_at is not None
    assert row.try_at > timezone.now()
    type(cedar.organisation).objects.update(endpoint_url=there)
    swept(timedelta(minutes=10))
    assert request().handoff.number == "SR-1"
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 403, 301])
def test_a_refusal_is_told_and_not_repeated(cedar: Town, server: City, status: int) -> None:
    filed(cedar)
    server.fault = status
    for hours in range(0, 12, 2):
        swept(timedelta(hours=hours))
    row = request()
    assert (row.state, row.last_code) == (FilingState.REFUSED, str(status))
    assert len(server.received) == 1
    assert Message.objects.filter(kind="concerns.handoff_came_back").count() == 1


def test_a_fault_of_theirs_may_have_filed_it(cedar: Town, server: City) -> None:
    filed(cedar)
    server.fault = 500
    swept()
    assert request().state == FilingState.UNSURE
    swept(timedelta(hours=5))
    assert len(server.received) == 1


def test_a_service_that_demands_answers_is_refused_before_anything_is_sent(
    cedar: Town, server: City
) -> None:
    handed(cedar, service=f"{cedar.organisation.pk}:ASK")
    swept()
    assert (request().state, request().last_code) == (FilingState.REFUSED, "questions")
    assert server.received == []


def test_a_token_becomes_a_number_later(cedar: Town, server: City) -> None:
    server.with_token = True
    filed(cedar)
    swept()
    assert request().state == FilingState.NUMBERLESS
    swept(timedelta(hours=2))
    assert request().state == FilingState.NUMBERLESS
    server.tokens["tok-1"] = "SR-1"
    swept(timedelta(hours=4))
    assert (request().state, request().handoff.number) == (FilingState.FILED, "SR-1")


def test_a_number_typed_by_staff_is_asked_about(cedar: Town, server: City) -> None:
    handoff = filed(cedar)
    server.fault = "drop"
    swept()
    assert keep(cedar, handoff, "number", number="SR-1", status="").status_code == 302
    swept(timedelta(minutes=1))
    assert (request().state, request().handoff.status) == (FilingState.FILED, "open")


def test_what_was_taken_back_is_not_filed(cedar: Town, server: City) -> None:
    handoff = filed(cedar)
    keep(cedar, handoff, "withdraw")
    swept()
    assert server.received == []
    assert request().try_at is None
