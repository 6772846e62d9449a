"""The same strict headers everywhere; what may be kept is the exception."""

import pytest
from django.test import Client

from engagement.doors.headers import CONTENT_SECURITY_POLICY
from engagement.people.models import User
from tests.engagement.doors.conftest import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial_doors")]


@pytest.mark.parametrize(
    "path", ["/trial/public/", "/trial/open/", "/trial/no-such/", "/account/login/", "/admin/"]
)
def test_every_answer_carries_the_strict_policy(path: str, operator: User) -> None:
    for browser in (Client(), as_(operator)):
        answer = browser.get(path)
        assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Cache-Control"] == "no-store"


def test_only_an_anonymous_public_page_that_says_so_may_be_kept(resident: User) -> None:
    kept = Client().get("/trial/kept/")
    assert kept["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in kept["Vary"]
    assert as_(resident).get("/trial/kept/")["Cache-Control"] == "no-store"
    assert Client().post("/trial/kept/")["Cache-Control"] == "no-store"


def test_report_pages_tell_nobody_where_the_reader_came_from(client: Client) -> None:
    assert client.get("/report/trial/")["Referrer-Policy"] == "no-referrer"
    assert client.get("/account/login/")["Referrer-Policy"] == "no-referrer"
    assert client.get("/trial/open/")["Referrer-Policy"] == "same-origin"


def token_of(client: Client) -> str:
    client.get("/account/login/")
    return str(client.cookies["cg_csrf"].value)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
@pytest.mark.parametrize("secure", [False, True])
def test_forms_work_on_pages_without_referrer_and_only_there(
    headers: dict[str, str], status: int, secure: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    form = {"csrfmiddlewaretoken": token_of(client)}
    assert client.post("/report/trial/", form, headers=headers, secure=secure).status_code == status
    assert client.post("/report/trial/", {}, headers=headers, secure=secure).status_code == 403


def test_a_refused_form_does_not_repeat_the_request(client: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/report/trial/?q=canary", {"text": "canary"}, HTTP_ORIGIN="https://canary.example"
    )
    assert answer.status_code == 403
    assert b"canary" not in answer.content


def test_leaving_clears_the_browser(client: Client) -> None:
    assert client.get("/leave/")["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "Clear-Site-Data" not in client.get("/trial/public/")


def test_no_other_site_can_make_the_browser_forget_by_a_picture() -> None:
    answer = Client().get("/leave/", headers={"Sec-Fetch-Dest": "image"})
    assert "Clear-Site-Data" not in answer
