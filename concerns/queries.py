"""Look-ups that mix concerns with people and places."""

from django.db.models import QuerySet

from concerns.routing import Duty
from engagement.people.models import AreaAssignment
from engagement.places.models import Agency


def duties_in(area_id: int | None) -> list[Duty]:
    """Return who was, is or will be assigned to the area. One query; none without an area."""
    if area_id is None:
        return []
    return _duties(AreaAssignment.objects.filter(area_id=area_id))


def duties_of(agency: Agency) -> list[Duty]:
    """Return the assignments to all areas of the agency. One query."""
    return _duties(AreaAssignment.objects.filter(agency=agency))


def _duties(rows: QuerySet[AreaAssignment]) -> list[Duty]:
    columns = ("user_id", "area_id", "is_lead", "from_on", "until_on")
    return [
        Duty(*row) for row in rows.filter(user__is_active=True).order_by("id").values_list(*columns)
    ]
