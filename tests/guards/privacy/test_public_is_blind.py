"""Two databases that differ only in what is private answer alike at every public door.

Otherwise a small box on the map, a word in the search or a date in the filter would find the
reporter's house by bisection.
"""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concerns.actions import photos, publishing, triage
from concerns.actions.joining import MineToo, join, release_numbers
from concerns.models import (
    Adoption,
    Answer,
    Concern,
    ConcernPhoto,
    Note,
    PlaceCorrection,
    Reply,
)
from concerns.models.casework import Direction
from concerns.published.models import PublicConcern, PublicPhoto
from concerns.subscriptions.actions import Wish, subscribe
from concerns.subscriptions.models import Pace
from engagement.audit.actors import Actor
from engagement.doors.access import Kind
from engagement.doors.pictures.decoding import Picture
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from meetings.actions.planning import WayIn
from meetings.models import Joining, Meeting
from tests import pictures, worlds
from tests.guards.addresses import addresses
from tests.meetings import halls

pytestmark = [pytest.mark.django_db, pytest.mark.privacy]

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
DAY = timedelta(days=1)


@pytest.fixture
def town() -> tuple[Agency, User]:
    """Two published concerns, and an officer to publish more."""
    now = timezone.now() - 3 * DAY
    cedar = worlds.agency(now=now)
    officer = worlds.officer(cedar, now=now)
    for number, category in enumerate(["graffiti", "illegal_dumping"]):
        lon = worlds.LON + worlds.STEP * (0.5 + number)
        receipt = worlds.reported(cedar, now=now, category=category, lon=lon)
        publish(receipt.concern, officer)
    way_in = WayIn("https://meet.example/room", "555-0199")
    show_a_photo(PublicConcern.objects.order_by("id")[0])
    hall = halls.announced(cedar, mode="hybrid", joining=way_in, capacity=20)
    halls.answered(hall, "first@home.example")
    return cedar, officer


def publish(concern: Concern, officer: User) -> None:
    by, now = Actor.staff(officer.pk), timezone.now() - 2 * DAY
    triage.accept(concern_id=concern.pk, seen_version=concern.version, by=by, now=now)
    concern.refresh_from_db()
    publishing.publish(
        concern_id=concern.pk,
        seen_version=concern.version,
        summary=Wording({"en": "Seen and noted.", "es": "Visto y anotado."}),
        by=by,
        now=now,
    )


def show_a_photo(public: PublicConcern) -> None:
    concern = Concern.objects.get(public=public)
    picture, now = Picture(pictures.jpeg(), 640, 480), timezone.now() - 2 * DAY
    with photos.kept([picture, picture], agency=concern.agency, now=now) as (own, copy):
        photos.add(concern_id=concern.pk, photos=[own], reply_id=None, by=Actor.reporter(), now=now)
        public.photos.create(
            agency_id=concern.agency_id,
            name=copy.name,
            width=copy.width,
            height=copy.height,
            shows=Wording({"en": "A wall"}),
        )


def change_all_that_is_private(cedar: Agency) -> None:
    """Move every point, reword every report, and add reports that nobody published."""
    Concern.objects.update(
        lon=worlds.LON + 0.001,
        lat=worlds.LAT + 0.001,
        text="zebra umbrella: entirely other words",
        place_text="zebra corner",
        is_home=True,
        priority="urgent",
    )
    officer = User.objects.exclude(name="").order_by("id").first()
    assert officer is not None
    for concern in Concern.objects.order_by("id"):
        Note.objects.create(
            agency=cedar, concern=concern, text="zebra note", at=timezone.now(), by_user=officer
        )
        Reply.objects.create(
            agency=cedar,
            concern=concern,
            direction=Direction.FROM_REPORTER,
            text="zebra reply",
            at=timezone.now(),
        )
        Answer.objects.create(agency=cedar, concern=concern, code="zebra", typed="zebra answer")
        PlaceCorrection.objects.create(
            agency=cedar, concern=concern, at=timezone.now(), is_home=True, place_text="zebra"
        )
        Adoption.objects.create(agency=cedar, concern=concern, account_link=b"z" * 32)
        ConcernPhoto.objects.filter(concern=concern, reply=None).delete()
        join_and_follow(concern)
    answer_and_draft_meetings(cedar)
    for category in ("graffiti", "suspicious", "noise"):
        worlds.reported(cedar, now=timezone.now(), category=category, text="zebra unpublished")


def join_and_follow(concern: Concern) -> None:
    """Some say "mine too", fewer than the public number tells of; somebody follows everything."""
    assert concern.public is not None
    for number in range(9):
        wish = MineToo(
            agency=concern.agency,
            public_reference=concern.public.reference,
            level="anonymous",
            email=None,
            account_user_id=None,
            words="zebra mine too",
            language="en",
            submission_key=f"zebra-{concern.pk}-{number}",
        )
        join(wish=wish, by=Actor.resident(), now=timezone.now() - 2 * DAY)
    release_numbers(now=timezone.now())
    follow = Wish(agency=concern.agency, pace=Pace.NOW, email="zebra@home.example")
    subscribe(wish=follow, by=Actor.resident(), now=timezone.now())


