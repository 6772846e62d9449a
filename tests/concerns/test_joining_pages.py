"""The pages of "mine too": before sending, from a public page, and coming back."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.actions import public_side, publishing, triage
from concerns.models import Concern, Joining
from concerns.published.models import PublicConcern, Support
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests import worlds

pytestmark = pytest.mark.django_db

JOIN = "/report/mine-too/"
SECRET_WORDS = "canary words of the first reporter"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def concern(cedar: Agency, officer: User) -> Concern:
    """Graffiti that everyone can read of, in the middle of the first district."""
    now = timezone.now()
    made = worlds.reported(cedar, now=now, text=SECRET_WORDS).concern
    triage.accept(concern_id=made.pk, seen_version=1, by=Actor.staff(officer.pk), now=now)
    made.refresh_from_db()
    return made


@pytest.fixture
def public(concern: Concern) -> PublicConcern:
    return PublicConcern.objects.get()


def soup(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def text_of(content: bytes) -> str:
    return " ".join(soup(content).get_text(" ").split())


def key_of(client: Client, path: str = "/report/new/", **query: str) -> str:
    field = soup(client.get(path, query).content).select_one("input[name=key]")
    assert field is not None
    return str(field["value"])


def report(client: Client, cedar: Agency, **changes: Any) -> dict[str, str]:
    typed = {
        "agency": cedar.slug,
        "key": key_of(client, agency=cedar.slug),
        "category": "graffiti",
        "asked": "graffiti",
        "lon": f"{worlds.LON + worlds.STEP / 2:.6f}",
        "lat": f"{worlds.LAT + worlds.STEP / 2:.6f}",
        "text": "zebra paint near the bakery",
        "level": "anonymous",
    }
    return {name: value for name, value in {**typed, **changes}.items() if value is not None}


def joined(client: Client, cedar: Agency, public: PublicConcern, **changes: str) -> Any:
    key = key_of(client, JOIN, concern=public.reference, agency=cedar.slug)
    typed = {"agency": cedar.slug, "concern": public.reference, "key": key, "level": "anonymous"}
    return client.post(JOIN, {**typed, **changes})


def test_what_is_closed_is_not_offered_before_sending(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    PublicConcern.objects.filter(pk=public.pk).update(
        state="closed", resolved_on=public.received_on
    )
    page = client.post("/report/new/", report(client, cedar))
    assert page.context["similar"] == []
    assert "Is it one of these?" not in text_of(page.content)


def test_before_sending_a_published_concern_nearby_is_offered(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    page = client.post("/report/new/", report(client, cedar))
    (row,) = page.context["similar"]
    assert row.reference == public.reference
    shown = text_of(page.content)
    assert "Is it one of these?" in shown
    assert public.place_label in shown
    link = soup(page.content).select_one(f'a[href="{row.url}"]')
    assert link is not None
    assert link["target"] == "_blank"
    assert SECRET_WORDS not in shown


def test_joining_from_the_check_page_gives_a_receipt_and_sends_no_report(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    typed = report(client, cedar) | {"concern": public.reference, "with_words": "on"}
    receipt = client.post(JOIN, typed)
    assert receipt.context["secret"] in receipt.content.decode()
    assert Concern.objects.count() == 1
    assert Joining.objects.get().words == "zebra paint near the bakery"
    again = client.post(JOIN, typed)
    assert again.context["secret"] == receipt.context["secret"]
    assert Joining.objects.count() == 1


def test_words_stay_here_unless_the_box_is_ticked(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    client.post(JOIN, report(client, cedar) | {"concern": public.reference})
    assert Joining.objects.get().words == ""


def test_what_was_typed_is_in_no_address(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    page = client.post("/report/new/", report(client, cedar))
    parsed = soup(page.content)
    addresses = [str(link.get("href", "")) for link in parsed.select("a")]
    addresses += [str(form.get("action", "")) for form in parsed.select("form")]
    assert not any("zebra" in each or "bakery" in each for each in addresses)


def test_a_kind_that_is_never_public_offers_nothing(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    page = client.post(
        "/report/new/", report(client, cedar, category="noise", asked="noise", text="Loud")
    )
    assert "Is it one of these?" not in text_of(page.content)


@pytest.mark.privacy
def test_the_check_page_answers_alike_whatever_is_private(
    client: Client, cedar: Agency, officer: User, public: PublicConcern
) -> None:
    """Private words, exact point and unpublished neighbors change no byte of what is offered."""
    before = client.post("/report/new/", report(client, cedar)).context["similar"]
    Concern.objects.update(text="zebra paint near the bakery", lon=worlds.LON, lat=worlds.LAT)
    worlds.reported(cedar, now=timezone.now(), text="zebra paint near the bakery")
    assert client.post("/report/new/", report(client, cedar)).context["similar"] == before


def test_the_offer_costs_one_question_more(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    typed = report(client, cedar)
    client.post("/report/new/", typed)
    with CaptureQueriesContext(connection) as asked:
        client.post("/report/new/", typed)
    about = [query["sql"] for query in asked if "published_publicconcern" in query["sql"]]
    assert len(about) == 1


def test_the_public_page_leads_to_a_short_form(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    detail = client.get(f"/concerns/{public.reference}/", {"agency": cedar.slug})
    assert f"{JOIN}?concern={public.reference}" in detail.content.decode()
    form = client.get(JOIN, {"concern": public.reference, "agency": cedar.slug})
    assert "What joining means" in text_of(form.content)
    assert form["Cache-Control"] == "no-store"
    assert form["Referrer-Policy"] == "no-referrer"
    assert not Joining.objects.exists()
    assert joined(client, cedar, public).context["secret"]


def test_a_confidential_joiner_needs_an_address(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    answer = joined(client, cedar, public, level="confidential")
    assert "Write your e-mail" in text_of(answer.content)
    assert not Joining.objects.exists()


def test_what_is_not_public_cannot_be_joined_or_told_from_nothing(
    client: Client, cedar: Agency, concern: Concern
) -> None:
    hidden = worlds.reported(cedar, now=timezone.now()).concern
    for reference in (hidden.staff_reference, hidden.tracking_code, "NOBODY", "\0", ""):
        answer = client.get(JOIN, {"concern": reference, "agency": cedar.slug})
        assert answer.status_code == 404
    assert not Joining.objects.exists()


def test_code_and_secret_open_what_everyone_reads_and_how_it_moves(
    client: Client, cedar: Agency, officer: User, concern: Concern, public: PublicConcern
) -> None:
    receipt = joined(client, cedar, public)
    by, now = Actor.staff(officer.pk), timezone.now()
    version = Concern.objects.get(pk=concern.pk).version
    triage.reply(
        concern_id=concern.pk, seen_version=version, text="For the reporter alone", by=by, now=now
    )
    code, secret = receipt.context["tracking_code"], receipt.context["secret"]
    page = client.post("/track/", {"code": code, "secret": secret})
    shown = text_of(page.content)
    assert str(public.summary) in shown
    assert "Accepted" in shown
    for private in (SECRET_WORDS, "For the reporter alone", concern.tracking_code, secret):
        assert private not in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def test_a_joiners_pass_opens_no_report_and_a_reporters_opens_no_joining(
    client: Client, cedar: Agency, concern: Concern, public: PublicConcern
) -> None:
    receipt = joined(client, cedar, public).context
    opened = {"code": receipt["tracking_code"], "secret": receipt["secret"]}
    signed = client.post("/track/", opened).context["pass"]
    answer = client.post("/track/", {"pass": signed})
    assert SECRET_WORDS not in answer.content.decode()
    assert client.post("/track/joined/", {"pass": "forged"}).status_code == 302
    assert client.get("/track/joined/").status_code == 302
    assert client.post("/track/joined/", {"pass": signed}).status_code == 200


def test_who_stops_following_is_let_go(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    receipt = joined(client, cedar, public).context
    opened = {"code": receipt["tracking_code"], "secret": receipt["secret"]}
    signed = client.post("/track/", opened).context["pass"]
    left = client.post("/track/joined/", {"pass": signed, "verb": "leave"})
    assert "You stopped following" in text_of(left.content)
    again = client.post("/track/", opened)
    assert "No report has this code and secret." in text_of(again.content)


def test_staff_read_how_many_and_what_they_added_and_no_person(
    client: Client, cedar: Agency, officer: User, concern: Concern, public: PublicConcern
) -> None:
    joined(client, cedar, public, words="Our garage as well")
    joined(Client(), cedar, public, level="confidential", email="ben@home.example")
    desk = worlds.signed_in(officer)
    page = desk.get(f"/desk/concerns/{concern.staff_reference}/")
    shown = text_of(page.content)
    assert "2 others say “mine too”" in shown
    assert "Our garage as well" in shown
    assert "ben@home.example" not in page.content.decode()


def test_everyone_reads_a_rounded_number_once_it_is_released(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    path = f"/concerns/{public.reference}/"
    assert "people say: mine too" not in text_of(client.get(path).content)
    Support.objects.create(agency=cedar, public_concern=public, at_least=20)
    page = client.get(path, {"agency": cedar.slug})
    assert "At least 20 people say: mine too." in text_of(page.content)


def test_a_program_that_fills_in_everything_is_not_in_the_public_number(
    client: Client, cedar: Agency, public: PublicConcern
) -> None:
    receipt = joined(client, cedar, public, homepage="http://spam.example")
    assert receipt.context["secret"], "nobody is refused"
    assert not Joining.objects.get().is_counted


@pytest.mark.privacy
def test_what_is_not_public_any_more_shows_a_joiner_nothing_and_mails_nothing(
    client: Client, cedar: Agency, officer: User, concern: Concern, public: PublicConcern
) -> None:
    """Anybody may join what is public: it must not become a window into what is private later."""
    ways = {"level": "confidential", "email": "ben@example.org"}
    receipt = joined(client, cedar, public, **ways).context
    by, now = Actor.staff(officer.pk), timezone.now()
    version = Concern.objects.get(pk=concern.pk).version
    publishing.unpublish(concern_id=concern.pk, seen_version=version, by=by, now=now)
    triage.start(concern_id=concern.pk, seen_version=version + 1, by=by, now=now)
    opened = {"code": receipt["tracking_code"], "secret": receipt["secret"]}
    page = client.post("/track/", opened)
    assert "It is not public any more" in text_of(page.content)
    assert (page.context["moves"], page.context["state"]) == ([], "")
    assert "Working" not in text_of(page.content)
    assert not Message.objects.filter(kind="concerns.joined_news").exists()


@pytest.mark.privacy
def test_a_joiner_learns_no_day_from_before_the_concern_was_published(
    client: Client, cedar: Agency, concern: Concern, public: PublicConcern
) -> None:
    today = cedar.day_of(timezone.now())
    PublicConcern.objects.update(published_on=today + timedelta(days=9))
    receipt = joined(client, cedar, public).context
    opened = {"code": receipt["tracking_code"], "secret": receipt["secret"]}
    moves = client.post("/track/", opened).context["moves"]
    assert [(str(move.words), move.on) for move in moves] == [
        ("Received", today),
        ("Accepted", today + timedelta(days=9)),
    ]


@pytest.mark.privacy
def test_words_of_joiners_are_never_published_as_they_are(
    client: Client, cedar: Agency, officer: User, concern: Concern, public: PublicConcern
) -> None:
    joined(client, cedar, public, words="my neighbor Ken paints over it every Tuesday night")
    version = Concern.objects.get(pk=concern.pk).version
    with pytest.raises(public_side.CannotPublish, match="reporters_words"):
        publishing.publish_update(
            concern_id=concern.pk,
            seen_version=version,
            text=Wording({"en": "Ken paints over it every Tuesday night"}),
            by=Actor.staff(officer.pk),
            now=timezone.now(),
        )


@pytest.mark.privacy
def test_a_joiners_code_with_a_wrong_secret_is_answered_as_an_unknown_one(
    client: Client, cedar: Agency, concern: Concern, public: PublicConcern
) -> None:
    """Also one that left; bytes, headers and questions are the same for all."""
    receipt = joined(client, cedar, public).context
    left = joined(client, cedar, public).context
    opened = {"code": left["tracking_code"], "secret": left["secret"]}
    signed = client.post("/track/", opened).context["pass"]
    client.post("/track/joined/", {"pass": signed, "verb": "leave"})
    codes = [receipt["tracking_code"], concern.tracking_code, "7K3M-9QXT-2C", opened["code"]]
    told = set()
    for code in codes:
        secret = opened["secret"] if code == opened["code"] else "0000-0000-0000-0000-0000"
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/track/", {"code": code, "secret": secret})
        page = soup(answer.content)
        for field in page.select("input[name=csrfmiddlewaretoken], form[action*=proof]"):
            field.decompose()
        told.add((str(page), tuple(sorted(answer.headers.items())), len(queries)))
    assert len(told) == 1
