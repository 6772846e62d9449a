"""Staff file for somebody who calls, comes in or writes."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from concerns.actions.filings import FiledFor, store
from concerns.models import Concern, Filing, StatusChange
from concerns.models.concern import Level
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.audit.together import Together
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db

PATH = "/desk/concerns/new/"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def dispatcher(cedar: Agency) -> User:
    return worlds.officer(
        cedar, "Dispatcher Elm", role=Role.DISPATCHER, district=None, now=timezone.now()
    )


@pytest.fixture
def desk(dispatcher: User) -> Client:
    return worlds.signed_in(dispatcher)


def test_the_device_at_the_desk_is_not_asked_where_it_is(desk: Client, client: Client) -> None:
    assert b"data-locate" not in desk.get(PATH).content
    assert b"data-locate" in client.get("/report/new/").content


def test_what_is_missing_is_listed_in_the_order_of_the_page(desk: Client) -> None:
    key = filled(desk)["key"]
    page = soup(desk.post(PATH, {"key": key, "language": "en"}).content)
    listed = [str(link["href"]) for link in page.select("[data-errors] a")]
    assert listed[0].startswith("#id_channel")
    assert listed[-3:] == ["#id_asked_by", "#id_agreed", "#id_has_agreed"]


def soup(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def filled(desk: Client, **changes: Any) -> dict[str, str]:
    """What staff type while the caller speaks; a change to None leaves the field out."""
    key = soup(desk.get(PATH).content).select_one("input[name=key]")
    assert key is not None
    typed = {
        "key": str(key["value"]),
        "channel": "phone",
        "language": "en",
        "category": "graffiti",
        "asked": "graffiti",
        "lon": f"{worlds.LON + worlds.STEP / 2:.6f}",
        "lat": f"{worlds.LAT + worlds.STEP / 2:.6f}",
        "text": "The underpass is painted all over again",
        "level": "anonymous",
        "asked_by": "person",
        "agreed": "aloud",
        "has_agreed": "on",
    }
    return {name: value for name, value in {**typed, **changes}.items() if value is not None}


def test_a_caller_without_a_name_is_filed_and_gets_a_slip(
    desk: Client, cedar: Agency, dispatcher: User
) -> None:
    slip = desk.post(PATH, filled(desk, language="vi", had_interpreter="on"))
    concern = Concern.objects.get()
    assert (concern.level, concern.channel, concern.language) == ("anonymous", "phone", "vi")
    assert (concern.reporter.contact, concern.reporter.account_link) == (None, None)
    filing = Filing.objects.get(concern=concern)
    assert (filing.filed_by, filing.asked_by, filing.agreed) == (dispatcher, "person", "aloud")
    assert (filing.had_interpreter, filing.on_paper_form) == (True, False)
    assert slip["Cache-Control"] == "no-store"
    code, secret = slip.context["tracking_code"], slip.context["secret"]
    assert secret in slip.content.decode()
    opened = Client().post("/track/", {"code": code, "secret": secret})
    assert "The underpass is painted" in opened.content.decode()


def test_history_names_the_staff_member_who_filed_it(desk: Client, dispatcher: User) -> None:
    desk.post(PATH, filled(desk))
    entry = Entry.objects.get(event="CONCERN_SUBMITTED")
    assert (entry.actor_kind, entry.actor_user_id) == ("staff", dispatcher.pk)
    assert StatusChange.objects.get().by_user == dispatcher
    assert (entry.at.minute, entry.at.second) == (0, 0), "the hour of an anonymous call"


def test_pressed_twice_it_is_filed_once_with_the_same_slip(desk: Client) -> None:
    typed = filled(desk)
    first, second = desk.post(PATH, typed), desk.post(PATH, typed)
    assert first.context["secret"] == second.context["secret"]
    assert (Concern.objects.count(), Filing.objects.count()) == (1, 1)
    assert second.context["is_repeat"]


def test_staff_do_not_see_the_secret_again(desk: Client) -> None:
    slip = desk.post(PATH, filled(desk))
    case = desk.get(f"/desk/concerns/{Concern.objects.get().staff_reference}/")
    assert slip.context["secret"] not in case.content.decode()
    assert slip.context["tracking_code"] not in case.content.decode()
    assert "Said yes after it was read back" in case.content.decode()


def test_without_a_yes_nothing_is_filed(desk: Client) -> None:
    answer = desk.post(PATH, filled(desk, has_agreed=None, agreed=None))
    assert answer.status_code == 422
    assert not Concern.objects.exists()
    assert "Without a yes it is not filed." in soup(answer.content).get_text()
    kept = soup(answer.content).select_one("#id_text")
    assert kept is not None
    assert "The underpass" in kept.get_text(), "nothing typed is lost"


def test_somebody_who_must_be_called_back_is_confidential_and_urgent(desk: Client) -> None:
    desk.post(
        PATH,
        filled(
            desk,
            level="confidential",
            way="phone",
            phone="(314) 555-0123",
            is_urgent="on",
            channel="in_person",
        ),
    )
    concern = Concern.objects.get()
    assert (concern.level, concern.priority) == (Level.CONFIDENTIAL, "urgent")
    assert concern.reporter.contact is not None


def test_a_letter_on_the_paper_form_keeps_how_it_came(desk: Client) -> None:
    desk.post(
        PATH, filled(desk, channel="letter", on_paper_form="on", agreed="signed", language="es")
    )
    assert Concern.objects.get().channel == "letter"
    assert Filing.objects.get().on_paper_form


def test_what_is_not_taken_here_says_where_to_turn(desk: Client) -> None:
    elsewhere = "officer_complaint"
    assert not Concern.objects.exists()
    answer = desk.post(PATH, filled(desk, category=elsewhere, asked=None))
    assert answer.status_code == 422
    assert not Concern.objects.exists()


def test_questions_of_the_kind_are_asked_before_it_is_filed(desk: Client) -> None:
    answer = desk.post(PATH, filled(desk, asked=None))
    assert answer.context["asks_more"]
    assert not Concern.objects.exists()


def test_a_search_without_script_offers_places(desk: Client) -> None:
    answer = desk.post(
        PATH, filled(desk, lon=None, lat=None, place_query="main and cedar", find_place="1")
    )
    assert answer.context["hits"]
    assert not Concern.objects.exists()


def test_an_old_page_is_shown_again_with_what_was_typed(desk: Client) -> None:
    answer = desk.post(PATH, filled(desk, key="stale"))
    assert answer.context["is_late"]
    assert not Concern.objects.exists()


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR, Role.CUSTODIAN])
def test_others_on_the_staff_file_nothing(cedar: Agency, role: Role) -> None:
    reader = worlds.officer(cedar, "Other", role=role, district=None, now=timezone.now())
    client = worlds.signed_in(reader)
    assert client.get(PATH).status_code == 404
    assert client.post(PATH, {}).status_code == 404
    assert not Concern.objects.exists()


def test_only_staff_file_for_somebody_else(cedar: Agency) -> None:
    concern = worlds.reported(cedar, now=timezone.now()).concern
    filed = FiledFor("person", "aloud")
    with pytest.raises(ValueError, match="only staff"):
        store(concern, filed, by=Actor.reporter(), at=timezone.now(), writes=Together())
    assert not Filing.objects.exists()
