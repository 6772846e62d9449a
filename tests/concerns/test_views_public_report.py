from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concerns.models import Concern, Reporter
from engagement.outbox.models import Message
from engagement.people.models import Contact, Session, User
from tests.concerns.town import LAT, LON, Town, filled, helpful_numbers, key_of, make_town

MOST_QUERIES = 12


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def soup(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def receipt_of(content: bytes) -> tuple[str, str]:
    page = soup(content)
    code = page.select_one("[data-receipt-code]")
    secret = page.select_one("[data-receipt-secret]")
    assert code is not None
    assert secret is not None
    return code.get_text(), secret.get_text()


def carried_by(page: BeautifulSoup) -> dict[str, str]:
    """What the page before sending sends on, without files and challenge."""
    return {
        str(field["name"]): str(field["value"])
        for field in page.select("form#send input[type=hidden][name]")
    }


def test_help_comes_before_the_form_and_stores_nothing_of_a_choice(
    client: Client, town: Town
) -> None:
    helpful_numbers()
    answer = client.get("/report/")
    page = soup(answer.content)
    links = [str(link["href"]) for link in page.select("main a")]
    assert links.index("tel:911") < links.index("/report/new/")
    assert "tel:988" in links
    assert not any("?" in link for link in links)
    assert page.select("main form") == []
    assert "Every weekday at 8 am" in page.get_text()
    assert "We last checked this number" in page.get_text()
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_the_check_before_sending_says_who_sees_what_and_stores_nothing(
    client: Client, town: Town
) -> None:
    on_elm_street = filled(town, key=key_of(client, town), lat=f"{LAT + 0.01:.6f}")
    answer = client.post("/report/new/", on_elm_street)
    text = soup(answer.content).get_text(" ")
    assert answer.status_code == 200
    assert "Nothing has been sent or stored yet" in text
    assert "Red paint on the wall" in text
    assert "The nearest point of the street: Elm St" in text
    assert "District officer" in text
    assert Concern.objects.count() == 0
    assert Contact.objects.count() == 0


def test_where_somebody_lives_the_check_promises_the_block_only(client: Client, town: Town) -> None:
    sent = filled(town, key=key_of(client, town), lat=f"{LAT + 0.01:.6f}", is_home="on")
    text = soup(client.post("/report/new/", sent).content).get_text(" ")
    assert "The block, never the house" in text
    assert "nearest point of the street" not in text


def test_sending_twice_shows_the_same_receipt_of_one_report(client: Client, town: Town) -> None:
    sent = filled(town, key=key_of(client, town))
    first = client.post("/report/done/", sent)
    second = client.post("/report/done/", sent)
    assert first.status_code == second.status_code == 200
    assert receipt_of(first.content) == receipt_of(second.content)
    assert first["Cache-Control"] == "no-store"
    assert Concern.objects.count() == 1
    assert "We already have your report" in second.content.decode()


def test_other_words_under_the_same_key_are_offered_as_an_addition(
    client: Client, town: Town
) -> None:
    key = key_of(client, town)
    first = client.post("/report/done/", filled(town, key=key))
    second = client.post("/report/done/", filled(town, key=key, text="Now on the church too"))
    page = soup(second.content)
    assert receipt_of(first.content) == receipt_of(second.content)
    assert Concern.objects.get().text == "Red paint on the wall behind the bakery"
    form = page.find("button", attrs={"value": "answer"}).find_parent("form")  # type: ignore[union-attr]
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}  # type: ignore[union-attr]
    client.post("/track/", {**sent, "verb": "answer"})
    assert Concern.objects.get().replies.get().text == "Now on the church too"


