"""Meetings as everyone reads them: list, page, calendar files and feed."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engagement.doors.access import cacheable, public_page
from engagement.doors.addresses import address
from engagement.doors.choosing import choose_agency
from engagement.doors.paging import keyset_page
from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency, Area
from meetings import calendars, queries
from meetings.feed import feed_of
from meetings.models import Meeting
from meetings.rows import Row, months_of, rows_of
from meetings.views.shown import public_page_of

PAGE_SIZE = 30
FEED_SIZE = 50
CALENDAR = "text/calendar; charset=utf-8"


class AreaForm(forms.Form):
    """The one filter; what cannot be read counts as not given."""

    area = forms.ChoiceField(required=False)

    def __init__(self, data: Any, areas: list[Area]) -> None:
        super().__init__(data)
        self.areas = {area.slug: area for area in areas}
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.label = _("Area")
        field.choices = [("", _("The whole city")), *((a.slug, a.name) for a in areas)]

    def chosen(self) -> Area | None:
        self.is_valid()
        return self.areas.get(self.cleaned_data.get("area", ""))


@public_page
@require_safe
def meetings(request: PortalRequest) -> HttpResponse:
    """What is coming, by month, or what has been, newest first."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    form = _filter(request, agency)
    area, now = form.chosen(), timezone.now()
    is_past = request.GET.get("show") == "past"
    if is_past:
        found, order = queries.past(agency, area=area, now=now), ("-starts_at", "-id")
    else:
        found, order = queries.upcoming(agency, area=area, now=now), ("starts_at", "id")
    page = keyset_page(found, order=order, size=PAGE_SIZE, cursor=request.GET.get("cursor"))
    query = {"area": area.slug} if area else {}
    context = {
        "form": form,
        "chosen_area": area,
        "is_past": is_past,
        "months": months_of(request, page.rows),
        "page": page,
        "list_url": address(request, "meetings"),
        "upcoming_url": address(request, "meetings", query=query),
        "past_url": address(request, "meetings", query={**query, "show": "past"}),
        "calendar_url": address(request, "meetings_calendar", query=query),
        "feed_url": address(request, "meetings_feed", query=query),
    }
    return render(request, "meetings/list.html", context)


@public_page
@require_safe
def meeting(request: PortalRequest, slug: str) -> HttpResponse:
    """One meeting; it says nothing that depends on who answered."""
    found = known_meeting(request, slug)
    context = public_page_of(request, found, queries.told_before(found), timezone.now())
    return render(request, "meetings/meeting.html", context)


@cacheable(300)
@public_page
@require_safe
def meeting_calendar(request: PortalRequest, slug: str) -> HttpResponse:
    """One meeting as a file that calendars open."""
    found = known_meeting(request, slug)
    answer = HttpResponse(calendars.one(found), content_type=CALENDAR)
    answer["Content-Disposition"] = f'attachment; filename="{found.slug}.ics"'
    return answer


@cacheable(300)
@public_page
@require_safe
def meetings_calendar(request: PortalRequest) -> HttpResponse:
    """What is coming and what was lately cancelled, for calendars that subscribe."""
    agency = _known_agency(request)
    area = _filter(request, agency).chosen()
    found = queries.in_feed(agency, area=area, now=timezone.now())
    name = _("Meetings: %(name)s") % {"name": area.name if area else agency.name}
    return HttpResponse(calendars.feed(agency, found, name=name), content_type=CALENDAR)


@cacheable(300)
@public_page
@require_safe
def meetings_feed(request: PortalRequest) -> HttpResponse:
    """What is coming as RSS 2.0; a moved or cancelled meeting is news once more."""
    agency = _known_agency(request)
    area = _filter(request, agency).chosen()
    found = queries.upcoming(agency, area=area, now=timezone.now())[:FEED_SIZE]
    feed = feed_of(request, agency, found)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def known_meeting(request: PortalRequest, slug: str) -> Meeting:
    """The public meeting of this address. Its link works wherever it was mailed or posted, so the
    page takes the meeting's own agency. Raises Http404."""
    found = queries.by_address(slug)
    if found is None:
        raise Http404
    request.agency = found.agency
    return found


def next_rows(
    request: HttpRequest, agency: Agency, *, area: Area | None = None, most: int
) -> list[Row]:
    """The next meetings as lines, for pages of other rooms."""
    found = queries.upcoming(agency, area=area, now=timezone.now())
    return rows_of(request, found[:most])


def _known_agency(request: PortalRequest) -> Agency:
    if request.agency is None:
        raise Http404
    return request.agency


def _filter(request: PortalRequest, agency: Agency) -> AreaForm:
    layers = (agency.public_layer, agency.responsible_layer)
    areas = Area.objects.filter(agency=agency, layer__in=layers).order_by("name", "id")
    return AreaForm(request.GET, list(areas))
