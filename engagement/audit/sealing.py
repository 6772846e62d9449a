"""The sealer: links finished entries into one gapless chain per agency.

Only entries whose transaction is below the oldest running one are linked, so an entry that
commits late is never passed over. One sealer works at a time; a second one leaves at once.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Q, QuerySet

from engagement.audit import heads
from engagement.audit.digests import beginning, chain_of, link_digest
from engagement.audit.heads import Head
from engagement.audit.models import Anchor, Entry, Link, SealMark

SEALER_LOCK = 0x5EA1_0001
BATCH = 1000
# One run stays short; after a large import the next ones go on.
MOST_PER_RUN = 50_000
FAR_BEHIND = 1000

SNAPSHOT = """
    SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint
    FROM pg_current_snapshot() now
"""
# Hops from chain to chain in the index, however long the chains are.
HEADS = """
    WITH RECURSIVE chains (chain) AS (
        SELECT min(chain) FROM audit_link
        UNION ALL
        SELECT (SELECT min(link.chain) FROM audit_link link WHERE link.chain > chains.chain)
        FROM chains WHERE chains.chain IS NOT NULL
    )
    SELECT chains.chain, head.sequence, head.digest
    FROM chains CROSS JOIN LATERAL (
        SELECT sequence, digest FROM audit_link
        WHERE audit_link.chain = chains.chain ORDER BY sequence DESC LIMIT 1
    ) head
"""


def seal(now: datetime) -> int:
    """Link every finished entry and write the heads outside the database; return how many.

    Returns 0 while another sealer works. Raises heads.HeadsDiffer, after the links are safe, when
    the database contradicts the heads that were written before; those then stay as they are.
    """
    linked = _link_finished()
    if linked is None:
        return 0
    heads.keep(current_heads, hour=now)
    return linked


def write_anchor(now: datetime) -> date | None:
    """Sign today's (UTC) heads into the database and a dated file; None without any chain.

    Safe to repeat: the first anchor of a day stands. Raises heads.HeadsDiffer.
    """
    today = now.astimezone(UTC).date()
    anchors = [
        Anchor(chain=head.chain, on=today, sequence=head.sequence, digest=head.digest)
        for head in current_heads()
    ]
    if not anchors:
        return None
    heads.keep(current_heads, hour=now)
    Anchor.objects.bulk_create(anchors, ignore_conflicts=True)
    stored = Anchor.objects.filter(on=today).order_by("chain")
    heads.write_dated(today, [Head(row.chain, row.sequence, bytes(row.digest)) for row in stored])
    return today


def current_heads(using: str = DEFAULT_DB_ALIAS) -> list[Head]:
    """The newest link of every chain."""
    with connections[using].cursor() as cursor:
        cursor.execute(HEADS)
        return [Head(chain, sequence, bytes(digest)) for chain, sequence, digest in cursor]


@transaction.atomic
def _link_finished() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if cursor.fetchone() != (True,):
            return None
        cursor.execute(SNAPSHOT)
        oldest_running, following = cursor.fetchone()
    mark, _ = SealMark.objects.get_or_create(id=1)
    # Transaction numbers start anew on a server that a backup was restored to.
    since = mark.horizon if mark.horizon <= oldest_running else 0
    linked = _link(_unlinked(since, oldest_running, following)[:MOST_PER_RUN].iterator(BATCH))
    if linked < MOST_PER_RUN and _is_due(mark.horizon, oldest_running, linked):
        SealMark.objects.filter(id=1).update(horizon=oldest_running)
    return linked


def _is_due(horizon: int, oldest_running: int, linked: int) -> bool:
    """An idle sealer writes seldom; otherwise each run would itself be a transaction to pass."""
    return bool(linked) or not 0 <= oldest_running - horizon <= FAR_BEHIND


def _unlinked(since: int, oldest_running: int, following: int) -> QuerySet[Entry]:
    """Entries of finished transactions that stand in no chain yet.

    A visible row from beyond the snapshot's end came from another server: it is finished too.
    """
    finished = Q(xid__gte=since, xid__lt=oldest_running) | Q(xid__gte=following)
    return Entry.objects.filter(finished, link=None).order_by("id")


def _link(entries: Iterable[Entry]) -> int:
    """Append to the chains, in order of id, and write in batches."""
    newest = {head.chain: head for head in current_heads()}
    batch: list[Link] = []
    linked = 0
    for entry in entries:
        chain = chain_of(entry.agency_id)
        before = newest.get(chain) or Head(chain, 0, beginning(chain))
        sequence = before.sequence + 1
        digest = link_digest(before.digest, sequence, entry)
        newest[chain] = Head(chain, sequence, digest)
        batch.append(Link(chain=chain, sequence=sequence, entry=entry, digest=digest))
        linked += 1
        if len(batch) == BATCH:
            Link.objects.bulk_create(batch)
            batch = []
    Link.objects.bulk_create(batch)
    return linked
