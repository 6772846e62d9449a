"""Fill an empty database with an invented history of any size."""

from collections.abc import Callable
from datetime import datetime

import numpy as np
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from concerns import desk_counting
from concerns.published.counting import count_anew
from engagement.keys.hashes import keyed_hash
from engagement.keys.purposes import Purpose
from engagement.people.identity import sign_in_key
from engagement.people.models import User
from engagement.places.models import Agency
from meetings.models import Meeting
from portal.benchmark import histories, houses, meetings, shape
from portal.benchmark.follow_ups import STATEMENTS
from portal.benchmark.loading import catch_up, copy, without_links_and_indexes
from portal.benchmark.towns import DOMAIN, Town, build, town_of

# Only the owner of the tables may take their indexes off.
OWNER = "owner"
NUMBERED = (
    "published_publicconcern",
    "published_publicconcernarea",
    "published_publicupdate",
    "concerns_concern",
    "concerns_concernarea",
    "concerns_reporter",
    "concerns_statuschange",
    "concerns_reply",
    "concerns_note",
    "people_contact",
)
TABLES = (*NUMBERED, "outbox_message")
REPORTS_OF_RESIDENT = 12
# The resident's latest reports, so that the page of own reports has something to show.
OWN_REPORTS = """
UPDATE concerns_reporter SET account_link = %(link)s WHERE concern_id IN (
    SELECT id FROM concerns_concern WHERE agency_id = %(agency)s AND level = 'signed_in'
    ORDER BY id DESC LIMIT %(limit)s)"""

Say = Callable[[str], None]


class NotEmpty(Exception):
    """The database holds something already."""


def seed(order: shape.Order, *, now: datetime, say: Say) -> None:
    """Make agencies, then their history in one transaction. Raises NotEmpty."""
    if Agency.objects.exists() or User.objects.exists():
        raise NotEmpty
    chance = np.random.default_rng(order.seed)
    agencies = build(order.agencies, now)
    say(f"{len(agencies)} agencies")
    towns = [
        town_of(agency, concerns=int(order.concerns * share), chance=chance)
        for agency, share in zip(agencies, shape.agency_shares(order.agencies), strict=True)
    ]
    say(f"{sum(len(town.spots) for town in towns):,} spots")
    numbered = houses.number(agencies[0], concerns=order.concerns, now=now, chance=chance)
    say(f"{numbered:,} house numbers")
    # Looked up first: the tables are locked while their links are off.
    own = _own_reports(agencies[0])
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL synchronous_commit = off")
        with without_links_and_indexes(cursor, TABLES):
            _write_history(cursor, towns, order, now, chance, say)
            cursor.execute(OWN_REPORTS, own)
            say("indexes and links, checked row by row")
        catch_up(cursor, NUMBERED)
        count_anew(connections[OWNER])
        desk_counting.count_anew(connections[OWNER])
        say("the map and the desk, counted")
    answers = meetings.hold(agencies, concerns=order.concerns, now=now)
    say(f"{Meeting.objects.count():,} meetings, {answers:,} answers")
    say("statistics")
    with connections[OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _write_history(
    cursor: CursorWrapper,
    towns: list[Town],
    order: shape.Order,
    now: datetime,
    chance: np.random.Generator,
    say: Say,
) -> None:
    done = 0
    for chunk in histories.Historian(towns, order, now, chance).chunks():
        public = [f'"{name}"' for name in histories.PUBLIC]
        copy(cursor, "published_publicconcern", public, chunk.public)
        copy(cursor, "published_publicconcernarea", histories.PUBLIC_AREA, chunk.public_areas)
        copy(cursor, "concerns_concern", histories.CONCERN, chunk.concerns)
        copy(cursor, "concerns_concernarea", histories.CONCERN_AREA, chunk.areas)
        done += len(chunk.concerns)
        say(f"{done:,} of {order.concerns:,} concerns")
    cursor.execute("SELECT COALESCE(MAX(id), 0) FROM people_contact")
    base = cursor.fetchone()[0]
    for name, statement in STATEMENTS.items():
        cursor.execute(statement, {"base": base, "now": now})
        say(f"{cursor.rowcount:,} {name}")


def _own_reports(home: Agency) -> dict[str, bytes | int]:
    resident = User.objects.get(sign_in_key=sign_in_key(f"resident@{DOMAIN}"))
    link = keyed_hash(Purpose.FOLLOW, str(resident.pk), agency_id=home.pk)
    return {"link": link, "agency": home.pk, "limit": REPORTS_OF_RESIDENT}
