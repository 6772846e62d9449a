"""What an agency tells about its work in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concerns.models.categories import Group
from concerns.published.release_models import Figure, Release
from engagement.doors.access import cacheable, public_page
from engagement.doors.addresses import address
from engagement.doors.choosing import choose_agency
from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency, Area

# Half a year of weeks of every group.
SHOWN = 26


@dataclass(frozen=True)
class Line:
    where: str
    number: int


@dataclass(frozen=True)
class Period:
    from_on: date
    until_on: date
    total: int
    lines: list[Line]


@dataclass(frozen=True)
class Part:
    code: str
    label: str
    periods: list[Period]


@cacheable(300)
@public_page
@require_safe
def figures(request: PortalRequest) -> HttpResponse:
    """Figures of what is only counted, as they were released."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    context = {
        "parts": _parts(agency),
        "list_url": address(request, "published_list"),
        "report_url": address(request, "report"),
    }
    return render(request, "portal/transparency.html", context)


def _parts(agency: Agency) -> list[Part]:
    """The newest periods of every group; three queries."""
    releases = Release.objects.filter(agency=agency).order_by("-until_on", "-id")
    by_group: dict[str, list[Release]] = {}
    for release in releases.prefetch_related("figures")[: SHOWN * len(Group)]:
        by_group.setdefault(release.group, []).append(release)
    areas = Area.objects.filter(agency=agency, layer=agency.responsible_layer).order_by("code")
    names = dict(areas.values_list("pk", "name"))
    return [
        Part(group.value, str(group.label), [_period(r, names) for r in by_group[group][:SHOWN]])
        for group in Group
        if group in by_group
    ]


def _period(release: Release, names: dict[int, str]) -> Period:
    found = sorted(release.figures.all(), key=lambda figure: (len(figure.areas), figure.pk))
    return Period(
        from_on=release.from_on,
        until_on=release.until_on,
        total=sum(figure.number for figure in found),
        lines=[Line(_where(figure, names), figure.number) for figure in found],
    )


def _where(figure: Figure, names: dict[int, str]) -> str:
    return " + ".join(_told(figure, names)) or _("Outside all areas")


def _told(figure: Figure, names: dict[int, str]) -> Iterable[str]:
    yield from (names.get(area_id, _("A former area")) for area_id in figure.areas)
    if figure.is_outside_too and figure.areas:
        yield _("outside all areas")
