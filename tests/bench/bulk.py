"""One step on ten thousand cases: how fast its rows are done and taken back, and in what memory."""

import resource
import time
from collections.abc import Iterator

from django.utils import timezone

from concerns.actions import bulk
from concerns.models import BulkRun, Concern, Tag
from concerns.models.bulk import Verb
from engagement.people.identity import sign_in_key
from engagement.people.models import User
from engagement.places.models import Agency
from portal.benchmark.towns import mailbox
from tests.bench.timing import Line

ROWS = 10_000
# Everything at once would hold the reports' words and more.
MOST_MEGABYTES = 64.0


def measure() -> Iterator[Line]:
    """Tag the newest ten thousand, then take it back, with one worker."""
    agency = Agency.objects.get(is_default=True)
    user = User.objects.get(sign_in_key=sign_in_key(mailbox("officer-1", agency)))
    tag, _made = Tag.objects.get_or_create(agency=agency, name="Bench")
    before = _megabytes()
    readable = Concern.objects.visible_to(user).filter(agency=agency)
    newest = readable.newest_first().values("pk")[:ROWS]
    began = time.monotonic()
    run = bulk.prepare(
        agency=agency,
        user=user,
        verb=Verb.TAG,
        rows=readable.filter(pk__in=newest),
        now=timezone.now(),
    )
    yield Line(f"bulk: {run.total:,} cases fixed for a step", "", _seconds(began))
    bulk.choose(run=run, details={"tag": tag.pk})
    bulk.begin(run=run, user=user, now=timezone.now())
    yield _worked("done", run)
    bulk.undo(run=run, user=user, now=timezone.now())
    yield _worked("taken back", run)
    grown = _megabytes() - before
    yield Line(
        "bulk: memory that this took",
        f"at most {MOST_MEGABYTES:g} MB",
        f"{grown:.0f} MB",
        grown <= MOST_MEGABYTES,
    )


def _worked(what: str, run: BulkRun) -> Line:
    began, done = time.monotonic(), 0
    while step := bulk.work(run, now=timezone.now(), rows=ROWS):
        done += step
    rate = done / (time.monotonic() - began)
    return Line(
        f"bulk: {done:,} rows {what}", f"{ROWS:,} rows", f"{rate:.0f} a second", done == run.total
    )


def _seconds(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


def _megabytes() -> float:
    """The most memory that this process ever held; Linux says it in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