def answer_and_draft_meetings(cedar: Agency) -> None:
    """Fill the room, change how to join, plan what nobody has heard of."""
    hall = Meeting.objects.public().order_by("pk")[0]
    Joining.objects.update(url="https://meet.example/zebra", phone="555-0111")
    for number in range(6):
        halls.answered(hall, f"zebra-{number}@home.example", party_size=3, needs="zebra ramp")
    halls.drafted(cedar, title=Wording({"en": "Zebra draft"}))


def doors(cedar: Agency) -> list[str]:
    hall = Meeting.objects.public().order_by("pk").values_list("slug", flat=True)[0]
    reference = PublicConcern.objects.order_by("id").values_list("reference", flat=True)[0]
    return [
        "/",
        "/areas/",
        *(f"/areas/{slug}/" for slug in ("west-district", "old-mill")),
        "/concerns/",
        f"/concerns/{reference}/",
        f"/concerns/{reference}/photos/{PublicPhoto.objects.get().name.rpartition('/')[2]}/",
        "/concerns/map.json",
        "/concerns/feed.rss",
        "/meetings/",
        "/meetings/?show=past",
        "/meetings/?area=old-mill",
        "/meetings/feed.ics",
        "/meetings/feed.rss",
        f"/meetings/{hall}/",
        f"/meetings/{hall}.ics",
        f"/places/areas/{cedar.slug}/district.json",
        f"/places/search/{cedar.slug}",
        f"/places/streets/{cedar.slug}/13/1998/3151.json",
        "/api/v1/concerns/",
        f"/api/v1/concerns/{reference}/",
        "/api/v1/areas/",
        "/api/v1/meetings/",
        "/help/",
        "/help/privacy/",
        "/help/moderation/",
        "/leave/",
        "/report/",
        "/report/phrases.json",
        "/transparency/",
    ]


def answers(paths: list[str]) -> list[tuple[str, int, bytes]]:
    client = Client()
    moment = timezone.now().replace(minute=0, second=0, microsecond=0)
    # An empty feed names the present moment, which both databases share anyway.
    with time_machine.travel(moment, tick=False):
        return [
            (path, response.status_code, TOKEN.sub(b"", response.content))
            for path in paths
            for response in [asked(client, path)]
        ]


def asked(client: Client, path: str) -> Any:
    if path.startswith("/places/search/"):
        return client.post(path, {"q": "zebra"})
    return client.get(path, follow=True)


def test_no_public_door_is_left_out(town: tuple[Agency, User]) -> None:
    cedar, _officer = town
    tried = {resolve(path.partition("?")[0]).route for path in doors(cedar)}
    public = {a.pattern for a in addresses() if a.door and a.door.kind == Kind.PUBLIC}
    assert public - tried == set()


def test_every_public_door_is_blind_to_what_is_private(town: tuple[Agency, User]) -> None:
    cedar, _officer = town
    paths = doors(cedar)
    before = answers(paths)
    assert [status for path, status, _body in before if status != 200] == []
    change_all_that_is_private(cedar)
    assert answers(paths) == before


numbers = st.floats(min_value=-0.01, max_value=0.05, allow_nan=False)
queries = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["zebra", "paint", "noted", "underpass", '"zebra umbrella"', "-x"]),
        "category": st.lists(
            st.sampled_from(["graffiti", "suspicious", "noise", "illegal_dumping", "nothing"])
        ),
        "progress": st.sampled_from(["open", "done", "waiting", "accepted"]),
        "since": st.dates().map(str),
        "until": st.dates().map(str),
        "zoom": st.integers(0, 22).map(str),
        "bbox": st.tuples(numbers, numbers, numbers, numbers).map(
            lambda box: (
                f"{worlds.LON + box[0]},{worlds.LAT + box[1]},"
                f"{worlds.LON + box[2]},{worlds.LAT + box[3]}"
            )
        ),
    },
)


@given(asked=st.lists(queries, min_size=1, max_size=4))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_box_word_or_date_tells_what_is_private(
    town: tuple[Agency, User], asked: list[dict[str, object]]
) -> None:
    cedar, _officer = town
    paths = [
        f"{door}?{urlencode(query, doseq=True)}"
        for query in asked
        for door in ("/concerns/", "/concerns/map.json", "/concerns/feed.rss", "/api/v1/concerns/")
    ]
    before = answers(paths)
    savepoint = transaction.savepoint()
    change_all_that_is_private(cedar)
    after = answers(paths)
    transaction.savepoint_rollback(savepoint)
    assert after == before


@pytest.mark.parametrize(
    "table",
    [
        "concerns_concern",
        "concerns_reporter",
        "concerns_reply",
        "concerns_note",
        "concerns_statuschange",
        "concerns_joining",
        "concerns_answer",
        "concerns_concernphoto",
        "concerns_contactwish",
        "concerns_relay",
        "concerns_calltask",
        "concerns_adoption",
        "concerns_reading",
        "concerns_waitingrating",
        "concerns_suspicion",
        "concerns_filing",
        "concerns_campaignday",
        "concerns_placecorrection",
        "subscriptions_subscription",
        "concerns_accesslink",
        "meetings_rsvp",
        "meetings_joining",
        "people_contact",
        "people_user",
        "outbox_message",
        "audit_entry",
        "audit_payload",
        "people_session",
    ],
)
def test_the_public_role_cannot_read(table: str) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL ROLE common_ground_public")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
        transaction.set_rollback(True)