def test_an_error_keeps_everything_typed_and_says_what_is_missing(
    client: Client, town: Town
) -> None:
    sent = filled(
        town,
        key=key_of(client, town),
        category=None,
        level="confidential",
        email="not an address",
        when="Most nights",
        place_query="Elm & Oak",
        is_home="on",
    )
    page = soup(client.post("/report/new/", sent).content)
    assert "Red paint on the wall" in page.select_one("textarea").get_text()  # type: ignore[union-attr]
    for name in ("when", "email", "place_query", "lon", "lat", "key"):
        assert page.select_one(f"input[name={name}]")["value"] == sent[name]  # type: ignore[index]
    assert page.select_one("input[name=is_home]").has_attr("checked")  # type: ignore[union-attr]
    assert page.select_one("input[value=confidential]").has_attr("checked")  # type: ignore[union-attr]
    summary = page.select_one("[data-errors]")
    assert summary is not None
    targets = [str(link["href"])[1:] for link in summary.select("a")]
    assert targets
    assert all(page.find(id=target) for target in targets)
    assert Concern.objects.count() == 0


def test_a_place_is_found_without_a_script(client: Client, town: Town) -> None:
    key = key_of(client, town)
    typed = filled(town, key=key, lon=None, lat=None, place_query="elm and oak", find_place="1")
    page = soup(client.post("/report/new/", typed).content)
    choice = page.select_one("input[name=place_hit]")
    assert choice is not None
    assert page.select("[data-errors]") == []
    assert "Red paint on the wall" in page.select_one("textarea").get_text()  # type: ignore[union-attr]
    typed.pop("find_place")
    checked = soup(
        client.post("/report/new/", {**typed, "place_hit": str(choice["value"])}).content
    )
    assert "Elm St & Oak Ave" in checked.get_text(" ")
    carried = carried_by(checked)
    client.post("/report/done/", carried)
    concern = Concern.objects.get()
    assert concern.place_text == "Elm St & Oak Ave"
    assert concern.place_source == "search"
    assert (concern.lon, concern.lat) == (pytest.approx(LON + 0.01), pytest.approx(LAT + 0.01))
    assert concern.area == town.district


def test_going_back_to_change_the_words_of_the_place_changes_the_place(
    client: Client, town: Town
) -> None:
    key = key_of(client, town)
    sent = filled(town, key=key, lon=None, lat=None, place_query="elm and oak")
    checked = soup(client.post("/report/new/", sent).content)
    carried = carried_by(checked)
    back = soup(client.post("/report/new/", {**carried, "change": "1"}).content)
    assert back.select_one("input[name=place_query]")["value"] == "Elm St & Oak Ave"  # type: ignore[index]
    again = client.post("/report/new/", {**carried, "place_query": "nowhere at all"})
    assert "Choose which of the places" in again.content.decode()


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ({"lon": None, "lat": None, "area": "neighborhood-1"}, "list"),
        ({"lon": None, "lat": None, "no_place": "on"}, "words"),
        ({}, "map"),
    ],
)
def test_a_place_may_be_a_pin_an_area_or_none(
    client: Client, town: Town, place: dict[str, str | None], source: str
) -> None:
    client.post("/report/done/", filled(town, key=key_of(client, town), **place))
    assert Concern.objects.get().place_source == source


def test_a_place_far_away_is_refused_with_advice(client: Client, town: Town) -> None:
    sent = filled(town, key=key_of(client, town), lon="2.35", lat="48.85")
    answer = client.post("/report/new/", sent)
    assert "far outside" in answer.content.decode()
    assert Concern.objects.count() == 0


def test_a_kind_that_others_take_shows_whom_to_call_and_stores_nothing(
    client: Client, town: Town
) -> None:
    for url in ("/report/new/", "/report/done/"):
        sent = filled(town, key=key_of(client, town), category="past_crime")
        answer = client.post(url, sent)
        assert "(573) 555-0100" in answer.content.decode()
        assert Concern.objects.count() == 0


