"""Put a backup into an empty database, and bring what happened since back into it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from psycopg2 import sql

from engagement.audit import erasures, heads, restorations
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.restorations import Restoration
from engagement.audit.subjects import Subject
from engagement.keys import store
from engagement.outbox.actions.restoring import hold_what_may_have_left
from engagement.people.models import EnrolmentPermit
from portal.backups.faults import BackupFault
from portal.backups.filling import filling
from portal.backups.making import session_table
from portal.backups.manifest import Manifest, missing_keys, unknown_migrations
from portal.backups.programs import OWNER, program
from portal.backups.reading import Sinks, identities_in, read
from portal.preconditions import check_database_log
from portal.schema import mark_current

# Until the last step nothing but the restore may write: a portal that is started meanwhile would
# send the mails of yesterday once more.
ONLY_READ = "default_transaction_read_only"
UNFINISHED = (
    "the restore did not finish; the database stays read-only. Give it an empty database again."
)
TABLES = """
    SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'public' AND relkind IN ('r', 'p', 'v', 'm', 'S')
"""


@dataclass(frozen=True)
class Wishes:
    """What the operator accepts: no records of what happened since, or keys that are gone."""

    without_records: bool = False
    without_old_keys: bool = False


@dataclass(frozen=True)
class Restored:
    """`erased` rows were erased again; `held` messages wait for a person."""

    manifest: Manifest
    restoration: Restoration
    erased: int
    held: int


def restore(*, path: Path, identity: Path, media: Path, wishes: Wishes, now: datetime) -> Restored:
    """Check everything, then restore. Before the last check it changes nothing.

    Raises BackupFault, and ImproperlySet when the server's log would repeat reports.

    `media` must be missing or empty, the database without tables.
    """
    identities = identities_in(identity)
    refuse_without_keys()
    make_missing_database()
    check_database_log()  # a row that the server refuses would be told there
    refuse_what_is_not_empty(media)
    manifest = read(path, identities, Sinks(dump=len, media=_drain))
    refuse_what_does_not_fit(manifest, wishes)
    since = what_was_erased(manifest, wishes)
    tool = program("pg_restore", oldest=manifest.dumped_by)
    with _reserved(), _media_draft(media) as draft:
        with filling(tool) as dump:
            read(path, identities, Sinks(dump=dump.write, media=_Files(draft).write))
        try:
            return finish(manifest, since, now=now)
        except DatabaseError:
            raise BackupFault(UNFINISHED) from None


def refuse_without_keys() -> None:
    """A new key in the place of a missing one would open nothing. Raises BackupFault."""
    if store.missing():
        raise BackupFault(
            f"{settings.PORTAL_KEYS} lacks keys; put your copy of the keys there first."
        )


def make_missing_database() -> None:
    """In the embedded server a database is made by naming it. Raises BackupFault."""
    if not settings.EMBEDDED_DATABASE:
        return
    values = connections[OWNER].get_connection_params()
    name = values["dbname"]
    server = psycopg2.connect(
        host=values["host"],
        port=values["port"],
        user=values["user"],
        password=values["password"],
        dbname="postgres",
    )
    try:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        server.close()


def refuse_what_is_not_empty(media: Path) -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(TABLES)
        (tables,) = cursor.fetchone()
    if tables:
        raise BackupFault(
            "the database is not empty; name an empty one (PORTAL_DATABASE or DATABASE_URL)."
        )
    if media.exists() and any(media.iterdir()):
        raise BackupFault(f"{media} is not empty; move it away first.")


def refuse_what_does_not_fit(manifest: Manifest, wishes: Wishes) -> None:
    """Raises BackupFault."""
    if manifest.is_demonstration and not settings.DEMO:
        raise BackupFault("this is the backup of a demonstration, which never becomes a service.")
    if settings.DEMO and not manifest.is_demonstration:
        raise BackupFault("this is the backup of a service; set PORTAL_DEMO=0 to restore it.")
    if unknown := unknown_migrations(manifest):
        raise BackupFault(
            f"the backup is of a newer release ({manifest.software}; {unknown[0]}); install that."
        )
    gone = missing_keys(manifest)
    if gone and not wishes.without_old_keys:
        raise BackupFault(
            f"keys of the backup are not in {settings.PORTAL_KEYS}: {', '.join(gone)}. Put the "
            "copy of that time there, or accept with --without-old-keys that what they sealed "
            "cannot be read."
        )


def what_was_erased(manifest: Manifest, wishes: Wishes) -> list[erasures.Erased]:
    """Everything that the ledger remembers. Raises BackupFault when that is not whole."""
    try:
        lines = erasures.remembered()
    except erasures.BadLedger as bad:
        raise BackupFault(str(bad)) from None
    knows = heads.paths() or lines
    if wishes.without_records or (knows and len(lines) >= manifest.erasures):
        return lines
    raise BackupFault(
        f"{settings.AUDIT_HEADS} lacks the newest copy of the signed heads and erasures: put it "
        "there, or accept with --without-records that what was erased since comes back."
    )


def finish(manifest: Manifest, since: list[erasures.Erased], *, now: datetime) -> Restored:
    """Migrate forward, set rights, then repair in one transaction what the backup cannot know."""
    call_command("migrate", interactive=False, verbosity=0)
    mark_current()
    with transaction.atomic(durable=True):
        with connections["default"].cursor() as cursor:
            cursor.execute(f'DELETE FROM "{session_table()}"')  # noqa: S608 a name of our own
        # A link that was used or replaced since the backup must not work again.
        EnrolmentPermit.objects.all().delete()
        held = hold_what_may_have_left(now=now)
        erased = erasures.replay(since, now=now)
        record(
            "BACKUP_RESTORED",
            by=Actor.task("restore"),
            subject=Subject("backup", manifest.as_of[:10]),
            agency_id=None,
            now=now,
            payload={"messages_held": held, "erased_again": erased},
        )
    restoration = restorations.accept(as_of=manifest.as_of, now=now)
    return Restored(manifest, restoration, erased, held)


def _drain(name: str, pieces: Iterator[bytes]) -> None:
    for _ in pieces:
        pass


class _Files:
    """Writes media below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, pieces: Iterator[bytes]) -> None:
        path = self.folder / name
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("xb") as file:
                for piece in pieces:
                    file.write(piece)
        except OSError as error:
            raise BackupFault(f"{self.folder}: {error.strerror}.") from None


