"""Make a backup: the database and the media, in one file that only the recipient can read."""

import errno
import fcntl
import hashlib
import importlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

import pyrage
from django.conf import settings
from django.db import DatabaseError, connections, transaction

from portal.backups import archive
from portal.backups.faults import BackupFault
from portal.backups.keysearch import KeySearch, live_secrets
from portal.backups.manifest import Manifest, describe, encoded, signed_digests
from portal.backups.programs import OWNER, address, program, server_version, version_of

IDENTITY = b"AGE-SECRET-KEY-"
PATIENCE = 60


@dataclass(frozen=True)
class Made:
    """A backup that is whole and on disk."""

    path: Path
    size: int
    manifest: Manifest


def make(*, target: Path, recipient: str, media: Path, now: datetime) -> Made:
    """Write the backup to `target`, which must not exist; a failure leaves nothing there.

    Raises BackupFault.
    """
    to = recipient_named(recipient)
    refuse_own_identity()
    if target.exists():
        raise BackupFault(f"{target} exists already; nothing was written.")
    dump = program("pg_dump", oldest=_server())
    search = KeySearch(live_secrets())
    with _draft(target) as draft, _snapshot() as snapshot:
        manifest = describe(now, dumped_by=version_of(dump))
        with _dumping(dump, snapshot) as pieces:
            source = archive.Pull(_pieces(manifest, pieces, media, search))
            _encrypt(source, draft, to)
        size = draft.keep()
    return Made(target, size, manifest)


def recipient_named(text: str) -> pyrage.x25519.Recipient:
    """Raises BackupFault with how to get one."""
    if not text:
        raise BackupFault(
            "name who can read the backup: --recipient age1... or PORTAL_BACKUP_RECIPIENT "
            "(make a key with age-keygen, on another machine)."
        )
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise BackupFault("the recipient is no age key; it begins with age1.") from None


def refuse_own_identity() -> None:
    """Whoever takes this machine must not be able to read its backups. Raises BackupFault."""
    for path in sorted(Path(settings.PORTAL_KEYS).rglob("*")):
        if path.is_file() and IDENTITY in path.read_bytes()[:65536]:
            raise BackupFault(
                f"{path} opens backups; keep it on another machine, not on this server."
            )


def _server() -> int:
    try:
        return server_version()
    except DatabaseError:
        raise BackupFault("the database does not answer; nothing was written.") from None


@contextmanager
def _snapshot() -> Iterator[str]:
    """One moment of the database, for the manifest and for pg_dump alike."""
    try:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield str(cursor.fetchone()[0])
    except DatabaseError:
        raise BackupFault("the database cannot be read; is it migrated? Nothing is left.") from None


@contextmanager
def _dumping(dump: Path, snapshot: str) -> Iterator[Iterator[bytes]]:
    """What pg_dump writes: uncompressed, so that it can be searched for keys."""
    place, environment = address()
    command = [str(dump), "--format=custom", "--compress=0", "--no-owner", "--no-acl"]
    command += [f"--snapshot={snapshot}", f"--lock-wait-timeout={PATIENCE}s", "--no-password"]
    # Whoever was signed in signs in again.
    command += [f"--exclude-table-data={session_table()}", f"--dbname={place}"]
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
        )
        assert process.stdout
        try:
            yield _output(process, process.stdout, told)
        finally:
            process.stdout.close()
            process.terminate()
            process.wait()


def _output(
    process: "subprocess.Popen[bytes]", stdout: IO[bytes], told: BinaryIO
) -> Iterator[bytes]:
    while piece := stdout.read(archive.PIECE):
        yield piece
    if process.wait():
        told.seek(0)
        lines = told.read().decode(errors="replace").splitlines() or ["no reason given"]
        raise BackupFault(f"pg_dump could not read the database: {lines[0][:200]}")


def session_table() -> str:
    module = importlib.import_module(settings.SESSION_ENGINE)
    return str(module.SessionStore.get_model_class()._meta.db_table)


def _pieces(
    manifest: Manifest, dump: Iterator[bytes], media: Path, search: KeySearch
) -> Iterator[bytes]:
    about = encoded(manifest)
    search.begin(archive.MANIFEST)
    yield from archive.small(archive.MANIFEST, search.feed(about))
    database = hashlib.sha256()
    yield from archive.database(dump, search, database)
    files: dict[str, str] = {}
    yield from archive.media(media, search, files)
    digests = signed_digests(
        {
            "manifest": hashlib.sha256(about).hexdigest(),
            "database": database.hexdigest(),
            "media": files,
        }
    )
    search.begin(archive.DIGESTS)
    yield from archive.small(archive.DIGESTS, search.feed(digests))
    yield archive.end()


def _encrypt(source: archive.Pull, draft: "Draft", to: pyrage.x25519.Recipient) -> None:
    try:
        pyrage.encrypt_io(source, draft, [to])
    except Exception as fault:
        # The library wraps what was raised below it; that says what happened.
        raise (source.fault or draft.fault or fault) from None


@contextmanager
def _draft(target: Path) -> Iterator["Draft"]:
    """A file beside the target that takes its name when everything went well."""
    draft = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                file.truncate()  # what a killed run left
                yield Draft(file)
                os.rename(draft, target)
            finally:
                draft.unlink(missing_ok=True)
    except BlockingIOError:
        raise BackupFault(f"another backup is writing {target}.") from None
    except OSError as error:
        raise BackupFault(_disk_line(target, error)) from None


class Draft:
    """Writes all that it is given, and remembers the fault that kept it from that."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.fault: OSError | None = None

    def write(self, content: bytes) -> int:
        left = memoryview(content)
        try:
            while left:
                left = left[self.file.write(left) :]
        except OSError as fault:
            self.fault = fault
            raise
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def keep(self) -> int:
        """Put everything on the disk; returns the size in bytes."""
        os.fsync(self.file.fileno())
        return os.fstat(self.file.fileno()).st_size


def _disk_line(target: Path, error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{target}: the disk is full; nothing is left of the backup."
    return f"{target}: {error.strerror}; nothing was written."