def test_a_stale_or_foreign_key_never_stores_but_asks_once_more(client: Client, town: Town) -> None:
    answer = client.post("/report/done/", filled(town, key="made-up"))
    page = soup(answer.content)
    assert "check once more" in page.get_text()
    assert Concern.objects.count() == 0
    key = str(page.select_one("main form input[name=key]")["value"])  # type: ignore[index]
    client.post("/report/done/", filled(town, key=key))
    assert Concern.objects.count() == 1


def test_the_secret_is_in_no_session_cache_message_or_address(client: Client, town: Town) -> None:
    sent = filled(town, key=key_of(client, town), level="confidential", email="canary@example.org")
    answer = client.post("/report/done/", sent)
    code, secret = receipt_of(answer.content)
    compact = secret.replace("-", "")
    assert len(compact) == 20
    assert not Session.objects.exists()
    links = [str(link.get("href", "")) for link in soup(answer.content).select("[href]")]
    assert not any(secret in link or compact in link for link in links)
    assert Message.objects.exists()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = "\n".join(row[0] for row in cursor.fetchall())
            assert secret not in rows
            assert compact not in rows
            assert "canary@example.org" not in rows
    assert cache.get(code) is None
    assert cache.get(compact) is None


def test_anonymous_while_signed_in_touches_no_account(client: Client, town: Town) -> None:
    user = User.objects.create_user("abc@people.invalid", created_on=date(2026, 1, 1))
    client.force_login(user)
    before = dict(client.session.items())
    client.post("/report/done/", filled(town, key=key_of(client, town)))
    reporter = Reporter.objects.get()
    assert reporter.contact is None
    assert reporter.account_link is None
    assert dict(client.session.items()) == before


def test_only_a_signed_in_resident_is_offered_the_signed_in_level(
    client: Client, town: Town
) -> None:
    page = soup(client.get("/report/new/").content)
    assert page.select("input[value=signed_in]") == []
    answer = client.post("/report/done/", filled(town, key=key_of(client, town), level="signed_in"))
    assert soup(answer.content).select("[data-errors]")
    assert Concern.objects.count() == 0


def test_several_agencies_without_a_default_are_offered_to_choose_from(
    client: Client, db: None
) -> None:
    make_town("cedar", is_default=False)
    make_town("east", is_default=False, west=LON + 0.1)
    page = soup(client.get("/report/").content)
    links = [str(link["href"]) for link in page.select("main a")]
    assert links == ["/report/?agency=cedar", "/report/?agency=east"]
    inside = soup(client.get("/report/?agency=east").content)
    assert "East Police" in inside.get_text()
    assert "/report/new/?agency=east" in [str(link.get("href")) for link in inside.select("main a")]


def test_a_report_never_lands_with_another_agency_than_its_form(client: Client, town: Town) -> None:
    east = make_town("east", is_default=False, west=LON + 0.1)
    sent = filled(east, key=key_of(client, east), lon=f"{LON + 0.105}")
    answer = client.post("/report/done/", sent)
    assert answer.status_code == 302
    assert Concern.objects.count() == 0
    client.post("/report/done/?agency=east", sent)
    assert Concern.objects.get().agency == east.agency


@pytest.mark.parametrize("url", ["/report/", "/report/new/", "/track/"])
def test_pages_of_a_reporter_cost_few_queries(client: Client, town: Town, url: str) -> None:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= MOST_QUERIES


def test_the_pages_speak_spanish(client: Client, town: Town) -> None:
    answer = client.get("/report/", headers={"accept-language": "es"})
    text = soup(answer.content).get_text(" ")
    assert "Cada día hábil a las 8" in text
    assert soup(answer.content).html["lang"] == "es"  # type: ignore[index]


@pytest.mark.parametrize(
    "url", ["/", "/report/", "/report/new/", "/track/", "/concerns/", "/help/"]
)
def test_asking_for_headers_alone_is_answered(client: Client, town: Town, url: str) -> None:
    answer = client.head(url)
    assert answer.status_code == 200
    assert answer.content == b""
