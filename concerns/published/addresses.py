"""Links between public pages that stay with the agency the visitor is looking at."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse

from engagement.places.models import Agency


def address(
    request: HttpRequest, name: str, *args: object, query: dict[str, str] | None = None
) -> str:
    """Path of a page; names the agency only where neither the host nor the default implies it."""
    agency: Agency | None = getattr(request, "agency", None)
    parts = dict(query or {})
    host = split_domain_port(request.get_host())[0]
    if agency is not None and not agency.is_default and host not in agency.hosts:
        parts["agency"] = agency.slug
    path = reverse(name, args=args)
    return f"{path}?{urlencode(parts)}" if parts else path
