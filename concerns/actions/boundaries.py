"""Open concerns follow the newest areas of their agency; done ones keep those of their day."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from concerns import notices
from concerns.actions.casework import log, save
from concerns.actions.intake import areas_of
from concerns.models import BoundaryFollowing, Concern, ConcernArea
from concerns.queries import agencies_with_new_boundaries, duties_in
from concerns.querysets import ConcernQuerySet
from concerns.routing import owner_for
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.places.models import Agency

BATCH = 500
BATCHES_A_SWEEP = 20
# A report that was being sent while the map changed carries areas of the old one. By then it is
# stored, so the walk meets it.
SETTLED = timedelta(minutes=1)
BY = Actor.task("new boundaries")


@dataclass(frozen=True)
class Step:
    """One step of a walk: how many open concerns were looked at, and how many changed."""

    looked_at: int = 0
    changed: int = 0
    is_done: bool = False


def follow_everywhere(*, now: datetime, batches: int = BATCHES_A_SWEEP) -> int:
    """Let every agency with new areas take a step in turn; return how many concerns changed.

    One query when no agency has any. What is left after so many steps waits for the next sweep.
    """
    waiting = deque(agencies_with_new_boundaries())
    changed = 0
    for _batch in range(batches):
        if not waiting:
            break
        agency_id = waiting.popleft()
        step = follow_new_boundaries(agency_id=agency_id, now=now)
        changed += step.changed
        if step.looked_at and not step.is_done:
            waiting.append(agency_id)
    return changed


def follow_new_boundaries(*, agency_id: int, now: datetime, limit: int = BATCH) -> Step:
    """Look again at the next `limit` open concerns that have a point, in order of their ids.

    The first call after an import only notes it; a minute later the walk begins. Each concern
    changes in its own transaction, so nobody waits for the others, and a step that was broken
    off is repeated without harm. Raises Agency.DoesNotExist.
    """
    walk = _walk_of(agency_id, now)
    if walk.revision_done == walk.revision_under_way:
        return Step(is_done=True)
    if now < walk.noticed_at + SETTLED:
        return Step()
    rows = _next_rows(walk, limit)
    stored = _stored_areas(rows)
    elsewhere = [row for row in rows if _Move.of(row, stored[row.pk], walk.agency).is_any]
    changed = sum(_bring_over(row.pk, now) for row in elsewhere)
    is_done = len(rows) < limit
    _keep_progress(walk, last=rows[-1].pk if rows else walk.last_concern_id, is_done=is_done)
    return Step(looked_at=len(rows), changed=changed, is_done=is_done)


def open_work_told(agency: Agency) -> str:
    """Return the line that an import prints: how much open work its areas may move, or ""."""
    number = _open_with_point(agency.pk).count()
    if not number:
        return ""
    concerns = "1 open concern" if number == 1 else f"{number:,} open concerns"
    return f"{concerns} will be looked at again; those of another district go to its officer."


def _open_with_point(agency_id: int) -> ConcernQuerySet:
    return Concern.objects.open().filter(agency_id=agency_id, lon__isnull=False)


@transaction.atomic(durable=True)
def _walk_of(agency_id: int, now: datetime) -> BoundaryFollowing:
    """Return the agency's progress; a revision not seen before starts the walk anew."""
    BoundaryFollowing.objects.bulk_create(
        [BoundaryFollowing(agency_id=agency_id, noticed_at=now)], ignore_conflicts=True
    )
    walk = BoundaryFollowing.objects.select_for_update().get(agency_id=agency_id)
    # Read under the lock: with an older row, a newer walk would go on over the older map.
    walk.agency = Agency.objects.get(pk=agency_id)
    if walk.revision_under_way != walk.agency.boundary_revision:
        walk.revision_under_way, walk.last_concern_id = walk.agency.boundary_revision, 0
        walk.noticed_at = now
        walk.save()
    return walk


def _next_rows(walk: BoundaryFollowing, limit: int) -> list[Concern]:
    rows = _open_with_point(walk.agency_id).filter(pk__gt=walk.last_concern_id)
    return list(rows.only("lon", "lat", "area").order_by("pk")[:limit])


def _stored_areas(concerns: Sequence[Concern]) -> dict[int, frozenset[int]]:
    """Return the ids of the areas of each concern. One query."""
    found: dict[int, set[int]] = {concern.pk: set() for concern in concerns}
    links = ConcernArea.objects.filter(concern_id__in=list(found)).order_by("pk")
    for concern_id, area_id in links.values_list("concern_id", "area_id"):
        found[concern_id].add(area_id)
    return {concern_id: frozenset(area_ids) for concern_id, area_ids in found.items()}


