"""The form, the page behind the link, and the list of an account."""

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from concerns.subscriptions import links, notices
from concerns.subscriptions.models import Pace, Subscription
from engagement.outbox.models import Message, Suppression
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.subscriptions.conftest import WEST, area_of, asked, follower

LON, LAT = WEST


def form(**changes: object) -> dict[str, object]:
    return {
        "where": "areas",
        "areas": ["old-mill"],
        "kinds": ["graffiti"],
        "pace": "daily",
        "email": "ana@home.example",
        **changes,
    }


def square(half: float) -> str:
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    ring = [[LON + x, LAT + y] for x, y in corners]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def words(content: bytes) -> str:
    return " ".join(BeautifulSoup(content, "html.parser").get_text().split())


def test_areas_and_kinds_are_kept_until_somebody_confirms(client: Client, cedar: Agency) -> None:
    answer = client.post("/concerns/follow/", form())
    assert "We sent a link to ana@home.example" in words(answer.content)
    kept = Subscription.objects.get()
    assert (kept.kinds, kept.pace, kept.confirmed_on) == (["graffiti"], Pace.DAILY, None)
    assert list(kept.areas.all()) == [area_of(cedar)]
    assert Message.objects.get().kind == notices.CONFIRM


def test_the_page_does_not_tell_whether_an_address_follows(client: Client, cedar: Agency) -> None:
    answers = {words(client.post("/concerns/follow/", form()).content) for _each in range(5)}
    assert len(answers) == 1
    assert Subscription.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"where": "areas", "areas": []}, "Choose one area or more."),
        ({"where": "shape"}, "Draw a shape on the map"),
        ({"where": "shape", "shape": square(0.0005)}, "This shape is too small."),
        ({"where": "shape", "shape": "{"}, "cannot be read"),
        ({"where": "near", "place_query": ""}, "Write a street or corner."),
        ({"where": "near", "place_query": "Nowhere Boulevard"}, "No street or corner found."),
        ({"pace": ""}, "Choose how often."),
        ({"kinds": ["suspicious"]}, "Choose kinds from the list."),
        ({"email": "ana"}, "Write the e-mail like name@example.org."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    client: Client, cedar: Agency, changes: dict[str, object], said: str
) -> None:
    answer = client.post("/concerns/follow/", form(**changes))
    assert answer.status_code == 422
    assert said in words(answer.content)
    assert not Subscription.objects.exists()
    assert not Message.objects.exists()


def test_a_drawn_shape_is_kept_closed(client: Client, cedar: Agency) -> None:
    client.post("/concerns/follow/", form(where="shape", shape=square(0.004)))
    kept = Subscription.objects.get()
    assert kept.shape["coordinates"][0][0] == kept.shape["coordinates"][0][-1]
    assert kept.min_lon == pytest.approx(LON - 0.004)
    assert not kept.areas.exists()


def test_without_a_script_a_corner_is_found_and_chosen(client: Client, cedar: Agency) -> None:
    sent = form(where="near", place_query="Main St", metres="805")
    page = client.post("/concerns/follow/", {**sent, "find_place": "1"})
    assert page.status_code == 200
    soup = BeautifulSoup(page.content, "html.parser")
    choices = [str(box["value"]) for box in soup.select("input[type=radio][name=near]")]
    assert choices
    checked = soup.select_one("input[name=kinds][checked]")
    assert checked is not None
    assert checked["value"] == "graffiti"
    client.post("/concerns/follow/", {**sent, "near": choices[0]})
    assert len(Subscription.objects.get().shape["coordinates"][0]) == 33


def test_the_form_begins_with_the_filter_one_came_from(client: Client, cedar: Agency) -> None:
    page = client.get("/concerns/follow/?category=graffiti&area=old-mill")
    soup = BeautifulSoup(page.content, "html.parser")
    checked = {str(box["value"]) for box in soup.select("input[checked]")}
    assert checked == {"areas", "old-mill", "graffiti", "daily"}


def test_opening_a_link_changes_nothing_and_its_button_confirms(
    client: Client, cedar: Agency
) -> None:
    kept = asked(cedar)
    url = f"/concerns/follow/{links.token_for(kept)}/"
    assert "Yes, send me these mails" in words(client.get(url).content)
    kept.refresh_from_db()
    assert kept.confirmed_on is None
    assert "You will hear from us" in words(client.post(url, {"verb": "confirm"}).content)
    kept.refresh_from_db()
    assert kept.confirmed_on is not None
    assert "ana@home.example" not in client.get(url).content.decode()


def test_its_own_page_changes_and_ends_one_subscription_only(client: Client, cedar: Agency) -> None:
    kept, other = follower(cedar), follower(cedar, pace=Pace.WEEKLY)
    url = f"/concerns/follow/{links.token_for(kept)}/"
    client.post(url, {"verb": "change", "pace": "daily", "kinds": ["animal"]})
    kept.refresh_from_db()
    assert (kept.pace, kept.kinds) == (Pace.DAILY, ["animal"])
    client.post(url, {"verb": "stop"})
    ended = Suppression.objects.values_list("contact_id", flat=True)
    assert list(ended) == [kept.contact_id]
    client.post(url, {"verb": "again"})
    assert not Suppression.objects.exists()
    other.refresh_from_db()
    assert other.pace == Pace.WEEKLY


def test_a_damaged_link_is_not_found(client: Client, cedar: Agency) -> None:
    kept = asked(cedar)
    token = links.token_for(kept)
    for bad in (token[:-2], f"x{token}", "nonsense"):
        assert client.get(f"/concerns/follow/{bad}/").status_code == 404


def test_who_is_signed_in_gives_no_address_and_finds_it_again(cedar: Agency) -> None:
    user = worlds.resident()
    client = worlds.signed_in(user)
    assert "Your e-mail" not in words(client.get("/concerns/follow/").content)
    sent = form()
    del sent["email"]
    client.post("/concerns/follow/", sent)
    page = words(client.get("/my/following/").content)
    assert "Old Mill" in page
    assert "Graffiti" in page
    other = worlds.signed_in(worlds.resident("other@home.example"))
    assert "You follow nothing yet" in words(other.get("/my/following/").content)
