"""Who is mailed what, and when: within the hour, at eight, on Mondays; once, and only what fits."""

import math
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from concerns.subscriptions import actions, notices
from concerns.subscriptions.matching import audience, news_for
from concerns.subscriptions.models import News, Pace, Round, Subscription, SubscriptionArea
from concerns.subscriptions.planning import days_due, plan_due
from concerns.subscriptions.shapes import Shape, circle
from engagement.outbox.models import Consent, Message, Suppression
from engagement.people.identity import address_of
from engagement.people.models import Contact
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.subscriptions.conftest import (
    DAY,
    EAST,
    HOUR,
    LINK,
    NOW,
    RESIDENT,
    WEST,
    area_of,
    asked,
    follower,
    publish,
    update,
)
from tests.databases import analyse
from tests.engagement.outbox.sink import Received

Mails = Callable[[datetime], list[Received]]
# 8:00 in Missouri on Thursday, November 19.
EIGHT = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def told(now: datetime) -> set[str]:
    """Addresses for which a mail of news was planned by now."""
    plan_due(now=now)
    found = Message.objects.filter(kind=notices.FOLLOWED, due_at=now).select_related("contact")
    addresses = [address_of(message.contact) for message in found.order_by("pk")]
    return {address.value for address in addresses if address}


def test_nothing_is_sent_before_the_mailed_link_was_used(cedar: Agency, mails: Mails) -> None:
    kept = asked(cedar, pace=Pace.NOW)
    publish(cedar)
    (confirming,) = mails(NOW)
    assert "Paint" not in confirming.content.decode()
    assert confirming.letter["List-Unsubscribe"] is None
    assert len(set(LINK.findall(confirming.part("plain")))) == 1
    assert told(NOW + HOUR) == set()
    actions.confirm(subscription=kept, by=RESIDENT, now=NOW + HOUR)
    publish(cedar, now=NOW + HOUR)
    assert told(NOW + 2 * HOUR) == {"ana@home.example"}
    assert Consent.objects.filter(contact=kept.contact, is_given=True).count() == 1


def test_what_was_published_leaves_when_its_hour_is_over_in_one_mail(
    cedar: Agency, mails: Mails
) -> None:
    follower(cedar, area_ids=[area_of(cedar).pk])
    mails(NOW - DAY)
    first = publish(cedar, now=NOW)
    update(first, now=NOW + timedelta(minutes=10))
    publish(cedar, now=NOW, at=EAST)
    assert plan_due(now=NOW + timedelta(minutes=17)) == 0
    assert plan_due(now=NOW + timedelta(minutes=18)) == 1
    (mail,) = mails(NOW + timedelta(minutes=19))
    assert "2 pieces of news" in mail.subject
    text = mail.part("plain")
    assert text.index("Update: Graffiti, Mill Rd") < text.index("New: Graffiti, Mill Rd")
    assert "A crew comes on Friday." in text
    assert "Paint on a wall." in text
    assert f"https://portal.example.gov/concerns/{first.reference}/" in mail.part("html")
    assert mail.letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert plan_due(now=NOW + HOUR) == 0
    assert mails(NOW + HOUR) == []


def test_a_mail_is_in_the_readers_language(cedar: Agency, mails: Mails) -> None:
    follower(cedar, language="es")
    mails(NOW - DAY)
    publish(cedar)
    plan_due(now=NOW + HOUR)
    (mail,) = mails(NOW + HOUR)
    assert mail.letter["Content-Language"] == "es"
    assert "Pintura en una pared." in mail.part("plain")
    assert "Grafiti" in mail.part("html")


def test_digests_leave_at_eight_and_on_mondays(cedar: Agency) -> None:
    follower(cedar, "day@home.example", pace=Pace.DAILY)
    follower(cedar, "week@home.example", pace=Pace.WEEKLY)
    plan_due(now=NOW)
    publish(cedar, now=NOW)
    assert told(EIGHT - timedelta(minutes=1)) == set()
    assert told(EIGHT) == {"day@home.example"}
    assert told(EIGHT + timedelta(minutes=5)) == set()
    assert told(EIGHT + DAY) == set()
    assert told(MONDAY) == {"week@home.example"}
    assert told(MONDAY + 7 * DAY) == set()


