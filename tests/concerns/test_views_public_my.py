from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.actions import triage
from concerns.actions.following import withdraw
from concerns.actions.joining import join
from concerns.models import Reporter
from concerns.subscriptions.actions import Wish, subscribe
from concerns.subscriptions.models import Pace
from engagement.audit.actors import Actor
from engagement.keys.references import spaced
from engagement.people.models import User
from engagement.places.models import Agency, Area
from tests import worlds
from tests.concerns.test_joining import wish
from tests.concerns.test_views_public_report import soup
from tests.concerns.town import Town, filled, key_of, make_town

pytestmark = pytest.mark.django_db
MOST = 12


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


def test_what_a_resident_joined_and_the_areas_they_follow_are_listed_beside_their_reports() -> None:
    now = timezone.now()
    cedar = worlds.agency(now=now)
    officer, ana = worlds.officer(cedar, now=now), worlds.resident()
    concern = worlds.reported(cedar, now=now, text="Words of the first reporter").concern
    by = Actor.staff(officer.pk)
    triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=now)
    concern.refresh_from_db()
    receipt = join(
        wish=wish(concern, agency=cedar, level="signed_in", account_user_id=ana.pk),
        by=Actor.resident(),
        now=now,
    )
    subscribe(wish=following(cedar, ana), by=Actor.resident(), now=now)

    client = worlds.signed_in(ana)
    page = soup(client.get("/my/").content)
    joined = page.select_one("section[aria-labelledby=joined]")
    areas = page.select_one("section[aria-labelledby=areas]")
    assert joined is not None
    assert areas is not None
    assert "Graffiti" in joined.get_text()
    assert "Old Mill" in areas.get_text()
    assert "Words of the first reporter" not in page.get_text()
    form = joined.select_one("form")
    assert form is not None
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}
    opened = soup(client.post(str(form["action"]), sent).content).get_text()
    assert spaced(receipt.tracking_code) in opened
    link = areas.select_one("a")
    assert link is not None
    assert client.get(str(link["href"])).status_code == 200

    stranger = worlds.signed_in(worlds.resident("eva@home.example"))
    assert soup(stranger.get("/my/").content).select(".row") == []


def test_what_was_joined_and_is_not_public_any_more_tells_nothing_of_itself() -> None:
    now = timezone.now()
    cedar = worlds.agency(now=now)
    officer, ana = worlds.officer(cedar, now=now), worlds.resident()
    concern = worlds.reported(cedar, now=now).concern
    by = Actor.staff(officer.pk)
    triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=now)
    concern.refresh_from_db()
    join(
        wish=wish(concern, agency=cedar, level="signed_in", account_user_id=ana.pk),
        by=Actor.resident(),
        now=now,
    )
    withdraw(concern_id=concern.pk, by=Actor.reporter(), now=now)
    shown = soup(worlds.signed_in(ana).get("/my/").content)
    joined = shown.select_one("section[aria-labelledby=joined]")
    assert joined is not None
    assert "Not public any more" in joined.get_text()
    assert "Graffiti" not in joined.get_text()


def test_the_page_of_an_account_asks_no_more_when_there_is_more() -> None:
    now = timezone.now()
    cedar = worlds.agency(now=now)
    officer, ana = worlds.officer(cedar, now=now), worlds.resident()
    client = worlds.signed_in(ana)

    def add(number: int) -> None:
        for each in range(number):
            mine = {"level": "signed_in", "account_user_id": ana.pk}
            worlds.reported(cedar, now=now, **mine)
            concern = worlds.reported(cedar, now=now).concern
            by = Actor.staff(officer.pk)
            triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=now)
            concern.refresh_from_db()
            form = {"submission_key": f"{concern.pk}-{each}"}
            joining = wish(concern, agency=cedar, **mine, **form)
            join(wish=joining, by=Actor.resident(), now=now)
            subscribe(wish=following(cedar, ana), by=Actor.resident(), now=now)

    add(1)
    few = asked(client)
    add(4)
    assert asked(client) == few <= MOST


def asked(client: Client) -> int:
    client.get("/my/")
    with CaptureQueriesContext(connection) as questions:
        assert client.get("/my/").status_code == 200
    steps = ("SAVEPOINT", "RELEASE SAVEPOINT", "SET LOCAL ROLE", "RESET ROLE")
    return sum(not question["sql"].startswith(steps) for question in questions)


def following(agency: Agency, ana: User) -> Wish:
    [area] = Area.objects.filter(agency=agency, name="Old Mill")
    return Wish(
        agency=agency,
        pace=Pace.DAILY,
        kinds=[],
        area_ids=[area.pk],
        shape=None,
        email="",
        account_user_id=ana.pk,
        language="en",
    )
