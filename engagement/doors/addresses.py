"""Links between public pages that stay with the agency the visitor is looking at."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from engagement.doors.agencies import agency_parameter


def address(
    request: HttpRequest, name: str, *args: object, query: dict[str, str] | None = None
) -> str:
    """Path of a page; names the agency only where neither the host nor the default implies it."""
    parts = {**(query or {}), **agency_parameter(request)}
    path = reverse(name, args=args)
    return f"{path}?{urlencode(parts)}" if parts else path
