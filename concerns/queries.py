"""Look-ups that mix concerns with people and places."""

from concerns.routing import Duty
from engagement.people.models import AreaAssignment


def duties_in(area_id: int | None) -> list[Duty]:
    """Return who was, is or will be assigned to the area. One query; none without an area."""
    if area_id is None:
        return []
    rows = (
        AreaAssignment.objects.filter(area_id=area_id, user__is_active=True)
        .order_by("id")
        .values_list("user_id", "area_id", "is_lead", "from_on", "until_on")
    )
    return [Duty(*row) for row in rows]
