"""Whoever follows a shape is told the same whatever is private: two databases that differ only in
exact points, words and unpublished reports refuse the same shapes and send the same mails.

Otherwise a shape of five metres, moved about, would find the reporter's house.
"""

import json
import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from concerns.subscriptions import actions, notices
from concerns.subscriptions.forms import FollowForm
from concerns.subscriptions.kinds import followable_kinds
from concerns.subscriptions.models import News, Pace, Subscription
from concerns.subscriptions.planning import plan_due
from concerns.subscriptions.shapes import BadShape, read_shape
from engagement.audit.actors import Actor
from engagement.outbox.letters import specimen
from engagement.outbox.models import Message
from engagement.outbox.registry import kind_named
from engagement.people.models import User
from engagement.places.models import Agency, Area
from tests import worlds
from tests.guards.privacy.test_public_is_blind import TOKEN, change_all_that_is_private, publish

pytestmark = [pytest.mark.django_db, pytest.mark.privacy]

DAY = timedelta(days=1)
# What a page draws anew for each visit.
ONE_TIME = re.compile(TOKEN.pattern + rb"|proof=[^\"]+")
FEW = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
steps = st.tuples(st.floats(-0.005, 0.045), st.floats(-0.005, 0.025))
rings = st.lists(steps, min_size=1, max_size=6).map(
    lambda corners: json.dumps(
        {
            "type": "Polygon",
            "coordinates": [[[worlds.LON + x, worlds.LAT + y] for x, y in corners]],
        }
    )
)
tiny = st.tuples(steps, st.floats(0.00002, 0.0015)).map(
    lambda spot: json.dumps(
        {
            "type": "Polygon",
            "coordinates": [
                [
                    [worlds.LON + spot[0][0] + x * spot[1], worlds.LAT + spot[0][1] + y * spot[1]]
                    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))
                ]
            ],
        }
    )
)
kinds = st.lists(st.sampled_from(["graffiti", "illegal_dumping", "animal"]), unique=True)


@pytest.fixture
def cedar() -> Agency:
    made = worlds.agency(now=timezone.now() - 3 * DAY)
    officer: User = worlds.officer(made, now=timezone.now() - 3 * DAY)
    for number, category in enumerate(["graffiti", "illegal_dumping"]):
        lon = worlds.LON + worlds.STEP * (0.5 + number)
        receipt = worlds.reported(made, now=timezone.now() - 3 * DAY, category=category, lon=lon)
        publish(receipt.concern, officer)
    return made


def answered(cedar: Agency, shape: str) -> tuple[int, bytes]:
    """What the page says to this shape; kept wishes are taken back."""
    sent = {"where": "shape", "shape": shape, "pace": "now", "email": "ana@home.example"}
    savepoint = transaction.savepoint()
    answer = Client().post("/concerns/follow/", sent)
    transaction.savepoint_rollback(savepoint)
    return answer.status_code, ONE_TIME.sub(b"", answer.content)


def follow(cedar: Agency, shape: str, chosen: list[str]) -> None:
    """Follow the shape, if it may be followed, since before anything was published."""
    try:
        drawn = read_shape(shape, bounds=None)
    except BadShape:
        return
    wish = actions.Wish(
        agency=cedar, pace=Pace.NOW, kinds=chosen, shape=drawn, email="ana@home.example"
    )
    kept = actions.subscribe(wish=wish, by=Actor.resident(), now=timezone.now())
    if kept is not None:
        actions.confirm(subscription=kept, by=Actor.resident(), now=timezone.now())
    Subscription.objects.update(since_news=0)


def letters(cedar: Agency) -> list[tuple[int, str, str]]:
    """All mails that a round now would send, by reader; taken back afterwards."""
    kind, found = kind_named(notices.FOLLOWED), []
    savepoint = transaction.savepoint()
    plan_due(now=timezone.now())
    for message in Message.objects.filter(kind=kind.name).order_by("contact_id", "pk"):
        own = kind.context(message)
        words = specimen(kind, own, agency=cedar, language="en", zone=cedar.timezone)
        found.append((message.contact_id, words.text, words.html))
    transaction.savepoint_rollback(savepoint)
    return found


@given(shapes=st.lists(st.tuples(st.one_of(rings, tiny), kinds), min_size=1, max_size=5))
@FEW
def test_no_shape_tells_what_is_private(cedar: Agency, shapes: list[tuple[str, list[str]]]) -> None:
    savepoint = transaction.savepoint()
    whole = json.dumps({"type": "Polygon", "coordinates": [_around(cedar)]})
    for shape, chosen in [(whole, []), *shapes]:
        follow(cedar, shape, chosen)
    before = letters(cedar), [answered(cedar, shape) for shape, _kinds in shapes]
    change_all_but_meetings(cedar)
    after = letters(cedar), [answered(cedar, shape) for shape, _kinds in shapes]
    transaction.savepoint_rollback(savepoint)
    assert len(before[0]) >= 1
    assert after == before


def change_all_but_meetings(cedar: Agency) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "tests.guards.privacy.test_public_is_blind.answer_and_draft_meetings", lambda _: None
        )
        change_all_that_is_private(cedar)


def _around(cedar: Agency) -> list[list[float]]:
    west, south = worlds.LON - 0.001, worlds.LAT - 0.001
    east, north = worlds.LON + 2 * worlds.STEP + 0.001, worlds.LAT + worlds.STEP + 0.001
    return [[west, south], [east, south], [east, north], [west, north]]


@given(shape=tiny)
@FEW
def test_no_small_shape_can_be_followed(cedar: Agency, shape: str) -> None:
    sent = {"where": "shape", "shape": shape, "pace": "now", "email": "ana@home.example"}
    form = FollowForm(
        sent,
        agency=cedar,
        kinds=followable_kinds(cedar),
        areas=Area.objects.filter(agency=cedar).order_by("pk"),
        has_account_address=False,
    )
    assert not form.is_valid()
    assert "too small" in str(form.errors["shape"])


def test_what_is_told_holds_no_word_point_or_hour_of_the_report(cedar: Agency) -> None:
    columns = {field.name for field in News._meta.fields}
    assert columns == {
        *("id", "agency", "public_concern", "update", "what", "hour", "on", "round"),
    }
    follow(cedar, json.dumps({"type": "Polygon", "coordinates": [_around(cedar)]}), [])
    (letter,) = letters(cedar)
    assert "Seen and noted." in letter[1]
    assert "Red paint all over" not in "".join(letter[1:])
    assert "underpass" not in "".join(letter[1:])
