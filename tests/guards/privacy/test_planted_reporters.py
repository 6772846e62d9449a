"""Planted reporters leave nothing where nobody looks: logs, broker, cache, files, other tables.

A real portal is used from a marked address, with a marked browser, by reporters with marked
words and addresses; then everything it wrote is searched, faults included.
"""

import base64
import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connections
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from concerns.actions import triage
from concerns.models import Concern, Joining
from concerns.published.models import PublicConcern
from concerns.subscriptions.models import Subscription
from engagement.audit.actors import Actor
from engagement.doors.challenge import new_challenge
from engagement.people.models import Contact
from meetings.models import Meeting, Rsvp
from tests import worlds
from tests.databases import point_connections_at
from tests.journeys.portal import RunningPortal, wait_for
from tests.journeys.towns import Town, forget_maps, next_town
from tests.meetings import halls

pytestmark = [pytest.mark.privacy, pytest.mark.enable_socket]

ADDRESS = "127.77.66.55"
BROWSER = "PlantedBrowser/77.31"
EMAIL = "planted-quetzal@reporter.example"
WORDS = "planted okapi words"
QUERY = "planted-axolotl-query"
NEEDS = "planted pangolin needs"
JOINED = "planted narwhal as well"
PHONE = "3145550177"
STREET = "77 Planted Heron Lane"
ASK_FOR = "planted pelican"
MAY_SAY = "planted library book"
HIDDEN = ("phone", "text", "letter")
REACHED = (PHONE, "(314) 555-0177", "314-555-0177", STREET, STREET.lower(), ASK_FOR, MAY_SAY)
CANARIES = (ADDRESS, BROWSER, EMAIL, "planted-quetzal", WORDS, QUERY, NEEDS, JOINED, *REACHED)
FIELD = re.compile(r'name="(csrfmiddlewaretoken|key|agency)" value="([^"]+)"')


class Visitor:
    """A browser at the planted address; keeps cookies, follows nothing."""

    def __init__(self, portal: RunningPortal, town: Town) -> None:
        self.host, self.port = town.host, portal.port
        self.agency = town.agency.slug
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, typed: dict[str, str] | None = None) -> tuple[int, str]:
        line = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(ADDRESS, 0)
        )
        with closing(line):
            body = urlencode(typed) if typed is not None else None
            headers = {
                "Host": f"{self.host}:{self.port}",
                "User-Agent": BROWSER,
                "X-Forwarded-For": ADDRESS,
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{self.host}:{self.port}",
            }
            line.request(method, path, body, headers)
            answer = line.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode(errors="replace")

    def minute_later(self, path: str, form: str) -> str:
        """The address of a form on a page that was opened a minute ago."""
        host = f"{self.host}:{self.port}"
        token = new_challenge(form=form, host=host, agency=self.agency, since=time.time() - 60)
        return f"{path}?proof={token}"

    def hidden(self, page: str) -> dict[str, str]:
        return dict(FIELD.findall(page))


@pytest.fixture(scope="module")
def portal(django_db_setup: None, fresh_database: Callable[[], str]) -> Iterator[RunningPortal]:
    with RunningPortal(fresh_database()) as running:
        yield running


