"""Give a purpose a new key and rewrite what the old one made, step by step.

Every batch commits together with its progress row, so a run that was stopped goes on where it
was. The old key is forgotten only after all rows are rewritten.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.db import connection, transaction

from engagement.keys import store
from engagement.keys.models import RekeyProgress
from engagement.keys.purposes import Purpose
from engagement.keys.registry import Rekey, rekeys_for

BATCH = 500
REKEY_LOCK = 0x5EA1_0002
Say = Callable[[str], None]

# Transactions that began under the old key, seen by this login; idle ones hold rows as well.
OLDER = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < %s
"""


class CannotRekey(Exception):
    """Another run is at work, or nothing is registered for the purpose."""


def rekey(
    purpose: Purpose, *, say: Say, drain_seconds: float = 300, settle_seconds: float = 1
) -> None:
    """Write `purpose` under a new version everywhere, then forget the old versions.

    Goes on with an interrupted run instead of making another version. A purpose whose values
    cannot be made anew gets the new version for what comes, and keeps the old ones. Raises
    CannotRekey while another run is at work or transactions do not end within `drain_seconds`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [REKEY_LOCK])
        if cursor.fetchone() != (True,):
            raise CannotRekey("another rekey is at work; wait for it to end")
    try:
        _rekey(purpose, say, drain_seconds, settle_seconds)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [REKEY_LOCK])


def _rekey(purpose: Purpose, say: Say, drain_seconds: float, settle_seconds: float) -> None:
    rekeys = rekeys_for(purpose)
    if not purpose.can_be_rewritten or not rekeys:
        version = store.add_version(purpose)
        say(f"{purpose}: version {version} is in use; older ones stay readable.")
        return
    version = _version_to_reach(purpose, say)
    _wait_for_writers(drain_seconds, settle_seconds)
    for registered in rekeys:
        _walk(registered, purpose, version, say)
    forgotten = ", ".join(str(old) for old in store.retire_old_versions(purpose))
    RekeyProgress.objects.filter(purpose=purpose).delete()
    say(f"{purpose}: version {version} is in use; version {forgotten} is forgotten.")


def _version_to_reach(purpose: Purpose, say: Say) -> int:
    """More than one live version means that a run was interrupted before it could retire."""
    ring = store.ring(purpose)
    if len(ring.versions) > 1:
        say(f"{purpose}: going on with version {ring.current}.")
        return ring.current
    return store.add_version(purpose)


def _wait_for_writers(drain_seconds: float, settle_seconds: float) -> None:
    """Rows written under the old key by open transactions must be there before the walk.

    `settle_seconds` covers code that had the old key in hand before it began its transaction.
    """
    time.sleep(settle_seconds)
    deadline = time.monotonic() + drain_seconds
    begun = _server_time()
    while _older_transactions(begun):
        if time.monotonic() > deadline:
            raise CannotRekey("a transaction stays open; end it and run rekey again")
        time.sleep(0.2)


def _server_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return cast(datetime, moment)


def _older_transactions(begun: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        # The limited role of pages is not shown when the login's other sessions began.
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(OLDER, [begun])
        (count,) = cursor.fetchone()
    return cast(int, count)


def _walk(rekey: Rekey, purpose: Purpose, version: int, say: Say) -> None:
    progress, _ = RekeyProgress.objects.get_or_create(
        purpose=purpose.value, version=version, batch=rekey.name
    )
    while not progress.is_finished:
        with transaction.atomic():
            last_id = rekey.batch(progress.last_id, BATCH)
            progress.is_finished = last_id <= progress.last_id
            progress.last_id = max(last_id, progress.last_id)
            progress.save(update_fields=["last_id", "is_finished"])
        say(f"{purpose}: {rekey.name} up to row {progress.last_id}.")
