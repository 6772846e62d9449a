"""Which agency a page belongs to; at most one query."""

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.request import split_domain_port

from engagement.people import rights
from engagement.people.models import User
from engagement.places.models import Agency


def agency_of_page(request: HttpRequest) -> Agency | None:
    """The agency of the host name, else the one the visitor names, else the default one."""
    host = split_domain_port(request.get_host())[0]
    slug = _named(request)
    found = list(
        Agency.objects.filter(
            Q(hosts__contains=[host]) | Q(slug=slug) | Q(is_default=True)
        ).order_by("id")
    )
    for fits in (
        lambda agency: host in agency.hosts,
        lambda agency: agency.slug == slug,
        lambda agency: agency.is_default,
    ):
        for agency in found:
            if fits(agency):
                return agency
    return None


def agency_parameter(request: HttpRequest) -> dict[str, str]:
    """What a link must carry to stay with the agency of this page: nothing where the host or the
    default implies it, else {"agency": slug}."""
    agency: Agency | None = getattr(request, "agency", None)
    if agency is None or agency.is_default:
        return {}
    host = split_domain_port(request.get_host())[0]
    return {} if host in agency.hosts else {"agency": agency.slug}


def agency_of_staff(request: HttpRequest, user: User, permission: str) -> Agency | None:
    """One of the agencies where `user` holds `permission`, or None when there is none.

    Raises Http404 when the request names an agency that is not among them.
    """
    permitted = rights.agencies_with(user, permission)
    if not permitted:
        return None
    slug = _named(request)
    agencies = list(Agency.objects.filter(pk__in=permitted).order_by("-is_default", "id"))
    if not slug:
        host = split_domain_port(request.get_host())[0]
        return next((agency for agency in agencies if host in agency.hosts), agencies[0])
    for agency in agencies:
        if agency.slug == slug:
            return agency
    raise Http404


def _named(request: HttpRequest) -> str:
    # The body of an upload is not parsed here: only ordinary forms name an agency.
    named = request.GET.get("agency")
    if named is None and request.content_type == "application/x-www-form-urlencoded":
        named = request.POST.get("agency")
    return (named or "")[:40].replace("\0", "")
