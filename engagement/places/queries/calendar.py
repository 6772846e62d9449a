from datetime import date

from engagement.places.models import Agency, Holiday


def holidays_of(agency: Agency, *, since: date) -> set[date]:
    """Give the agency's holidays from `since` on, for engagement.places.business. One query."""
    days = Holiday.objects.filter(agency=agency, on__gte=since)
    return set(days.order_by("on").values_list("on", flat=True))
