from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError
from pytest_django import DjangoAssertNumQueries

from engagement.audit.actions import (
    PAYLOAD_DESTROYED,
    CannotDestroy,
    CannotRecord,
    destroy_payload,
    record,
)
from engagement.audit.actors import Actor, ActorKind
from engagement.audit.models import Entry, Payload
from engagement.audit.queries import history_of
from engagement.audit.subjects import Subject
from tests.engagement.audit.conftest import NOW, light

LAMP = Subject("lamp", "L1")


@pytest.mark.django_db
def test_an_entry_says_who_what_when_and_to_what() -> None:
    entry = light(payload={"watts": 40})
    entry.refresh_from_db()
    assert (entry.event, entry.actor_kind, entry.actor_user_id) == ("LAMP_LIT", "staff", 7)
    assert (entry.subject_type, entry.subject_reference, entry.agency_id) == ("lamp", "L1", 1)
    assert entry.at == NOW
    assert entry.payload.body == {"watts": 40}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert cursor.fetchone() == (entry.xid,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "actor", [Actor.reporter(), Actor.resident(), Actor.token("link")], ids=lambda a: a.kind
)
def test_a_resident_leaves_no_user_and_no_exact_time(actor: Actor) -> None:
    entry = record("LAMP_LIT", by=actor, subject=LAMP, agency_id=1, now=NOW)
    entry.refresh_from_db()
    assert entry.actor_user_id is None
    assert entry.at == datetime(2026, 3, 1, 14, tzinfo=UTC)


@pytest.mark.django_db
def test_the_database_itself_refuses_a_reporters_minute_or_user() -> None:
    columns = "(event, actor_kind, actor_user_id, actor_name, subject_type, subject_reference, at)"
    rows = [
        "('LAMP_LIT', 'reporter', NULL, '', 'lamp', 'L1', '2026-03-01 14:27:00+00')",
        "('LAMP_LIT', 'reporter', 7, '', 'lamp', 'L1', '2026-03-01 14:00:00+00')",
        "('LAMP_LIT', 'staff', NULL, '', 'lamp', 'L1', '2026-03-01 14:00:00+00')",
    ]
    for row in rows:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO audit_entry {columns} VALUES {row}")
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_what_history_must_not_hold_is_not_written() -> None:
    with pytest.raises(CannotRecord, match="not registered"):
        record("LAMP_STOLEN", by=Actor.reporter(), subject=LAMP, agency_id=1, now=NOW)
    with pytest.raises(CannotRecord, match="e-mail"):
        light(payload={"to": "ana@example.org"})
    assert not Entry.objects.exists()


def test_history_is_not_written_outside_a_transaction(committed_database: str) -> None:
    with pytest.raises(CannotRecord, match="transaction"):
        record("LAMP_LIT", by=Actor.reporter(), subject=LAMP, agency_id=1, now=NOW)
    assert not Entry.objects.exists()


def test_history_falls_with_the_change_that_it_tells(committed_database: str) -> None:
    with transaction.atomic():
        light()
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_entry_and_its_payload_cost_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        record("LAMP_LIT", by=Actor.reporter(), subject=LAMP, agency_id=1, now=NOW)
    with django_assert_num_queries(1):
        record(
            "LAMP_LIT", by=Actor.reporter(), subject=LAMP, agency_id=1, now=NOW, payload={"a": 1}
        )


@pytest.mark.django_db
def test_a_destroyed_payload_leaves_a_record_of_its_end() -> None:
    entry = light(payload={"watts": 40})
    destroy_payload(entry, by=Actor.staff(8), now=NOW)
    assert not Payload.objects.exists()
    line = history_of(LAMP, agency_id=1)[0]
    assert (line.payload, line.is_payload_destroyed) == (None, True)
    told = Entry.objects.get(event=PAYLOAD_DESTROYED)
    assert (told.subject_reference, told.actor_user_id, told.agency_id) == (str(entry.pk), 8, 1)
    with pytest.raises(CannotDestroy):
        destroy_payload(entry, by=Actor.staff(8), now=NOW)
    assert Entry.objects.filter(event=PAYLOAD_DESTROYED).count() == 1


@pytest.mark.django_db
def test_history_of_a_subject_is_read_newest_first_inside_one_agency(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    light(payload={"watts": 40})
    record("LAMP_LIT", by=Actor.reporter(), subject=LAMP, agency_id=1, now=NOW)
    light(agency_id=2)
    light(2)
    with django_assert_num_queries(1):
        lines = history_of(LAMP, agency_id=1)
    assert [line.actor.kind for line in lines] == [ActorKind.REPORTER, ActorKind.STAFF]
    assert [line.payload for line in lines] == [None, {"watts": 40}]
    assert {line.sentence for line in lines} == {"Lit a lamp"}


@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET event = 'OTHER'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE false",
        "TRUNCATE audit_entry CASCADE",
        "UPDATE audit_link SET sequence = 9",
        "DELETE FROM audit_link",
        "TRUNCATE audit_link",
        "UPDATE audit_anchor SET sequence = 9",
        "DELETE FROM audit_anchor",
        "UPDATE audit_payload SET body = '{}'",
        "TRUNCATE audit_payload",
    ],
)
def test_history_cannot_be_changed_even_by_the_owner_of_the_tables(
    committed_database: str, alias: str, statement: str
) -> None:
    light(payload={"watts": 40})
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"):
        connections[alias].cursor().execute(statement)
    assert Entry.objects.get().event == "LAMP_LIT"
    assert Payload.objects.get().body == {"watts": 40}
