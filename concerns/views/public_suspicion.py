"""Whether a sending looks like spam. Never a reason to refuse it, only to look at it first.

Nothing of it is kept but the codes of why: counters stand under ten-minute pseudonyms and digests,
in the cache that never writes to disk.
"""

from datetime import datetime

from concerns.likeness import came_often
from concerns.models import SlowDown
from concerns.spam import Reason
from engagement.doors import challenge
from engagement.doors.challenge import Verdict
from engagement.doors.challenging import is_trapped, verdict_of
from engagement.doors.requests import PortalRequest
from engagement.doors.throttle import allow, counted
from engagement.places.models import Agency

TEN_MINUTES, HOUR = 600, 3600
# From one connection: a library or a way out of Tor is many people, whose browsers did the work.
MOST_FROM_ONE, MOST_PROVEN_FROM_ONE = 10, 30
# To one agency. What came with the work done is suspected only when no town could write so much,
# and is counted apart: a flood that costs its sender nothing holds no honest report back.
MOST_IN_AN_HOUR, MOST_PROVEN_IN_AN_HOUR = 60, 300


def suspicion_of(
    request: PortalRequest, agency: Agency, *, text: str, now: datetime
) -> tuple[str, ...]:
    """Why this report is looked at first, as codes; nearly always nothing. Counts it."""
    verdict = verdict_of(request)
    is_proven = verdict == Verdict.PROVEN
    found = {
        Reason.TRAP: is_trapped(request),
        Reason.HASTY: verdict in (Verdict.HASTY, Verdict.UNKNOWN),
        Reason.UNPROVEN: verdict == Verdict.WAITED and is_slowed(agency, now=now),
        Reason.ALIKE: came_often(text, agency_id=agency.pk),
        Reason.MANY: _are_many(request, agency, is_proven=is_proven),
        Reason.FLOOD: _is_flood(agency, is_proven=is_proven),
    }
    return tuple(reason.value for reason, is_so in found.items() if is_so)


def is_slowed(agency: Agency, *, now: datetime) -> bool:
    """Whether staff slow a flood down just now; reminds the cache, which may have forgotten. One
    query, none for a minute after nothing was slowed down."""
    if challenge.is_known_calm(agency.slug):
        return False
    ends_at = (
        SlowDown.objects.filter(agency=agency, ends_at__gt=now)
        .values_list("ends_at", flat=True)
        .order_by("-ends_at")
        .first()
    )
    if ends_at is None:
        challenge.note_calm(agency.slug)
        return False
    challenge.slow_down(agency.slug, seconds=int((ends_at - now).total_seconds()))
    return True


def _are_many(request: PortalRequest, agency: Agency, *, is_proven: bool) -> bool:
    most = MOST_PROVEN_FROM_ONE if is_proven else MOST_FROM_ONE
    counter = f"report:{_apart(is_proven)}:{agency.pk}"
    return not allow(counter, request, limit=most, seconds=TEN_MINUTES)


def _is_flood(agency: Agency, *, is_proven: bool) -> bool:
    most = MOST_PROVEN_IN_AN_HOUR if is_proven else MOST_IN_AN_HOUR
    return counted(f"reports:{_apart(is_proven)}:{agency.pk}", seconds=HOUR) > most


def _apart(is_proven: bool) -> str:
    return "proven" if is_proven else "plain"