@pytest.fixture
def town(portal: RunningPortal, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    from_before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        point_connections_at(portal.database)
        forget_maps()
        yield next_town()
        point_connections_at(from_before)
        forget_maps()


def report(visitor: Visitor, *, level: str, words: str = WORDS, **more: str) -> tuple[int, str]:
    """Send a report, twice: the second must be answered by the first's receipt."""
    _status, page = visitor.ask("GET", "/report/new/")
    typed = {
        **visitor.hidden(page),
        "category": "graffiti",
        "text": words,
        "when": "at night",
        "lon": str(worlds.LON + worlds.STEP / 2),
        "lat": str(worlds.LAT + worlds.STEP / 2),
        "level": level,
        **more,
    }
    first = visitor.ask("POST", visitor.minute_later("/report/done/", "report"), typed)
    second = visitor.ask("POST", visitor.minute_later("/report/done/", "report"), typed)
    assert first[0] == second[0]
    return first


def report_each_way(visitor: Visitor) -> None:
    """Ask to be called, texted and written to, each with wishes."""
    wishes = {"ask_for": ASK_FOR, "may_say": MAY_SAY, "no_voice_mail": "on"}
    for way, address in (
        ("phone", {"phone": f"{PHONE} ext 12"}),
        ("text", {"phone": PHONE}),
        ("letter", {"letter": f"Ana Lopez\n{STREET}\nCedar, MO"}),
    ):
        more = {"way": way, **address, **wishes}
        assert report(visitor, level="confidential", **more)[0] == 200
    # Typed and then left: an anonymous report holds none of it.
    assert report(visitor, level="anonymous", way="phone", phone=PHONE, **wishes)[0] == 200


def join_and_follow(visitor: Visitor, town: Town) -> None:
    """Say "mine too" of the first report, once it is public, and ask for mails about everything;
    both twice."""
    concern = Concern.objects.filter(agency=town.agency, level="anonymous").order_by("id")[0]
    by = Actor.staff(town.officer.pk)
    triage.accept(concern_id=concern.pk, seen_version=concern.version, by=by, now=timezone.now())
    about = PublicConcern.objects.get(agency=town.agency).reference
    path = "/report/mine-too/"
    _status, page = visitor.ask("GET", f"{path}?concern={about}")
    joining = {"concern": about, "level": "confidential", "email": EMAIL, "words": JOINED}
    typed = {**visitor.hidden(page), **joining}
    tries = [visitor.ask("POST", visitor.minute_later(path, "join"), typed) for _tap in range(2)]
    path = "/concerns/follow/"
    _status, page = visitor.ask("GET", path)
    typed = {**visitor.hidden(page), "where": "everywhere", "pace": "now", "email": EMAIL}
    tries += [visitor.ask("POST", visitor.minute_later(path, "follow"), typed) for _tap in range(2)]
    assert [status for status, _body in tries] == [200] * 4
    assert Joining.objects.filter(agency=town.agency, contact__isnull=False).count() == 1
    assert Subscription.objects.filter(agency=town.agency).count() == 2


def answer(visitor: Visitor, meeting: Meeting) -> None:
    """Say to a meeting that one comes, twice, with an address and with needs."""
    path = f"/meetings/{meeting.slug}/rsvp/"
    _status, page = visitor.ask("GET", path)
    typed = {**visitor.hidden(page), "email": EMAIL, "party_size": "2", "needs": NEEDS}
    receipts = [visitor.ask("POST", path, typed) for _tap in range(2)]
    assert [status for status, _body in receipts] == [200, 200]
    assert visitor.ask("POST", path, {**typed, "email": f"{EMAIL}\0"})[0] < 500
    assert Rsvp.objects.filter(meeting=meeting).count() == 1


def cause_faults(visitor: Visitor, portal: RunningPortal, concern: Concern) -> None:
    """Everything that makes a server write a line it should not write."""
    assert visitor.ask("GET", f"/no/such/page/?q={QUERY}")[0] == 404
    assert visitor.ask("GET", f"/concerns/?q={QUERY}%00")[0] in (200, 302, 400)
    bare = {"text": WORDS, "email": EMAIL}
    assert visitor.ask("POST", "/report/done/", bare)[0] == 307
    assert visitor.ask("POST", visitor.minute_later("/report/done/", "report"), bare)[0] == 403
    assert report(visitor, level="confidential", email=f"{EMAIL}\0", words=f"{WORDS}\0")[0] < 500
    assert report(visitor, level="anonymous", words=WORDS * 5000)[0] < 500
    break_rules_in_sql(portal.database)
    wait_at_a_lock(visitor, portal, concern)


def break_rules_in_sql(database: str) -> None:
    """A duplicate, a broken CHECK and a deadlock, each with planted words in the statement."""
    with closing(_owner(database)) as line, line.cursor() as cursor:
        for statement in (
            "INSERT INTO people_user (sign_in_key, name, language, is_active, is_staff,"
            " is_superuser, created_on, password) VALUES (%s, '', 'en', true, false, false,"
            " now(), %s)",
            "UPDATE concerns_concern SET text = %s, lon = 999 WHERE text LIKE %s || '%%'",
        ):
            with pytest.raises(psycopg2.Error):
                cursor.execute(statement, (EMAIL, WORDS))
            line.rollback()
    deadlock(database)


def deadlock(database: str) -> None:
    lines = [_owner(database), _owner(database)]
    cursors = [line.cursor() for line in lines]
    for cursor, key in zip(cursors, (77, 78), strict=True):
        cursor.execute("SELECT pg_advisory_xact_lock(%s), %s", (key, WORDS))
    ended: list[str] = []

    def cross(number: int) -> None:
        try:
            cursors[number].execute("SELECT pg_advisory_xact_lock(%s), %s", (78 - number, WORDS))
        except psycopg2.Error as error:
            ended.append(type(error).__name__)
        finally:
            lines[number].rollback()

    threads = [threading.Thread(target=cross, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert ended == ["DeadlockDetected"]
    for line in lines:
        line.close()


def wait_at_a_lock(visitor: Visitor, portal: RunningPortal, concern: Concern) -> None:
    """A request that gives up waiting ends as an error page, and that error is logged."""
    _status, page = visitor.ask("GET", "/report/new/")
    with closing(_owner(portal.database)) as line, line.cursor() as cursor:
        cursor.execute("LOCK TABLE concerns_concern IN ACCESS EXCLUSIVE MODE")
        typed = {
            **visitor.hidden(page),
            "category": "graffiti",
            "text": WORDS,
            "no_place": "on",
            "level": "confidential",
            "email": EMAIL,
        }
        status, body = visitor.ask("POST", visitor.minute_later("/report/done/", "report"), typed)
        line.rollback()
    assert status == 500
    assert WORDS not in body


def _owner(database: str) -> Any:
    wanted = connections["owner"].get_connection_params()
    wanted.pop("cursor_factory", None)
    return psycopg2.connect(**{**wanted, "dbname": database})


def dump(database: str) -> dict[str, str]:
    """Every table of the database as text."""
    with closing(_owner(database)) as line, line.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        told = {}
        for table in tables:
            cursor.execute(f'SELECT row::text FROM "{table}" AS row')
            told[table] = "\n".join(text for (text,) in cursor.fetchall())
        return told


def kept_in_broker(socket: Path, password: str) -> str:
    with closing(redis.Redis(unix_socket_path=str(socket), password=password)) as line:
        readers: dict[bytes, Callable[[bytes], Any]] = {
            b"string": line.get,
            b"list": lambda key: line.lrange(key, 0, -1),
            b"set": line.smembers,
            b"hash": line.hgetall,
            b"zset": lambda key: line.zrange(key, 0, -1),
        }
        return "\n".join(str((key, readers[line.type(key)](key))) for key in line.scan_iter("*"))


def files_written(portal: RunningPortal) -> dict[str, str]:
    """What processes wrote outside the tables: logs, output, broker files, sockets' folders."""
    folders = [
        portal.broker.layout.var,
        settings.SERVERS.logs,
        settings.SERVERS.run,
        settings.SERVERS.broker,
        settings.VAR / "audit" / portal.database,
    ]
    return {
        str(path): path.read_bytes().decode("latin-1")
        for folder in folders
        if Path(folder).exists()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def test_planted_reporters_leave_no_trace(portal: RunningPortal, town: Town) -> None:
    visitor = Visitor(portal, town)
    status, receipt = report(visitor, level="anonymous")
    assert status == 200
    assert ADDRESS not in receipt
    assert report(visitor, level="confidential", email=EMAIL)[0] == 200
    report_each_way(visitor)
    join_and_follow(visitor, town)
    answer(visitor, halls.announced(town.agency))
    concern = Concern.objects.filter(agency=town.agency).order_by("id")[0]
    cause_faults(visitor, portal, concern)
    wait_for("the mail to the planted reporter", lambda: portal.mails.received)

    queue, shared = portal.broker.layout, settings.SERVERS
    places = {
        **files_written(portal),
        "queue": kept_in_broker(queue.queue_socket, queue.password("queue")),
        "cache": kept_in_broker(shared.cache_socket, shared.password("cache")),
    }
    hidden = [base64.b64encode(canary.encode()).decode().rstrip("=") for canary in CANARIES]
    found = [
        (place, canary)
        for place, text in places.items()
        for canary in (*CANARIES, *hidden)
        if canary in text
    ]
    assert found == []


def test_no_table_holds_what_the_portal_asked_for(portal: RunningPortal, town: Town) -> None:
    visitor = Visitor(portal, town)
    assert report(visitor, level="anonymous")[0] == 200
    assert report(visitor, level="confidential", email=EMAIL)[0] == 200
    report_each_way(visitor)
    join_and_follow(visitor, town)
    answer(visitor, halls.announced(town.agency))
    tables = dump(portal.database)
    assert WORDS in tables["concerns_concern"]  # the search below can find what is there
    assert tables["meetings_rsvp"]
    assert Contact.objects.filter(agency=town.agency, kind__in=HIDDEN).count() == 3
    never = [ADDRESS, BROWSER, EMAIL, "planted-quetzal", NEEDS, *REACHED]
    never += [base64.b64encode(text.encode()).decode().rstrip("=") for text in never]
    never += [text.encode().hex() for text in never]
    found = [(table, text) for table, rows in tables.items() for text in never if text in rows]
    assert found == []
    elsewhere = [
        table for table, rows in tables.items() if WORDS in rows and table != "concerns_concern"
    ]
    assert elsewhere == []
    assert [table for table, rows in tables.items() if JOINED in rows] == ["concerns_joining"]
