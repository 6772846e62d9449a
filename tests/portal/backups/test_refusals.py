"""One line for each thing that is wrong, and nothing changed."""

import os
import shutil
import stat
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection, connections
from pytest_django import Settings

from engagement.audit import erasures
from engagement.keys import store
from engagement.keys.purposes import Purpose
from engagement.places.actions import create_agency
from portal.backups import making, programs
from portal.backups.reading import Sinks, identities_in, read
from portal.environment import ImproperlySet
from portal.servers.postgres import binaries
from tests import worlds
from tests.portal.backups.conftest import CANARY, ERASED, Town, make_identity

Make = Callable[[], str]


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return list(connection.introspection.table_names(cursor))


def flipped(bare: Town) -> Path:
    content = bytearray(bare.file.read_bytes())
    content[len(content) // 2] ^= 1
    path = bare.file.with_name("flipped")
    path.write_bytes(content)
    return path


def cut(bare: Town) -> Path:
    path = bare.file.with_name("cut")
    path.write_bytes(bare.file.read_bytes()[: -(1 << 20)])
    return path


def cut_at_a_chunk(bare: Town) -> Path:
    """Exactly at a border of age's chunks, where each part is still authentic."""
    content = bare.file.read_bytes()
    path = bare.file.with_name("chunk")
    start = content.index(b"\n---") + 1
    body = content.index(b"\n", start) + 1 + 16
    path.write_bytes(content[: body + 3 * (65536 + 16)])
    return path


def test_a_damaged_file_changes_nothing(bare: Town, empty_database: Make) -> None:
    bare.back_up()
    shutil.rmtree(bare.media)
    empty_database()
    for spoil in (flipped, cut, cut_at_a_chunk):
        with pytest.raises(CommandError, match="damaged or cut short; nothing was changed"):
            bare.restore(file=spoil(bare))
        assert tables() == []
        assert not bare.media.exists()
        assert not list(bare.records.glob("restored-*"))


def test_a_dump_that_does_not_fit_leaves_the_database_empty_and_free(
    bare: Town, empty_database: Make
) -> None:
    bare.back_up()
    shutil.rmtree(bare.media)
    empty_database()
    with connections["owner"].cursor() as owner:
        owner.execute("CREATE FUNCTION audit_refuses_change() RETURNS int RETURN 1")
    with pytest.raises(CommandError, match=r"could not be filled \(error 42723\); it is empty"):
        bare.restore("--without-records")
    assert tables() == []
    assert not bare.media.exists()
    with connections["owner"].cursor() as owner:
        owner.execute("DROP FUNCTION audit_refuses_change()")
    bare.restore("--without-records")


def test_another_identity_opens_nothing(bare: Town, empty_database: Make, tmp_path: Path) -> None:
    bare.back_up()
    shutil.rmtree(bare.media)
    empty_database()
    other = tmp_path / "other.txt"
    make_identity(other)
    with pytest.raises(CommandError, match="this identity does not open"):
        bare.restore(identity=other)
    with pytest.raises(CommandError, match="holds no age identity"):
        bare.restore(identity=bare.file)
    with pytest.raises(CommandError, match="No such file"):
        bare.restore(identity=tmp_path / "none")
    assert tables() == []


def test_a_database_or_media_folder_in_use_stays_as_it_is(bare: Town, empty_database: Make) -> None:
    bare.back_up()
    with pytest.raises(CommandError, match="the database is not empty"):
        bare.restore()
    assert "audit_entry" in tables()
    empty_database()
    with pytest.raises(CommandError, match="is not empty; move it away"):
        bare.restore()
    assert tables() == []


@pytest.mark.privacy
def test_a_server_whose_log_repeats_rows_gets_none(
    bare: Town, empty_database: Make, settings: Settings
) -> None:
    bare.back_up()
    shutil.rmtree(bare.media)
    empty_database()
    settings.EMBEDDED_DATABASE = False
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET log_error_verbosity = 'verbose'")

    with pytest.raises(ImproperlySet, match="ALTER ROLE portal SET log_error_verbosity = 'terse'"):
        bare.restore()

    assert tables() == []


def test_keys_that_are_gone_or_others_are_named(bare: Town, empty_database: Make) -> None:
    bare.back_up()
    shutil.rmtree(bare.media)
    empty_database()
    kept = bare.keys / "contact.key"
    content = kept.read_bytes()
    kept.unlink()
    with pytest.raises(CommandError, match="lacks keys"):
        bare.restore()
    store.make(Purpose.CONTACT)
    with pytest.raises(CommandError, match=r"not in .*: contact version 1"):
        bare.restore()
    assert tables() == []
    kept.write_bytes(content)
    bare.restore("--without-records")


def test_a_backup_that_somebody_else_made_for_us_is_refused(
    bare: Town, empty_database: Make
) -> None:
    """Everyone can encrypt to a recipient; only we can sign."""
    bare.back_up()
    shutil.rmtree(bare.media)
    empty_database()
    (bare.keys / "anchor.key").unlink()
    store.make(Purpose.ANCHOR)
    with pytest.raises(CommandError, match="not signed with the keys"):
        bare.restore()
    assert tables() == []


def test_without_the_newest_records_nothing_is_restored_by_accident(
    bare: Town, empty_database: Make
) -> None:
    erasures.remember("contact", ["0"], on=date(2026, 3, 1))
    bare.back_up()
    shutil.rmtree(bare.media)
    empty_database()
    (bare.records / erasures.LEDGER).unlink()
    with pytest.raises(CommandError, match="lacks the newest copy"):
        bare.restore()
    assert tables() == []
    bare.restore("--without-records")


def test_a_demonstration_never_becomes_a_service(
    bare: Town, empty_database: Make, settings: object
) -> None:
    bare.back_up()
    shutil.rmtree(bare.media)
    empty_database()
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="never becomes a service"):
        bare.restore()
    assert tables() == []


