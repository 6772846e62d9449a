"""Nothing in the database says at which minute an anonymous reporter was here."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pytest_django import Settings

from concerns.actions import triage
from concerns.models import Concern, Joining, RatingMark
from concerns.published.models import PublicConcern
from engagement.audit.actions import seal
from engagement.audit.actors import Actor
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.models import Message
from engagement.people.models import Session, User
from engagement.places.models import Agency
from meetings.models import Rsvp
from tests import worlds
from tests.meetings import halls

pytestmark = [pytest.mark.django_db, pytest.mark.privacy]

COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type LIKE 'timestamp%'
ORDER BY table_name, column_name"""


ELSEWHERE = {"lon": f"{worlds.LON + worlds.STEP / 3:.6f}", "lat": f"{worlds.LAT:.6f}"}


def exact_moments() -> Counter[str]:
    """How many moments of each column are not full hours."""
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE extract(epoch FROM "{column}") % 3600 <> 0'
            )
            found[f"{table}.{column}"] = cursor.fetchone()[0]
    return found


def report(client: Client, cedar: Agency) -> tuple[str, str]:
    """Send the form without a name; return code and secret as the receipt shows them."""
    page = client.get("/report/new/", {"agency": cedar.slug}).content.decode()
    sent = {
        "agency": cedar.slug,
        "key": page.split('name="key" value="')[1].split('"')[0],
        "category": "graffiti",
        "lon": f"{worlds.LON + worlds.STEP / 2:.6f}",
        "lat": f"{worlds.LAT + worlds.STEP / 2:.6f}",
        "text": "Red paint on the wall behind the bakery",
        "level": "anonymous",
    }
    receipt = client.post("/report/done/", sent)
    assert receipt.status_code == 200
    return receipt.context["tracking_code"], receipt.context["secret"]


def follow(client: Client, code: str, secret: str, verb: str, **typed: str) -> None:
    page = client.post("/track/", {"code": code, "secret": secret})
    done = client.post("/track/", {"pass": page.context["pass"], "verb": verb, **typed})
    assert done.context["said"]


def join(client: Client, cedar: Agency) -> dict[str, str]:
    """Say "mine too" without a name, with words; return what opens it again."""
    about = {"concern": PublicConcern.objects.get().reference, "agency": cedar.slug}
    page = client.get("/report/mine-too/", about).content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    typed = {**about, "key": key, "level": "anonymous", "words": "Ours too"}
    receipt = client.post("/report/mine-too/", typed)
    return {"code": receipt.context["tracking_code"], "secret": receipt.context["secret"]}


@pytest.fixture
def officer(settings: Settings, tmp_path: Path) -> User:
    settings.AUDIT_HEADS = tmp_path
    return worlds.officer(worlds.agency(), district="1")


def test_no_moment_of_an_anonymous_report_is_kept_to_the_minute(officer: User) -> None:
    """From sending to taking back, officer's answers and mails included."""
    cedar, by = Agency.objects.get(), Actor.staff(officer.pk)
    with time_machine.travel(worlds.NOW + timedelta(days=1), tick=False) as clock:
        now = worlds.NOW + timedelta(days=1)
        sweep(now=now)
        seal(now)
        before = exact_moments()
        code, secret = report(Client(), cedar)
        clock.shift(61)
        concern = Concern.objects.get()
        at = {"concern_id": concern.pk, "by": by, "now": now + timedelta(seconds=61)}
        triage.accept(seen_version=1, **at)
        triage.ask(seen_version=2, text="Which side of the wall?", **at)
        follow(Client(), code, secret, "answer", text="The side by the bakery.")
        follow(Client(), code, secret, "withdraw")
        sweep(now=now + timedelta(seconds=90))
        # What an anonymous reporter did is mailed to the officer with the next full hour.
        assert set(Message.objects.values_list("state", flat=True)) == {"planned"}
        clock.shift(3600)
        sweep(now=now + timedelta(seconds=3690))
        seal(now + timedelta(seconds=3695))
        after = exact_moments()
    assert after - before == Counter()
    assert before["audit_entry.at"] > 0, "what staff and the portal itself do keeps its minute"
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_no_moment_of_what_is_said_and_joined_later_is_kept_to_the_minute(officer: User) -> None:
    """Place, rating, opening again, asking for removal; and a neighbor who joins and leaves."""
    cedar, by = Agency.objects.get(), Actor.staff(officer.pk)
    now = worlds.NOW + timedelta(days=1)
    with time_machine.travel(now, tick=False) as clock:
        sweep(now=now)
        code, secret = report(Client(), cedar)
        at = {"concern_id": Concern.objects.get().pk, "by": by, "now": now}
        triage.accept(seen_version=1, **at)
        seal(now)
        before = exact_moments()
        clock.shift(61)
        neighbor = join(Client(), cedar)
        follow(Client(), code, secret, "place", save="on", **ELSEWHERE)
        follow(Client(), code, secret, "removal", text="Take the name of my street out.")
        triage.resolve(
            seen_version=Concern.objects.get().version, words="Painted over.", outcome="fixed", **at
        )
        follow(Client(), code, secret, "rate", respect="yes")
        follow(Client(), code, secret, "reopen", text="It is back.")
        page = Client().post("/track/", neighbor)
        left = Client().post("/track/joined/", {"pass": page.context["pass"], "verb": "leave"})
        assert left.status_code == 200
        sweep(now=now + timedelta(seconds=90))
        clock.shift(3600)
        sweep(now=now + timedelta(seconds=3690))
        seal(now + timedelta(seconds=3695))
        after = exact_moments()
    assert Joining.objects.get().left_on is not None
    assert RatingMark.objects.exists()
    assert after - before == Counter()