@contextmanager
def _media_draft(media: Path) -> Iterator[Path]:
    """A folder that takes the name of the media folder when everything went well."""
    draft = media.with_name(f"{media.name}.restoring")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(mode=0o700, parents=True)
        yield draft
        with suppress(FileNotFoundError):
            media.rmdir()
        os.rename(draft, media)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _reserved() -> Iterator[None]:
    """Only this process may write into the database, until all is done.

    A restore that was undone whole frees the database again; one that stopped later does not.
    """
    aliases = [connections[name] for name in (OWNER, "default")]
    before = [dict(connection.settings_dict.get("OPTIONS", {})) for connection in aliases]
    _only_read("on")
    try:
        for connection, options in zip(aliases, before, strict=True):
            connection.close()
            own = f"{options.get('options', '')} -c {ONLY_READ}=off".strip()
            connection.settings_dict["OPTIONS"] = {**options, "options": own}
        yield
        _only_read("off")
    except BaseException:
        with suppress(DatabaseError), connections[OWNER].cursor() as cursor:
            cursor.execute(TABLES)
            if cursor.fetchone() == (0,):
                _only_read("off")
        raise
    finally:
        for connection, options in zip(aliases, before, strict=True):
            connection.close()
            connection.settings_dict["OPTIONS"] = options


def _only_read(state: str) -> None:
    connection = connections[OWNER]
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    change = f"SET {ONLY_READ} = on" if state == "on" else f"RESET {ONLY_READ}"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} {change}")