@pytest.mark.parametrize(
    ("now", "pace", "told", "due"),
    [
        # Clocks go back on Sunday, November 1, and forward on Sunday, March 8.
        (datetime(2026, 11, 1, 13, 59, tzinfo=UTC), Pace.DAILY, None, None),
        (
            datetime(2026, 11, 1, 14, 0, tzinfo=UTC),
            Pace.DAILY,
            None,
            (date(2026, 10, 31), date(2026, 10, 31)),
        ),
        (datetime(2026, 3, 8, 12, 59, tzinfo=UTC), Pace.DAILY, None, None),
        (
            datetime(2026, 3, 8, 13, 0, tzinfo=UTC),
            Pace.DAILY,
            date(2026, 3, 4),
            (date(2026, 3, 5), date(2026, 3, 7)),
        ),
        (EIGHT, Pace.WEEKLY, date(2026, 11, 15), None),
        (EIGHT, Pace.WEEKLY, date(2026, 11, 8), (date(2026, 11, 9), date(2026, 11, 15))),
        (MONDAY, Pace.WEEKLY, None, (date(2026, 11, 16), date(2026, 11, 22))),
        (MONDAY, Pace.DAILY, date(2026, 6, 1), (date(2026, 11, 8), date(2026, 11, 22))),
        (datetime(2026, 11, 24, 4, 0, tzinfo=UTC), Pace.DAILY, None, None),
    ],
)
def test_days_are_those_of_the_agency(
    now: datetime, pace: Pace, told: date | None, due: tuple[date, date] | None
) -> None:
    agency = Agency(timezone="America/Chicago")
    assert days_due(agency, pace, told=told, now=now) == due


def test_what_was_taken_down_is_not_told(cedar: Agency, mails: Mails) -> None:
    follower(cedar)
    mails(NOW - DAY)
    concern = publish(cedar)
    plan_due(now=NOW + HOUR)
    concern.delete()
    assert mails(NOW + HOUR) == []
    assert Message.objects.filter(kind=notices.FOLLOWED, state="superseded").count() == 1


def test_one_click_ends_it_and_can_be_taken_back(cedar: Agency, mails: Mails) -> None:
    kept = follower(cedar)
    other = follower(cedar, "other@home.example")
    now = NOW
    Suppression.objects.create(contact=kept.contact, kind=notices.FOLLOWED, since_on=now.date())
    publish(cedar)
    assert told(NOW + HOUR) == {"other@home.example"}
    assert actions.is_ended(kept)
    assert not actions.is_ended(other)


def test_who_slows_down_is_not_told_the_same_twice(cedar: Agency) -> None:
    kept = follower(cedar, pace=Pace.NOW)
    plan_due(now=NOW)
    publish(cedar)
    assert told(NOW + HOUR) == {"ana@home.example"}
    actions.change(subscription=kept, pace=Pace.DAILY, kinds=[], by=RESIDENT, now=NOW + 2 * HOUR)
    assert told(EIGHT) == set()
    publish(cedar, now=EIGHT)
    assert told(EIGHT + DAY) == {"ana@home.example"}


def test_a_far_flung_mix_of_wishes_is_told_what_fits_and_nothing_else(cedar: Agency) -> None:
    """Planning asks by areas and boxes, mails ask one by one; both must agree with common sense."""
    chance = random.Random(7)
    elsewhere = worlds.agency("birch", east=1.0)
    kinds = ["graffiti", "animal", "road_hazard"]
    wishes: dict[str, tuple[set[str], set[int], object]] = {}
    for number in range(40):
        chosen = set(chance.sample(kinds, chance.randrange(3)))
        areas = {area_of(cedar, name).pk for name in ("Old Mill", "East District")}
        where = chance.choice(["all", "areas", "shape"])
        some = set(chance.sample(sorted(areas), 1)) if where == "areas" else set()
        middle = chance.choice([WEST, EAST])
        shape = circle(*middle, metres=402, bounds=None) if where == "shape" else None
        email = f"{number}@home.example"
        wishes[email] = (chosen, some, shape)
        follower(cedar, email, kinds=sorted(chosen), area_ids=sorted(some), shape=shape)
    follower(elsewhere, "elsewhere@home.example")
    published = []
    for _each in range(3):
        at = chance.choice([WEST, EAST, (EAST[0] + 0.008, EAST[1])])
        published.append(publish(cedar, at=at, category_code=chance.choice(kinds)))

    def fits(email: str) -> set[str]:
        chosen, areas, shape = wishes[email]
        return {
            concern.reference
            for concern in published
            if (not chosen or concern.category_code in chosen)
            and (not areas or areas & set(concern.areas.values_list("area_id", flat=True)))
            and (shape is None or shape.holds(concern.anchor_lon, concern.anchor_lat))
        }

    assert told(NOW + HOUR) == {email for email in wishes if fits(email)}
    hour = Round.objects.get(agency=cedar, pace=Pace.NOW)
    rows = Subscription.objects.filter(agency=cedar).select_related("contact")
    emails = {row.contact_id: address_of(row.contact) for row in rows}
    found = news_for(hour, list(emails))
    for contact_id, address in emails.items():
        assert address is not None
        news = News.objects.filter(pk__in=found.get(contact_id, []))
        assert {each.public_concern.reference for each in news} == fits(address.value)