@dataclass(frozen=True)
class _Move:
    """What differs between the areas stored with a concern and those that hold its point now."""

    area_id: int | None
    gone: frozenset[int]
    come: frozenset[int]
    is_other_area: bool

    @classmethod
    def of(
        cls, concern: Concern, stored: frozenset[int], agency: Agency, area_code: str = ""
    ) -> "_Move":
        found = areas_of(agency, concern.lon, concern.lat, area_code)
        area_id = found.get(agency.responsible_layer)
        holding = frozenset(found.values())
        return cls(area_id, stored - holding, holding - stored, area_id != concern.area_id)

    @property
    def is_any(self) -> bool:
        return bool(self.gone or self.come or self.is_other_area)


@transaction.atomic(durable=True)
def _bring_over(concern_id: int, now: datetime) -> bool:
    """Look again under the lock: it may have been done, or brought over, in the meantime."""
    rows = Concern.objects.open().select_related("agency").defer("search")
    concern = rows.select_for_update(of=("self",)).filter(pk=concern_id).first()
    if concern is None:
        return False
    return look_again(concern, now=now)


def look_again(concern: Concern, *, now: datetime) -> bool:
    """Store where a locked concern lies now, and who owns it if that is another area of the
    responsible layer; say whether anything changed.

    For open ones whose agency may have got new areas since theirs were stored: also for one
    that is opened again, which no walk met while it was done.
    """
    if concern.lon is None:
        return False
    before = (concern.area_id, concern.owner_id)
    if not lie_elsewhere(concern, now=now):
        return False
    _tell(concern, before, now)
    return True


def lie_elsewhere(concern: Concern, *, area_code: str = "", now: datetime) -> bool:
    """Store the areas that hold a locked concern, and who owns it if that is another area of the
    responsible layer; say whether anything changed. Tells nobody: the caller knows the reason.

    Without a point `area_code` names its area of the public layer.
    """
    move = _Move.of(concern, _stored_areas([concern])[concern.pk], concern.agency, area_code)
    if not move.is_any:
        return False
    _store_areas(concern, move)
    if move.is_other_area:
        today = concern.agency.day_of(now)
        concern.area_id, concern.changed_hands_on = move.area_id, today
        concern.owner_id = _owner_there(concern, today)
    save(concern, "area", "owner", "changed_hands_on")
    return True


def _store_areas(concern: Concern, move: _Move) -> None:
    concern.areas.filter(area_id__in=sorted(move.gone)).delete()
    ConcernArea.objects.bulk_create(
        ConcernArea(agency_id=concern.agency_id, concern=concern, area_id=area_id)
        for area_id in sorted(move.come)
    )


def _owner_there(concern: Concern, today: date) -> int | None:
    """Keep an owner who looks after the new area too; else it is its officer's.

    An area without a clear officer takes it from nobody: new areas are often imported before
    officers are given to them, and work under way must not lose its owner by that. What a team
    has stays with it: teams work in all areas.
    """
    if concern.team_id is not None:
        return concern.owner_id
    duties = duties_in(concern.area_id, on=today)
    if any(duty.user_id == concern.owner_id and duty.covers(today) for duty in duties):
        return concern.owner_id
    return owner_for(area_id=concern.area_id, duties=duties, on=today) or concern.owner_id


def _tell(concern: Concern, before: tuple[int | None, int | None], now: datetime) -> None:
    """Write it into history, and tell the officer who has it now. Where the point lay in other
    layers follows from the dated versions of the areas, so history does not repeat it."""
    area_id, owner_id = before
    payload: dict[str, str | int | bool | None] = {
        "from": area_id,
        "to": concern.area_id,
        "owner_from": owner_id,
        "owner_to": concern.owner_id,
    }
    log("CONCERN_AREA_CHANGED", concern, by=BY, at=floor_to_hour(now), payload=payload)
    if concern.owner_id != owner_id:
        notices.new_for_owner(concern, now=now)


@transaction.atomic(durable=True)
def _keep_progress(walk: BoundaryFollowing, *, last: int, is_done: bool) -> None:
    """Only if nobody else came further, or began anew for a newer map, in the meantime."""
    mine = BoundaryFollowing.objects.filter(
        pk=walk.pk,
        revision_under_way=walk.revision_under_way,
        last_concern_id=walk.last_concern_id,
    )
    done = {"revision_done": walk.revision_under_way} if is_done else {}
    mine.update(last_concern_id=last, **done)