def test_a_backup_of_a_newer_release_is_refused(
    bare: Town, empty_database: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare.back_up()
    shutil.rmtree(bare.media)
    empty_database()
    monkeypatch.setattr(
        "portal.backups.restoring.unknown_migrations", lambda _: ["audit.9999_later"]
    )
    with pytest.raises(CommandError, match=r"newer release .*9999_later"):
        bare.restore()
    assert tables() == []


def nothing_left(bare: Town) -> bool:
    return not bare.file.parent.exists() or not list(bare.file.parent.iterdir())


def test_a_backup_never_contains_a_key(bare: Town) -> None:
    key = store.ring(Purpose.CONTACT).versions[1]
    spellings = [
        key,
        key.hex().encode(),
        key.hex().upper().encode(),
        *(b64encode(bytes(before) + key) for before in range(3)),
        urlsafe_b64encode(b"xy" + key),
    ]
    for spelled in spellings:
        # Across the border of two pieces.
        content = bytes((1 << 20) - 7) + spelled + b"rest"
        (bare.media / "holiday.jpg").write_bytes(content)
        with pytest.raises(CommandError, match=r"holiday\.jpg holds contact\.key") as told:
            bare.back_up()
        assert key.hex() not in str(told.value)
        assert nothing_left(bare)


def test_a_key_in_the_database_is_found_too(bare: Town) -> None:
    key = store.ring(Purpose.SECRET).versions[1]
    create_agency(slug="riverton", name=f"look {key.hex()}", by=worlds.BY, now=worlds.NOW)
    with pytest.raises(CommandError, match=r"the database holds secret\.key"):
        bare.back_up()
    assert nothing_left(bare)


def test_a_link_to_the_keys_among_the_media_is_refused(bare: Town) -> None:
    (bare.media / "more").symlink_to(bare.keys)
    with pytest.raises(CommandError, match="no plain file"):
        bare.back_up()
    assert nothing_left(bare)


def test_the_identity_may_not_lie_on_the_server(bare: Town) -> None:
    bare.keys.mkdir()
    shutil.copy(bare.identity, bare.keys / "backup.txt")
    with pytest.raises(CommandError, match="keep it on another machine"):
        bare.back_up()
    assert nothing_left(bare)


def test_a_recipient_is_needed(bare: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="name who can read the backup"):
        bare.back_up(recipient="")
    with pytest.raises(CommandError, match="no age key"):
        bare.back_up(recipient="age1nonsense")
    monkeypatch.setenv("PORTAL_BACKUP_RECIPIENT", bare.recipient)
    bare.back_up(recipient="")
    with pytest.raises(CommandError, match="exists already"):
        bare.back_up()


def test_without_pg_dump_it_says_what_to_install(
    bare: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "version_of", lambda path: 14)
    with pytest.raises(CommandError, match="pg_dump of PostgreSQL 18 or newer is missing"):
        bare.back_up()
    assert nothing_left(bare)


def test_the_embedded_programs_are_not_asked_to_encrypt_the_line(
    bare: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = connections["owner"].settings_dict
    monkeypatch.setitem(owner, "OPTIONS", {"sslmode": "verify-full"})
    embedded = binaries() / "pg_dump"
    assert embedded not in programs._places("pg_dump")
    monkeypatch.setitem(owner, "OPTIONS", {})
    assert embedded in programs._places("pg_dump")


def test_a_dump_that_fails_leaves_nothing(bare: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "session_table", lambda: "x --no-such-option")
    place, environment = programs.address()
    monkeypatch.setattr(making, "address", lambda: (f"{place} options=-cnonsense=1", environment))
    with pytest.raises(CommandError, match="pg_dump could not read the database"):
        bare.back_up()
    assert nothing_left(bare)


def test_a_full_disk_leaves_nothing(bare: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/dev/full").exists():
        pytest.fail("this system has no /dev/full")

    def full(self: making.Draft, content: bytes) -> int:
        with open("/dev/full", "wb", buffering=0) as disk:
            try:
                return disk.write(content) or 0
            except OSError as fault:
                self.fault = fault
                raise

    monkeypatch.setattr(making.Draft, "write", full)
    with pytest.raises(CommandError, match="the disk is full; nothing is left"):
        bare.back_up()
    assert nothing_left(bare)


def test_the_file_tells_nothing_without_its_identity_and_the_dump_nothing_without_the_keys(
    town: Town, tmp_path: Path
) -> None:
    town.back_up()
    assert stat.S_IMODE(os.stat(town.file).st_mode) == 0o600
    sealed = town.file.read_bytes()
    plain: list[bytes] = []
    read(
        town.file,
        identities_in(town.identity),
        Sinks(dump=plain.append, media=lambda name, pieces: plain.extend(pieces)),
    )
    inside = b"".join(plain)
    assert b"underpass" in inside
    for canary in (CANARY, ERASED):
        for spelling in (
            canary.encode(),
            canary.split("@")[0].encode(),
            canary.encode().hex().encode(),
        ):
            assert spelling not in inside
            assert spelling not in sealed