def test_no_moment_of_an_answer_to_a_meeting_is_kept_to_the_minute(officer: User) -> None:
    with time_machine.travel(worlds.NOW + timedelta(days=1), tick=False) as clock:
        sweep(now=worlds.NOW + timedelta(days=1))
        at = halls.evening(hour=18, minute=0)
        hall = halls.announced(Agency.objects.get(), starts_wall=at, minutes=60)
        before = exact_moments()
        clock.shift(61)
        halls.answered(hall, "ana@home.example", needs="A ramp")
        token = halls.answered(hall, None, submission_key="second").token
        page = f"/meetings/rsvp/{token}/"
        client = Client()
        assert client.post(page, {"party_size": "2", "needs": ""}).status_code == 200
        assert client.post(page, {"verb": "withdraw"}).status_code == 200
        sweep(now=worlds.NOW + timedelta(days=1, seconds=99))
        after = exact_moments()
    assert Rsvp.objects.get(contact__isnull=True).state == "cancelled"
    # The reminder is due at a moment of the meeting, not of the answer.
    assert set(after - before) <= {"outbox_message.due_at", "outbox_message.try_at"}
    reminders = Message.objects.filter(kind="meetings.reminder", is_coarse=False)
    assert after["outbox_message.due_at"] - before["outbox_message.due_at"] <= reminders.count()


def test_sending_anonymously_while_signed_in_touches_neither_session_nor_account(
    officer: User,
) -> None:
    resident = worlds.signed_in(worlds.resident())

    def marks() -> list[object]:
        sessions = Session.objects.order_by("pk").values_list("pk", "session_data", "expire_date")
        return [*sessions, *User.objects.order_by("pk").values_list()]

    before = marks()
    code, secret = report(resident, Agency.objects.get())
    follow(resident, code, secret, "answer", text="The side by the bakery.")
    follow(resident, code, secret, "removal", text="Take the bakery out.")
    concern = Concern.objects.get()
    triage.accept(
        concern_id=concern.pk,
        seen_version=concern.version,
        by=Actor.staff(officer.pk),
        now=worlds.NOW,
    )
    resident.post("/track/", join(resident, Agency.objects.get()))
    assert marks() == before
    reporter = Concern.objects.get().reporter
    assert (reporter.contact_id, reporter.account_link) == (None, None)


def test_a_session_does_not_say_at_which_minute_its_owner_signed_in(officer: User) -> None:
    worlds.resident("ana@home.example")
    client = Client()
    with time_machine.travel(worlds.NOW + timedelta(days=1), tick=False):
        before = exact_moments()
        typed = {"login": "ana@home.example", "password": worlds.PASSWORD}
        assert client.post("/account/login/", typed)["Location"] == "/my/"
        assert exact_moments() - before == Counter()
        assert client.get("/my/").status_code == 200
        [session] = Session.objects.all()
    methods = session.get_decoded()["account_authentication_methods"]
    assert [method["at"] % 3600 for method in methods] == [0]
