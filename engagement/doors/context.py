"""What every template knows without being told."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext


def page(request: HttpRequest) -> dict[str, Any]:
    """Adds no query: the guard has loaded all of this before the view ran."""
    agency = getattr(request, "agency", None)
    return {
        "agency": agency,
        "is_demonstration": settings.DEMO,
        "site_name": gettext("Common Ground"),
        "emergency_number": agency.emergency_number if agency else "911",
        "desk_is_open": getattr(request, "desk_is_open", False),
        "own_path": request.get_full_path() if request.method == "GET" else request.path,
    }
