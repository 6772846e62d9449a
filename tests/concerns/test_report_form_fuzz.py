"""Whatever anybody types into any field: no failure, nothing lost, nothing taken as markup."""

import html
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concerns.forms.report import ReportForm
from concerns.models import Concern, Question
from tests.concerns.town import Town, filled, key_of, make_town

NASTY = {
    "emoji": "🔥👩‍👩‍👧 café",
    "right to left": "مرحبا \u202eevil\u202c שלום",
    "nul": "one\x00two",
    "controls": "a\x01\x08\x0b\x1b[31m\x7fb",
    "long": "x" * 100_000,
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}{% now 'Y' %}",
    "sql": "'; DROP TABLE concerns_concern; -- %s %(x)s",
    "spaces": "   \n\t  ",
    "half an emoji": "\\ud83d \ufffd",
    "numbers": "1e999",
    "not a number": "nan",
    "line ends": "one\r\ntwo\rthree\n\n\nfour",
}
ANSWERS = ("graffiti-surface", "graffiti-notes", "graffiti-many", "graffiti-days", "graffiti-parts")
FIELDS = (*ReportForm.base_fields, *ANSWERS, "asked", "change", "find_place", "key", "agency")
# What people write themselves, as against what they choose from a list.
WRITTEN = ("text", "when", "place_query", "graffiti-notes", "email")


@pytest.fixture
def town(db: None) -> Town:
    town = make_town()
    kinds = {"surface": "choice", "notes": "text", "many": "number", "days": "date"}
    for place, (code, kind) in enumerate([*kinds.items(), ("parts", "choices")]):
        Question.objects.create(
            agency=town.agency,
            category=town.graffiti,
            code=code,
            kind=kind,
            label={"en": code, "es": code},
            choices={"en": "A wall\nA pole"} if "cho" in kind else {},
            sort=place,
        )
    return town


def post(client: Client, url: str, sent: dict[str, str]) -> tuple[int, str]:
    answer = client.post(
        url,
        urlencode(sent, errors="surrogatepass"),
        content_type="application/x-www-form-urlencoded",
    )
    return answer.status_code, answer.content.decode()


def assert_harmless(client: Client, url: str, sent: dict[str, str]) -> None:
    status, page = post(client, url, sent)
    assert status in (200, 302), (url, str(sent)[:200])
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_breaks_a_page(client: Client, town: Town, name: str) -> None:
    base = {"asked": "graffiti", "key": key_of(client, town), "level": "anonymous"}
    for kind in ("nul", "markup", "numbers"):
        assert_harmless(client, "/report/new/", {**filled(town), **base, name: NASTY[kind]})
    assert_harmless(client, "/report/done/", {**filled(town), **base, name: NASTY["nul"]})


@pytest.mark.parametrize("kind", NASTY)
def test_the_same_in_every_field_breaks_no_page(client: Client, town: Town, kind: str) -> None:
    # All together stay under what a form may weigh.
    everything = dict.fromkeys(FIELDS, NASTY[kind][:20_000])
    real = filled(town, key=key_of(client, town))
    for url in ("/report/new/", "/report/done/"):
        assert_harmless(client, url, {**everything, "agency": town.agency.slug})
        kept = {name: real[name] for name in ("agency", "key", "category", "level")}
        assert_harmless(client, url, {**everything, **kept, "asked": "graffiti"})


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("kind", ["emoji", "right to left", "markup", "sql", "long"])
def test_what_was_written_survives_a_mistake_elsewhere(
    client: Client, town: Town, name: str, kind: str
) -> None:
    words = NASTY[kind]
    sent = filled(town, key=key_of(client, town), asked="graffiti", **{name: words})
    _status, content = post(client, "/report/new/", {**sent, "level": "unheard of"})
    page = BeautifulSoup(content, "html.parser")
    field = page.select_one(f"[name={name}]")
    assert field is not None
    shown = field.get_text().removeprefix("\n") if field.name == "textarea" else field["value"]
    # The parser drops the line end with which a text box begins, as browsers do.
    assert str(shown).strip("\r\n") == words
    assert Concern.objects.count() == 0


@pytest.mark.parametrize("kind", [kind for kind in NASTY if kind not in ("long", "nul", "spaces")])
def test_words_are_stored_as_typed_and_shown_as_words(
    client: Client, town: Town, kind: str
) -> None:
    sent = filled(town, key=key_of(client, town), asked="graffiti")
    sent = {**sent, "text": f"Here: {NASTY[kind]}.", "graffiti-notes": f"There: {NASTY[kind]}."}
    status, page = post(client, "/report/new/", sent)
    assert status == 200
    assert "Check before sending" in page
    post(client, "/report/done/", sent)
    concern = Concern.objects.get()
    plain = NASTY[kind].replace("\r\n", "\n").replace("\r", "\n")
    typed = "".join(sign for sign in plain if sign in "\n\t" or (sign >= " " and sign != "\x7f"))
    assert concern.text == f"Here: {typed}."
    assert concern.answers.get(code="notes").typed == f"There: {typed}."
    if kind == "markup":
        assert html.escape(NASTY[kind], quote=False)[:30] in page


@pytest.mark.parametrize("sent", ["nothing", "form"])
def test_the_form_and_its_check_cost_few_queries(client: Client, town: Town, sent: str) -> None:
    key = key_of(client, town)
    typed = {**filled(town, key=key), "asked": "graffiti"} if sent == "form" else {"key": key}
    client.post("/report/new/", typed)
    with CaptureQueriesContext(connection) as queries:
        client.post("/report/new/", typed)
    asked = [query["sql"].split()[0] for query in queries]
    # What only marks or guards a part of the transaction asks nothing.
    assert len([word for word in asked if word not in ("SAVEPOINT", "RELEASE", "SET")]) <= 12
