"""A report form on paper, and the short address that posters lead to."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from concerns.actions.campaigns import OPENED, campaign_named, count
from concerns.models import Category
from concerns.printables import asked_by_group
from engagement.doors.access import open_page
from engagement.doors.addresses import address
from engagement.doors.choosing import choose_agency
from engagement.doors.requests import PortalRequest
from engagement.places.queries import help_hotlines


@open_page
@require_safe
def paper(request: PortalRequest) -> HttpResponse:
    """One page to print and fill in by hand; numbers that help stand first."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    context = {
        "lines": list(help_hotlines(agency)),
        "groups": asked_by_group(Category.objects.of(agency).taken(), []),
        "report_url": address(request, "report"),
    }
    return render(request, "concerns/report_paper.html", context)


@open_page
@require_safe
def campaign(request: PortalRequest, code: str) -> HttpResponse:
    """Lead on to the help-first page; an unknown code leads there as well, and counts nothing.

    Nothing of the visit is kept: no cookie, no session, no row. A program that looks at the
    address is counted with the people, so the number says at most how many came.
    """
    found = campaign_named(code)
    if found is None:
        return redirect(address(request, "report"))
    if request.method == "GET":
        count(found, OPENED, now=timezone.now())
    request.agency = found.agency
    return redirect(address(request, "report", query={"from": found.code}))
