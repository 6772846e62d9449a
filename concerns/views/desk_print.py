"""What staff print: the page of what to ask, and posters with a code to scan."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from concerns.actions.campaigns import CannotBegin, begin, weeks_of
from concerns.forms.poster import CampaignForm, PosterForm
from concerns.models import Campaign, Category, Question
from concerns.posters import square_of
from concerns.printables import asked_by_group
from concerns.registry import FILE
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.keys.references import spaced
from engagement.places.queries import agency_areas, help_hotlines

COPIES = {"letter": 1, "half": 2, "cards": 8}
MOST_CAMPAIGNS = 100


@staff_page(FILE)
@require_safe
def script(request: StaffRequest, language: str) -> HttpResponse:
    """What to ask a caller, on one page, in the caller's language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    agency = request.agency
    with override(language):
        context = {
            "language": language,
            "lines": list(help_hotlines(agency)),
            "groups": asked_by_group(
                Category.objects.of(agency).taken(), Question.objects.asked_by(agency)
            ),
            "title": _("What to ask"),
        }
        return render(request, "concerns/desk/script.html", context)


@staff_page(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def posters(request: StaffRequest) -> HttpResponse:
    """Campaigns with their numbers, and a form for a new one."""
    agency = request.agency
    now = timezone.now()
    areas = agency_areas(agency, agency.public_layer, agency.day_of(now))
    form = CampaignForm(request.POST if request.method == "POST" else None, areas=areas)
    if request.method == "POST" and form.is_valid():
        area = form.areas.get(form.cleaned_data["area"])
        name = form.cleaned_data["name"]
        try:
            campaign = begin(agency=agency, name=name, area=area, by=actor_of(request), now=now)
        except CannotBegin:
            form.add_error("name", _("There is a campaign of this name. Choose another one."))
        else:
            messages.success(request, _("Now print its poster."))
            return redirect("desk_poster", campaign.code)
    campaigns = list(
        Campaign.objects.filter(agency=agency)
        .select_related("area")
        .order_by("-begun_on", "-pk")[:MOST_CAMPAIGNS]
    )
    weeks = weeks_of(campaigns, today=agency.day_of(now))
    rows = [{"campaign": each, "weeks": weeks.get(each.pk, [])} for each in campaigns]
    context = {"form": form, "rows": rows}
    status = 422 if form.errors else 200
    return render(request, "concerns/desk/posters.html", context, status=status)


@staff_page(FILE)
@require_safe
def poster(request: StaffRequest, code: str) -> HttpResponse:
    """One poster, ready to print. Scanning it leads to the help-first page, and counts."""
    campaign = get_object_or_404(
        Campaign.objects.select_related("area"), agency=request.agency, code=code
    )
    form = PosterForm(request.GET)
    form.is_valid()
    path = reverse("campaign", args=[campaign.code])
    context: dict[str, Any] = {
        "campaign": campaign,
        "code": spaced(campaign.code),
        "form": form,
        "size": form.chosen_size,
        "copies": range(COPIES[form.chosen_size]),
        "poster_languages": form.chosen_languages,
        "square": square_of(settings.ORIGIN + path),
        "link": settings.ORIGIN + path,
        "report_link": settings.ORIGIN + reverse("report"),
    }
    return render(request, "concerns/desk/poster.html", context)
