"""Challenges are judged before anything that was sent is parsed."""

import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from engagement.doors import challenge
from engagement.doors.access import open_page
from engagement.doors.challenging import challenged, challenged_address, is_trapped, verdict_of
from engagement.doors.requests import PortalRequest
from tests import worlds
from tests.challenges import with_work

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.privacy,
    pytest.mark.challenge,
    pytest.mark.urls(__name__),
]
HANDLED: list[str] = []


class Recorder(FileUploadHandler):
    """Notes every file that anybody begins to parse."""

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        HANDLED.append(field_name)
        super().new_file(field_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


@challenged("letter")
@open_page
def letter(request: PortalRequest) -> HttpResponse:
    if request.method == "POST":
        status = int(request.POST.get("status", 200))
        words = f"{verdict_of(request)} {is_trapped(request)} {request.POST.get('text')}"
        return HttpResponse(words, status=status)
    return HttpResponse(challenged_address(request, request.path, "letter"))


@challenged("note")
@open_page
def note(request: PortalRequest) -> HttpResponse:
    return HttpResponse(str(verdict_of(request)))


urlpatterns = [path("letter/", letter), path("note/", note), path("", include("portal.urls"))]


@pytest.fixture(autouse=True)
def _recorded(settings: Settings) -> None:
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.Recorder"]
    HANDLED.clear()


@pytest.fixture(autouse=True)
def _agencies() -> None:
    worlds.agency("cedar")
    worlds.agency("elm", east=1)


def offered(client: Client, agency: str = "cedar") -> str:
    return client.get("/letter/", {"agency": agency}).content.decode() + f"&agency={agency}"


def upload() -> dict[str, Any]:
    return {"text": "words", "photo": SimpleUploadedFile("street.jpg", b"\xff\xd8" + bytes(70_000))}


@pytest.fixture
def light_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenge, "BITS", 4)


@pytest.mark.usefixtures("light_work")
def test_what_was_sent_is_parsed_after_a_good_challenge(client: Client) -> None:
    answer = client.post(with_work(offered(client)), upload())

    assert answer.content == b"proven False words"
    assert HANDLED == ["photo"]


@pytest.mark.parametrize("proof", ["", "?proof=cedar.0.10.x.forged", "?proof=&work=1"])
def test_nothing_is_parsed_on_a_bad_challenge(client: Client, proof: str) -> None:
    answer = client.post(f"/letter/{proof}", upload())

    assert answer.status_code == 307
    assert answer.headers["Location"].startswith("/letter/?proof=")
    assert HANDLED == []


@pytest.mark.usefixtures("light_work")
def test_nothing_is_parsed_on_a_used_or_a_stolen_proof(client: Client) -> None:
    address = with_work(offered(client))
    client.post(address, upload())
    HANDLED.clear()

    stolen = with_work(offered(client)).replace("/letter/", "/note/")
    foreign = with_work(offered(client)).replace("agency=cedar", "agency=elm")
    for bad in (address, stolen, foreign):
        assert client.post(bad, upload()).status_code == 307
    assert HANDLED == []


def test_who_is_asked_to_send_again_gets_through(client: Client) -> None:
    """As every browser does it: the same body once more, to the address of the answer."""
    asked = client.post("/letter/?agency=cedar", upload())
    answer = client.post(asked.headers["Location"], upload())

    assert answer.content == b"hasty False words"
    assert HANDLED == ["photo"]


@pytest.mark.usefixtures("light_work")
def test_a_proof_of_another_agency_says_nothing_even_if_only_the_body_names_it(
    client: Client,
) -> None:
    address = with_work(offered(client)).replace("&agency=cedar", "")
    answer = client.post(
        address, "agency=elm&text=words", content_type="application/x-www-form-urlencoded"
    )

    assert answer.content == b"hasty False words"


@pytest.mark.usefixtures("light_work")
def test_a_sending_that_failed_may_be_tried_again_with_the_same_proof(client: Client) -> None:
    address = with_work(offered(client))

    assert client.post(address, {"status": 500}).status_code == 500
    assert client.post(address, {"text": "again"}).content == b"proven False again"
    assert client.post(address, {"text": "again"}).status_code == 307


def test_without_a_script_some_seconds_are_enough(client: Client) -> None:
    late = time.time() - challenge.LEAST_SECONDS
    token = challenge.new_challenge(form="letter", host="testserver", agency="cedar", since=late)

    answer = client.post(f"/letter/?agency=cedar&proof={token}", {"text": "words"})
    assert answer.content == b"waited False words"


def test_the_field_that_nobody_sees_is_noticed(client: Client) -> None:
    answer = client.post(offered(client), {"text": "words", "homepage": "http://spam.example"})

    assert answer.content == b"hasty True words"


def test_an_address_with_a_made_up_agency_is_answered_like_any_other(client: Client) -> None:
    again = client.post("/letter/?agency=no.such.town", {"text": "sent"})
    assert again.status_code == 307
    assert client.post(again["Location"], {"text": "sent"}).status_code == 200
