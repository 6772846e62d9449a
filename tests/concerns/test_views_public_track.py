import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from concerns.links import new_token, token_digest
from concerns.models import AccessLink, Concern
from tests.concerns.test_views_public_report import MOST_QUERIES, receipt_of, soup
from tests.concerns.town import Town, filled, key_of, make_town

WRONG_SECRET = "0000-1111-2222-3333-4444"


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def receipt(client: Client, town: Town) -> tuple[str, str]:
    """Tracking code and secret of an anonymous report."""
    answer = client.post("/report/done/", filled(town, key=key_of(client, town)))
    return receipt_of(answer.content)


def bytes_without_token(content: bytes) -> bytes:
    """The answer without CSRF token and challenge, which differ at every rendering."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"|proof=[\w.-]+', b"", content)


def opened(client: Client, receipt: tuple[str, str]) -> BeautifulSoup:
    code, secret = receipt
    return soup(client.post("/track/", {"code": code, "secret": secret}).content)


def pass_of(page: BeautifulSoup) -> str:
    return str(page.select_one("input[name=pass]")["value"])  # type: ignore[index]


def test_code_and_secret_open_the_report_however_they_are_typed(
    client: Client, receipt: tuple[str, str]
) -> None:
    code, secret = receipt
    typed = {"code": code.lower().replace("-", " "), "secret": secret.lower().replace("-", "")}
    answer = client.post("/track/", typed)
    assert "Red paint on the wall" in soup(answer.content).get_text()
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert secret.encode() not in answer.content


def test_an_unknown_code_and_a_wrong_secret_answer_alike(
    client: Client, receipt: tuple[str, str]
) -> None:
    code, secret = receipt
    unknown_code = client.post("/track/", {"code": "7K3M-9QXT-2C", "secret": secret})
    wrong_secret = client.post("/track/", {"code": code, "secret": WRONG_SECRET})
    mistyped = client.post("/track/", {"code": "?!", "secret": "?!"})
    answers = [unknown_code, wrong_secret, mistyped]
    assert len({bytes_without_token(answer.content) for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert b"No report has this code" in unknown_code.content


def test_an_unknown_code_and_a_wrong_secret_cost_the_same_queries(
    client: Client, receipt: tuple[str, str]
) -> None:
    counts = set()
    for code in (receipt[0], "7K3M-9QXT-2C"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/track/", {"code": code, "secret": WRONG_SECRET})
        counts.add(len(queries))
    assert len(counts) == 1


def test_following_leaves_no_session_and_no_cookie_but_the_form_token(
    client: Client, receipt: tuple[str, str]
) -> None:
    opened(client, receipt)
    assert set(client.cookies) <= {"cg_csrf"}


def test_the_reporter_answers_once_however_often_the_page_is_sent(
    client: Client, receipt: tuple[str, str]
) -> None:
    sent = {"pass": pass_of(opened(client, receipt)), "verb": "answer", "text": "It is bigger now"}
    first = client.post("/track/", sent)
    client.post("/track/", sent)
    assert "It is bigger now" in soup(first.content).get_text()
    assert [reply.text for reply in Concern.objects.get().replies.order_by("id")] == [
        "It is bigger now"
    ]


def test_an_empty_answer_is_refused_in_words(client: Client, receipt: tuple[str, str]) -> None:
    sent = {"pass": pass_of(opened(client, receipt)), "verb": "answer", "text": "  "}
    page = soup(client.post("/track/", sent).content)
    assert "Write your message first" in page.select_one("[data-errors]").get_text()  # type: ignore[union-attr]
    assert Concern.objects.get().replies.count() == 0


def test_the_reporter_takes_the_report_back(client: Client, receipt: tuple[str, str]) -> None:
    sent = {"pass": pass_of(opened(client, receipt)), "verb": "withdraw"}
    client.post("/track/", sent)
    again = client.post("/track/", sent)
    assert Concern.objects.get().outcome == "withdrawn"
    assert "changed meanwhile" in soup(again.content).get_text()


def test_after_half_an_hour_the_pass_is_over_and_what_was_typed_is_kept(
    client: Client, receipt: tuple[str, str]
) -> None:
    sent = {"pass": pass_of(opened(client, receipt)), "verb": "answer", "text": "Nearly lost"}
    with travel(timezone.now() + timedelta(minutes=31)):
        page = soup(client.post("/track/", sent).content)
        assert Concern.objects.get().replies.count() == 0
        draft = str(page.select_one("input[name=draft]")["value"])  # type: ignore[index]
        code, secret = receipt
        answer = client.post("/track/", {"code": code, "secret": secret, "draft": draft})
    assert (
        soup(answer.content).select_one("textarea[name=text]").get_text().strip() == "Nearly lost"
    )  # type: ignore[union-attr]


def test_a_made_up_pass_opens_nothing(client: Client, receipt: tuple[str, str]) -> None:
    answer = client.post("/track/", {"pass": "VZ4K5R3QFV:1:x", "verb": "withdraw"})
    assert "Red paint" not in answer.content.decode()
    assert Concern.objects.get().state == "received"


def test_following_costs_few_queries(client: Client, receipt: tuple[str, str]) -> None:
    opened(client, receipt)
    with CaptureQueriesContext(connection) as queries:
        opened(client, receipt)
    assert len(queries) <= MOST_QUERIES


@pytest.fixture
def token(receipt: tuple[str, str]) -> str:
    """A fresh mailed link to the report."""
    concern = Concern.objects.get()
    made = new_token()
    AccessLink.objects.create(
        agency=concern.agency,
        concern=concern,
        token_digest=token_digest(made),
        expires_at=timezone.now() + timedelta(minutes=30),
    )
    return made


def test_looking_at_a_mailed_link_changes_nothing(client: Client, token: str) -> None:
    for _scanner in range(3):
        answer = client.get(f"/track/link/{token}/")
        assert "Open my report" in answer.content.decode()
        assert "Red paint" not in answer.content.decode()
    assert AccessLink.objects.get().used_at is None


def test_a_mailed_link_opens_the_report_once(client: Client, token: str) -> None:
    first = client.post(f"/track/link/{token}/")
    second = client.post(f"/track/link/{token}/")
    assert "Red paint" in first.content.decode()
    assert "Red paint" not in second.content.decode()
    assert "Send me a fresh link" in second.content.decode()


def test_a_mailed_link_that_is_over_offers_a_fresh_one(client: Client, token: str) -> None:
    with travel(timezone.now() + timedelta(hours=2)):
        assert "Send me a fresh link" in client.get(f"/track/link/{token}/").content.decode()
        assert "Red paint" not in client.post(f"/track/link/{token}/").content.decode()
        answer = client.post(f"/track/link/{token}/", {"fresh": "1"})
    assert "Look into your mail" in answer.content.decode()


def test_asking_for_a_fresh_link_tells_nobody_whether_the_old_one_existed(
    client: Client, token: str
) -> None:
    pages = [
        bytes_without_token(client.post(f"/track/link/{one}/", {"fresh": "1"}).content)
        for one in (token, "never-made")
    ]
    assert pages[0].replace(token.encode(), b"") == pages[1].replace(b"never-made", b"")
