from datetime import date

import pytest
from django.test import Client

from concerns.models import Reporter
from engagement.people.models import User
from tests.concerns.test_views_public_report import soup
from tests.concerns.town import Town, filled, key_of, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def resident(db: None) -> User:
    return User.objects.create_user("resident@people.invalid", created_on=date(2026, 1, 1))


def test_a_resident_finds_again_what_they_sent_signed_in(
    client: Client, town: Town, resident: User
) -> None:
    client.force_login(resident)
    client.post("/report/done/", filled(town, key=key_of(client, town), level="signed_in"))
    assert Reporter.objects.get().account_link is not None
    page = soup(client.get("/my/").content)
    form = page.select_one("main .row form")
    assert form is not None
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}
    assert "Red paint on the wall" in client.post("/track/", sent).content.decode()


def test_what_was_sent_anonymously_is_not_listed(
    client: Client, town: Town, resident: User
) -> None:
    client.force_login(resident)
    client.post("/report/done/", filled(town, key=key_of(client, town)))
    page = soup(client.get("/my/").content)
    assert page.select(".row") == []
    assert "No reports yet" in page.get_text()


def test_another_resident_sees_none_of_it(client: Client, town: Town, resident: User) -> None:
    client.force_login(resident)
    client.post("/report/done/", filled(town, key=key_of(client, town), level="signed_in"))
    other = User.objects.create_user("other@people.invalid", created_on=date(2026, 1, 1))
    client.force_login(other)
    assert soup(client.get("/my/").content).select(".row") == []


def test_the_list_asks_to_sign_in(client: Client, town: Town) -> None:
    answer = client.get("/my/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
