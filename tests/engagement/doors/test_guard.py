"""Every view hangs behind a door, and each door lets in only its own."""

import pytest
from django.test import Client

from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.engagement.doors.conftest import as_, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial_doors")]


def test_a_view_without_a_door_is_not_there(client: Client, operator: User) -> None:
    for browser in (client, as_(operator)):
        answer = browser.get("/trial/forgotten/")
        assert answer.status_code == 404
        assert b"nobody" not in answer.content


@pytest.mark.parametrize("path", ["/trial/signed-in/", "/trial/staff/", "/trial/operator/"])
def test_strangers_are_asked_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/account/login/?next={path}"
    assert client.post(path).status_code == 303


def test_a_small_step_of_a_page_leads_a_stranger_to_sign_in(client: Client) -> None:
    answer = client.get("/trial/staff/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/account/login/"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/trial/public/", {"stranger", "resident", "officer", "operator", "reader"}),
        ("/trial/open/", {"stranger", "resident", "officer", "operator", "reader"}),
        ("/trial/signed-in/", {"resident", "officer", "operator", "reader"}),
        ("/trial/staff/", {"officer"}),
        ("/trial/operator/", {"operator"}),
    ],
)
def test_each_door_lets_in_only_its_own(
    path: str,
    allowed: set[str],
    here: Agency,
    officer: User,
    operator: User,
    resident: User,
) -> None:
    reader = staff(here, Role.READER, "reader@staff.example")
    people = {
        "stranger": None,
        "resident": resident,
        "officer": officer,
        "operator": operator,
        "reader": reader,
    }
    let_in = {who for who, user in people.items() if as_(user).get(path).status_code == 200}
    assert let_in == allowed


def test_the_desk_of_another_agency_is_not_there(officer: User, elsewhere: Agency) -> None:
    foreign = as_(officer).get("/trial/staff/", {"agency": "elsewhere"})
    nowhere = as_(officer).get("/trial/staff/", {"agency": "no-such-place"})
    assert foreign.status_code == nowhere.status_code == 404
    assert foreign.content == nowhere.content
    assert foreign.headers == nowhere.headers


def test_what_is_foreign_reads_like_what_never_was(officer: User) -> None:
    browser = as_(officer)
    foreign, nowhere = browser.get("/trial/foreign/"), browser.get("/trial/no-such-page/")
    assert foreign.content == nowhere.content
    assert foreign.headers == nowhere.headers
    assert b"4711" not in foreign.content


def test_staff_work_in_their_own_agency(officer: User, elsewhere: Agency) -> None:
    assert as_(officer).get("/trial/staff/").json()["agency"] == "here"
    assert as_(officer).get("/trial/whose/").content.decode() == str(officer.pk)


def test_staff_of_two_agencies_choose_one(here: Agency, elsewhere: Agency, officer: User) -> None:
    both = staff(elsewhere, email="both@staff.example")
    both.grants.create(role=Role.OFFICER, agency=here, from_on="2026-11-01")
    assert as_(both).get("/trial/staff/").json()["agency"] == "here"
    assert as_(both).get("/trial/staff/?agency=elsewhere").json()["agency"] == "elsewhere"


@pytest.mark.parametrize(
    ("host", "query", "agency"),
    [
        ("localhost", "", "here"),
        ("localhost", "?agency=elsewhere", "elsewhere"),
        ("localhost", "?agency=no-such-place", "here"),
        ("elsewhere.localhost", "", "elsewhere"),
        ("elsewhere.localhost", "?agency=here", "elsewhere"),
    ],
)
def test_the_agency_of_a_page_follows_host_then_name_then_default(
    host: str, query: str, agency: str, here: Agency, elsewhere: Agency, settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "elsewhere.localhost"]  # type: ignore[attr-defined]
    answer = Client(HTTP_HOST=host).get(f"/trial/public/{query}")
    assert answer.json()["agency"] == agency


def test_a_nul_in_the_name_of_an_agency_is_harmless(client: Client, here: Agency) -> None:
    assert client.get("/trial/public/?agency=he%00re").status_code == 200


def test_public_pages_are_made_under_the_public_role(client: Client, officer: User) -> None:
    assert client.get("/trial/public/").json()["role"] == "common_ground_public"
    assert client.get("/trial/open/").json()["role"] == "common_ground_app"
    late = as_(officer).get("/trial/late/")
    assert late.content.decode() == "common_ground_public known"


def test_a_public_page_that_reads_accounts_fails(client: Client, officer: User) -> None:
    client.raise_request_exception = False
    assert client.get("/trial/peeking/").status_code == 500


def test_an_api_view_without_a_door_answers_nobody(officer: User, operator: User) -> None:
    for user in (officer, operator):
        assert as_(user).get("/api/trial/closed/").status_code == 404


def test_the_api_hangs_behind_the_same_doors(client: Client, officer: User, resident: User) -> None:
    assert as_(officer).get("/api/trial/").json() == {"figure": 1}
    assert client.get("/api/trial/").status_code == 403
    assert as_(resident).get("/api/trial/").status_code == 404
    basic = {"Authorization": "Basic YWRhOnNlY3JldA=="}
    assert client.get("/api/trial/", headers=basic).status_code == 403


def test_staff_pages_cost_few_queries(officer: User, django_assert_num_queries: object) -> None:
    browser = as_(officer)
    # session, account, grants with their agencies, and the one of the view itself
    with django_assert_num_queries(4):  # type: ignore[operator]
        browser.get("/trial/staff/")
