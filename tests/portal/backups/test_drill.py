"""Lose everything but a backup, the keys and the records; come back."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.utils import IntegrityError, InternalError, ProgrammingError
from django.test import Client
from django.utils import timezone

from concerns.models import Concern, Reporter
from engagement.audit.actions import destroy_payload, write_anchor
from engagement.audit.actors import Actor
from engagement.audit.models import Entry, Link, Payload, SealMark
from engagement.audit.verification import verify
from engagement.outbox.actions.claims import claim_due
from engagement.outbox.models import Message
from engagement.outbox.states import State
from engagement.people.actions import erase_address
from engagement.people.identity import address_of, find_contacts
from engagement.people.models import Contact
from portal.backups import restoring
from tests import worlds
from tests.engagement.audit.conftest import Tamper, seal_all
from tests.portal.backups.conftest import CANARY, ERASED, Town

# Written by the restore itself, or left behind on purpose.
CHANGED = {
    "audit_entry",
    "audit_link",
    "audit_sealmark",
    "audit_payload",
    "django_session",
    "people_session",
}
Make = Callable[[], str]


def counts() -> dict[str, int]:
    """Rows of every table, and where every counter stands."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if table not in CHANGED}


def after_the_backup(town: Town) -> Entry:
    """What a backup cannot know: a report, an erasure, details destroyed; all sealed and signed."""
    worlds.reported(town.agency)
    contact = find_contacts(ERASED, town.agency.pk).get()
    erase_address(contact, by=Actor.task("tests"), now=worlds.NOW)
    entry = Entry.objects.filter(payload__isnull=False).order_by("pk")[0]
    destroy_payload(entry, by=Actor.task("tests"), now=worlds.NOW)
    seal_all(worlds.NOW)
    write_anchor(worlds.NOW + timedelta(days=1))
    return entry


def checked() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


def test_everything_comes_back_and_what_was_erased_stays_erased(
    town: Town, empty_database: Make
) -> None:
    officer = get_user_model().objects.get(name="Officer Vale")
    worlds.signed_in(officer)
    photos = {path: path.read_bytes() for path in town.media.rglob("*.jpg")}
    before, links = counts(), Link.objects.count()
    addresses = sorted(address_of(c).value for c in Contact.objects.all() if c.agency_id)  # type: ignore[union-attr]
    told = town.back_up()
    assert "as of" in told
    assert town.file.stat().st_mode & 0o077 == 0
    destroyed = after_the_backup(town)
    entry_id = destroyed.pk

    shutil.rmtree(town.media)
    empty_database()
    told = town.restore()

    assert "Erased again, as since the backup: 2." in told
    assert counts() == before
    assert {path: path.read_bytes() for path in town.media.rglob("*.jpg")} == photos
    left = [contact for contact in Contact.objects.filter(agency=town.agency) if contact.ciphertext]
    assert [address_of(contact).value for contact in left] == [CANARY]  # type: ignore[union-attr]
    assert ERASED in addresses
    assert Reporter.objects.filter(contact__ciphertext=b"").count() == 1
    assert not Payload.objects.filter(entry_id=entry_id).exists()

    spoken = checked()
    assert "from a backup as of" in spoken
    assert f"chain {town.agency.pk}: nothing vouches for what followed place" in spoken
    assert spoken.endswith("History is whole.\n")
    seal_all(timezone.now())
    assert Link.objects.count() > links
    assert "History is whole." in checked()

    visitor = Client()
    for page in ("/", "/concerns/", "/health/live", "/health/ready", "/report/"):
        assert visitor.get(page, follow=True).status_code in {200, 503}, page
    officer.refresh_from_db()
    assert visitor.get("/desk/").status_code == 302
    client = worlds.signed_in(officer)
    reference = Concern.objects.order_by("pk")[0].staff_reference
    assert client.get(f"/desk/concerns/{reference}/").status_code == 200
    worlds.reported(town.agency)
    # Triggers and rights are back too.
    with connections["owner"].cursor() as owner, pytest.raises(IntegrityError, match="append-only"):
        owner.execute("UPDATE audit_entry SET event = 'X'")
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="denied"):
        cursor.execute("DELETE FROM audit_link")


def test_history_goes_on_where_transactions_are_counted_anew(
    town: Town, empty_database: Make
) -> None:
    # As far as the numbers of another server, which had more to do, had come.
    SealMark.objects.update(horizon=10**12)
    town.back_up()
    shutil.rmtree(town.media)
    empty_database()
    town.restore()

    assert checked().endswith("History is whole.\n")
    assert seal_all(timezone.now())
    assert "wait for the sealer" not in checked()


def test_a_chain_cut_off_after_the_restore_is_found(
    town: Town, empty_database: Make, tamper: Tamper
) -> None:
    town.back_up()
    after_the_backup(town)
    shutil.rmtree(town.media)
    empty_database()
    town.restore()
    assert verify().faults == []
    seal_all(timezone.now())
    tamper("DELETE FROM audit_link WHERE sequence > 2", "DELETE FROM audit_entry WHERE id > 4")
    assert any("cut off after place 2" in fault for fault in verify().faults)


def test_without_a_record_an_older_copy_reads_as_cut_off_until_somebody_accepts_it(
    town: Town, empty_database: Make
) -> None:
    town.back_up()
    after_the_backup(town)
    shutil.rmtree(town.media)
    empty_database()
    town.restore()
    (town.records / "restored-1.json").unlink()
    assert any("cut off" in fault for fault in verify().faults)

    out = StringIO()
    call_command("verify_audit", "--accept-restore", stdout=out)
    assert "from a backup as of unknown" in out.getvalue()
    assert out.getvalue().endswith("History is whole.\n")


def test_mails_that_may_have_left_are_held_and_later_ones_wait_for_their_time(
    town: Town, empty_database: Make
) -> None:
    later = Message.objects.order_by("pk")[0]
    soon = timezone.now() + timedelta(days=2)
    Message.objects.filter(pk=later.pk).update(due_at=soon, try_at=soon)
    others = Message.objects.exclude(pk=later.pk).count()
    assert others
    town.back_up()
    shutil.rmtree(town.media)
    empty_database()
    assert f"held for you: {others} " in town.restore()
    assert claim_due(now=timezone.now()) == []
    assert Message.objects.filter(state=State.UNKNOWN, last_code="restored").count() == others
    assert Message.objects.get(state=State.PLANNED).pk == later.pk

    kind = Message.objects.filter(state=State.UNKNOWN).order_by("pk")[0].kind
    out = StringIO()
    call_command("held_messages", stdout=out)
    assert f"{town.agency.slug} {kind} unknown restored: " in out.getvalue()
    with pytest.raises(CommandError, match="name the kind"):
        call_command("held_messages", "--send")
    call_command("held_messages", "--send", "--kind", kind, "--code", "restored", stdout=out)
    assert not Message.objects.filter(state=State.UNKNOWN, kind=kind).exists()
    call_command("held_messages", "--kind", kind, stdout=out)
    assert out.getvalue().endswith("No message waits for a decision.\n")
    assert claim_due(now=timezone.now())


def test_nobody_can_write_into_a_database_that_is_half_restored(
    town: Town, empty_database: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.back_up()
    shutil.rmtree(town.media)
    empty_database()

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(restoring, "finish", stop)
    with pytest.raises(KeyboardInterrupt):
        town.restore()
    with pytest.raises(InternalError, match="read-only"):
        Message.objects.all().delete()
