"""Which agency a page belongs to; at most one query."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest
from django.http.request import split_domain_port

from engagement.people import rights
from engagement.people.models import User
from engagement.places.models import Agency

FIELDS = Agency._meta.concrete_fields
NAMES = [field.attname for field in FIELDS]
CONVERTERS = [getattr(field, "from_db_value", None) for field in FIELDS]
# Written out, as every public page asks it: to compose it costs more than all else of the guard.
CANDIDATES = """
SELECT {columns} FROM places_agency
WHERE %(host)s = ANY(hosts) OR slug = %(slug)s OR is_default ORDER BY id
""".format(columns=", ".join(f'"{field.column}"' for field in FIELDS))


def agency_of_page(request: HttpRequest) -> Agency | None:
    """The agency of the host name, else the one the visitor names, else the default one."""
    host = split_domain_port(request.get_host())[0]
    slug = _named(request)
    found = _candidates(host, slug)
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
    permitted = rights.agencies_read(user, permission)
    if not permitted:
        return None
    slug = _named(request)
    agencies = sorted(permitted, key=lambda agency: (not agency.is_default, agency.pk))
    if not slug:
        host = split_domain_port(request.get_host())[0]
        return next((agency for agency in agencies if host in agency.hosts), agencies[0])
    for agency in agencies:
        if agency.slug == slug:
            return agency
    raise Http404


def _candidates(host: str, slug: str) -> list[Agency]:
    """The agencies among which a page chooses, as the database has them, by number."""
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"host": host, "slug": slug})
        rows = cursor.fetchall()
    return [Agency.from_db(connection.alias, NAMES, _read(row)) for row in rows]


def _read(row: Sequence[Any]) -> list[Any]:
    return [
        value if convert is None else convert(value, None, connection)
        for value, convert in zip(row, CONVERTERS, strict=True)
    ]


def _named(request: HttpRequest) -> str:
    # The body of an upload is not parsed here: only ordinary forms name an agency.
    named = request.GET.get("agency")
    if named is None and request.content_type == "application/x-www-form-urlencoded":
        named = request.POST.get("agency")
    return (named or "")[:40].replace("\0", "")