def test_a_drawn_shape_is_told_of_what_lies_in_it_to_the_meter(cedar: Agency) -> None:
    """The database finds whom to tell, the mail what to tell; both know the drawn line alike."""
    chance = random.Random(3)
    anchors = [
        (round(WEST[0] + chance.uniform(-1, 1) / 100, 6), round(WEST[1] + chance.random() / 100, 6))
        for _each in range(6)
    ]
    for at in anchors:
        publish(cedar, at=at)
    expected = set()
    for number in range(60):
        middle = (WEST[0] + chance.uniform(-1, 1) / 100, WEST[1] + chance.random() / 100)
        shape = circle(*middle, metres=chance.uniform(200, 500), bounds=None)
        if number % 3 == 0:
            shape = crooked(chance, *middle)
        follower(cedar, f"{number}@home.example", shape=shape, pace=Pace.DAILY, now=NOW - 2 * DAY)
        if any(shape.holds(*at) for at in anchors):
            expected.add(f"{number}@home.example")
    Subscription.objects.update(since_news=0)
    plan_due(now=NOW - DAY)
    assert 10 < len(expected) < 60
    assert told(EIGHT) == expected


def crooked(chance: random.Random, lon: float, lat: float) -> Shape:
    """Eight corners around a point, some near to it and some far."""
    corners = []
    for step in range(8):
        reach, turn = chance.uniform(0.001, 0.006), step * math.pi / 4
        x, y = lon + reach * math.cos(turn), lat + reach * math.sin(turn)
        corners.append((round(x, 6), round(y, 6)))
    return Shape(shapely.Polygon(corners))


def test_a_drawn_shape_is_found_by_the_index_of_boxes(cedar: Agency) -> None:
    for number in range(30):
        shape = circle(WEST[0] + number, WEST[1], metres=402, bounds=None)
        follower(cedar, f"{number}@home.example", shape=shape)
    publish(cedar)
    plan_due(now=NOW + HOUR)
    analyse("subscriptions_subscription", "subscriptions_news", "published_publicconcern")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = audience(Round.objects.get(pace=Pace.NOW)).explain()
    assert "Index Scan using followed_boxes" in plan


def test_planning_asks_as_often_for_many_followers_as_for_few(cedar: Agency) -> None:
    plan_due(now=NOW)
    counts = []
    for round_number in range(2):
        for number in range(2 + 20 * round_number):
            shape = circle(*WEST, metres=402, bounds=None) if number % 2 else None
            follower(cedar, f"{round_number}-{number}@home.example", shape=shape)
        publish(cedar, now=NOW + round_number * HOUR)
        with CaptureQueriesContext(connection) as asked_for:
            plan_due(now=NOW + (1 + round_number) * HOUR)
        counts.append(len(asked_for))
    assert counts[0] == counts[1]


def test_addresses_that_nobody_confirmed_are_destroyed(cedar: Agency) -> None:
    stale = asked(cedar, now=NOW)
    kept = follower(cedar, "kept@home.example", now=NOW)
    ended = follower(cedar, "ended@home.example", now=NOW)
    Suppression.objects.create(contact=ended.contact, kind=notices.FOLLOWED, since_on=NOW.date())
    assert actions.forget(now=NOW + 2 * DAY) == 0
    assert actions.forget(now=NOW + 5 * DAY) == 1
    assert actions.forget(now=NOW + 32 * DAY) == 1
    assert list(Subscription.objects.all()) == [kept]
    gone = Contact.objects.filter(pk__in=[stale.contact_id, ended.contact_id])
    assert [bytes(contact.ciphertext) for contact in gone] == [b"", b""]


def test_old_news_are_forgotten_and_a_round_goes_on_from_the_last(cedar: Agency) -> None:
    publish(cedar)
    plan_due(now=EIGHT)
    actions.forget(now=EIGHT + 60 * DAY)
    assert not News.objects.exists()
    assert Round.objects.filter(pace=Pace.DAILY).count() == 1


def test_nobody_can_flood_an_address_with_links(cedar: Agency) -> None:
    for _each in range(3):
        asked(cedar, now=NOW)
    wish = actions.Wish(agency=cedar, pace=Pace.NOW, email="Ana@home.example ")
    assert actions.subscribe(wish=wish, by=RESIDENT, now=NOW) is None
    assert Message.objects.filter(kind=notices.CONFIRM).count() == 3


def test_an_account_follows_at_once_and_its_row_names_no_account(cedar: Agency) -> None:
    user = worlds.resident()
    assert user.contact is not None
    Contact.objects.filter(pk=user.contact_id).update(is_confirmed=True)
    wish = actions.Wish(agency=cedar, pace=Pace.NOW, account_user_id=user.pk)
    kept = actions.subscribe(wish=wish, by=RESIDENT, now=NOW)
    assert kept is not None
    assert kept.confirmed_on is not None
    assert kept.contact_id != user.contact_id
    assert {type(field.related_model).__name__ for field in Subscription._meta.fields}
    assert all(
        field.related_model is None or field.related_model.__name__ in {"Agency", "Contact"}
        for field in Subscription._meta.fields
    )
    assert SubscriptionArea.objects.count() == 0
