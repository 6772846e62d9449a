"""Look-ups that mix concerns with people and places."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from concerns.models import BoundaryFollowing, Concern
from concerns.querysets import IDENTITY, READ
from concerns.routing import Duty
from engagement.people.models import AreaAssignment, Grant, IdentityRead
from engagement.people.registry import permission
from engagement.places.models import Agency


def duties_in(area_id: int | None, *, on: date) -> list[Duty]:
    """Return who was, is or will be assigned to the area, of those who may read concerns on that
    day. One query; none without an area."""
    if area_id is None:
        return []
    return _duties(AreaAssignment.objects.filter(area_id=area_id), on)


def duties_of(agency: Agency, *, on: date) -> list[Duty]:
    """Return the same for all areas of the agency. One query."""
    return _duties(AreaAssignment.objects.filter(agency=agency), on)


def agencies_with_new_boundaries() -> list[int]:
    """Return ids of agencies whose open concerns have not followed their newest areas. One query.

    An agency that never had areas has none to follow.
    """
    done = BoundaryFollowing.objects.filter(
        agency_id=OuterRef("pk"), revision_done=OuterRef("boundary_revision")
    )
    due = Agency.objects.filter(~Exists(done), boundary_revision__gt=0)
    return list(due.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True)
class ReadBy:
    """Somebody with this role opened the page of a concern, or an address of its reporter."""

    role: str
    on: date
    is_identity: bool = False


def readings_of(concern: Concern) -> list[ReadBy]:
    """Return which roles read it, by the agency's day, oldest first; never who. Two queries."""
    days = concern.readings.order_by("on", "role").values_list("role", "on").distinct()
    pages = [ReadBy(role, on) for role, on in days]
    return sorted([*pages, *_identity_readings(concern)], key=lambda read: read.on)


def _identity_readings(concern: Concern) -> list[ReadBy]:
    held = Grant.objects.filter(
        user_id=OuterRef("by_user_id"),
        agency_id=OuterRef("agency_id"),
        role__in=[role.value for role in permission(IDENTITY).roles],
    )
    rows = IdentityRead.objects.filter(
        agency_id=concern.agency_id,
        subject_type__in=["concern", "reporter_others"],
        subject_reference=concern.staff_reference,
    )
    newest = Subquery(held.order_by("-from_on", "-id").values("role")[:1])
    opened = rows.annotate(role=newest).order_by("read_at").values_list("role", "read_at")
    days = {(role or "", concern.agency.day_of(read_at)): None for role, read_at in opened}
    return [ReadBy(role, on, is_identity=True) for role, on in days]


def _duties(rows: QuerySet[AreaAssignment], on: date) -> list[Duty]:
    # Who left often keeps the area on paper: a concern given to them would be seen by nobody.
    readers = Grant.objects.in_force(on).filter(
        user_id=OuterRef("user_id"),
        agency_id=OuterRef("agency_id"),
        role__in=[role.value for role in permission(READ).roles],
    )
    columns = ("user_id", "area_id", "is_lead", "from_on", "until_on")
    there = rows.filter(Exists(readers), user__is_active=True).order_by("id")
    return [Duty(*row) for row in there.values_list(*columns)]
