"""What every template knows without being told."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from engagement.doors.access import Kind
from engagement.doors.agencies import agency_parameter


def page(request: HttpRequest) -> dict[str, Any]:
    """Adds no query: the guard has loaded all of this before the view ran."""
    agency = getattr(request, "agency", None)
    return {
        "agency": agency,
        "is_demonstration": settings.DEMO,
        "site_name": gettext("Common Ground"),
        "emergency_number": agency.emergency_number if agency else "911",
        "agency_query": _agency_query(request),
        "desk_is_open": getattr(request, "desk_is_open", False),
        "is_partner": getattr(request, "is_partner", False),
        "own_path": request.get_full_path() if request.method == "GET" else request.path,
    }


def _agency_query(request: HttpRequest) -> str:
    """For links of the public frame: "" or "?agency=...". Staff pages follow the grants."""
    door = getattr(request, "door", None)
    if door is None or door.kind in (Kind.STAFF, Kind.OPERATOR):
        return ""
    parameter = agency_parameter(request)
    return f"?{urlencode(parameter)}" if parameter else ""
