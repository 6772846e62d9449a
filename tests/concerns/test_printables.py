"""Pages made to be printed: what to ask, the paper form, posters."""

import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.utils import timezone

from concerns.actions.campaigns import begin
from concerns.models import Campaign, Category, Question
from concerns.posters import square_of
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def desk(officer: User) -> Client:
    return worlds.signed_in(officer)


@pytest.fixture
def boards(cedar: Agency, officer: User) -> Campaign:
    by = Actor.staff(officer.pk)
    return begin(agency=cedar, name="Library boards", area=None, by=by, now=timezone.now())


def words(content: bytes) -> str:
    return " ".join(BeautifulSoup(content, "html.parser").get_text(" ").split())


def test_the_script_asks_every_question_of_every_kind_in_the_callers_language(
    desk: Client, cedar: Agency
) -> None:
    for language, name in (("en", "English"), ("es", "Spanish")):
        shown = words(desk.get(f"/desk/concerns/script/{language}/").content)
        for question in Question.objects.asked_by(cedar).filter(category__is_active=True):
            if question.category.is_taken:
                said = " ".join(question.label.text(language).split())
                assert said in shown, f"{name}: {said}"


def test_a_language_that_the_portal_is_not_written_in_has_no_script(desk: Client) -> None:
    assert desk.get("/desk/concerns/script/tlh/").status_code == 404


def test_the_paper_form_names_every_kind_that_is_taken_and_numbers_that_help_first(
    client: Client, cedar: Agency
) -> None:
    page = client.get("/report/paper/", {"agency": cedar.slug})
    shown = words(page.content)
    for category in Category.objects.of(cedar).taken():
        assert category.label.text("en") in shown
    for category in Category.objects.of(cedar).sent_elsewhere():
        assert f"{category.label.text('en')} " not in shown.split("What is it about?")[1]
    assert shown.index("Do not write: call.") < shown.index("What is it about?")
    assert page["Referrer-Policy"] == "no-referrer"


def test_a_poster_leads_to_the_configured_origin_and_says_nothing_else(
    desk: Client, boards: Campaign
) -> None:
    page = desk.get(f"/desk/concerns/poster/{boards.code}/", {"size": "cards", "language": "es"})
    link = f"{settings.ORIGIN}/r/{boards.code}/"
    assert page.context["link"] == link
    square = square_of(link)
    assert page.content.decode().count(square.path) == 8
    assert "¿" in words(page.content) or "es" in page.context["poster_languages"]


def test_the_square_is_one_that_a_camera_reads() -> None:
    """Finder patterns in three corners, a quiet edge of four around."""
    square = square_of("https://portal.example/r/ABC1234/")
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h", square.path)}
    last = square.size - 5
    for column, row in ((4, 4), (last, 4), (4, last)):
        assert (column, row) in dark
    assert not any(x < 4 or y < 4 or x > last or y > last for x, y in dark)


def test_a_campaign_is_begun_for_an_area_and_only_once_by_its_name(
    desk: Client, cedar: Agency
) -> None:
    area = Area.objects.filter(agency=cedar, layer="neighborhood").first()
    assert area is not None
    typed = {"name": "  Fall  boards ", "area": area.slug}
    answer = desk.post("/desk/concerns/poster/", typed)
    campaign = Campaign.objects.get()
    assert answer["Location"] == f"/desk/concerns/poster/{campaign.code}/"
    assert (campaign.name, campaign.area) == ("Fall boards", area)
    again = desk.post("/desk/concerns/poster/", {"name": "Fall boards"})
    assert again.status_code == 422
    assert Campaign.objects.count() == 1


def test_another_agencys_poster_is_not_there(boards: Campaign) -> None:
    elsewhere = worlds.agency("elm", east=1.0, now=timezone.now())
    stranger = worlds.officer(elsewhere, "Officer Far", now=timezone.now())
    path = f"/desk/concerns/poster/{boards.code}/"
    assert worlds.signed_in(stranger).get(path).status_code == 404


def test_readers_print_no_posters(cedar: Agency) -> None:
    reader = worlds.officer(cedar, "Reader", role=Role.READER, now=timezone.now())
    client = worlds.signed_in(reader)
    assert client.post("/desk/concerns/poster/", {"name": "Mine"}).status_code == 404
    assert not Campaign.objects.exists()
