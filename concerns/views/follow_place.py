"""Correcting where a report points to: one page, the same ways to name a place as in the form."""

from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.actions.correcting import CannotCorrect, Place, correct_place
from concerns.forms.follow import new_pass
from concerns.forms.place import ChosenPlace, chosen_place, find_hits
from concerns.forms.place_correction import PlaceForm
from concerns.forms.report import ReportForm
from concerns.models import Concern
from concerns.views.public_follow import follow_page
from engagement.audit.actors import Actor
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest
from engagement.keys.references import spaced
from engagement.places.queries import agency_areas


def correct(request: PortalRequest, concern: Concern) -> HttpResponse:
    """The page, and with `save` the correction itself."""
    request.agency = concern.agency
    if not concern.is_open:
        return follow_page(request, concern, said=_("It is done; its place stays as it was."))
    if "save" not in request.POST:
        return _place_page(
            request, concern, _form(concern, initial=_typed_or_stored(request, concern))
        )
    form = _form(concern, data=request.POST)
    form.is_valid()
    # It reads the fields of the place alone, which both forms share.
    place = chosen_place(cast("ReportForm", form), agency=concern.agency)
    if place is None or form.errors:
        return _place_page(request, concern, form)
    try:
        correct_place(
            concern_id=concern.pk,
            place=_meant(place, is_home=form.cleaned_data["is_home"]),
            by=Actor.reporter(),
            now=timezone.now(),
        )
    except CannotCorrect:
        return follow_page(request, concern, said=_("It is done; its place stays as it was."))
    return follow_page(request, concern, said=_("The place is corrected. Whoever has it was told."))


def _meant(place: ChosenPlace, *, is_home: bool) -> Place:
    return Place(
        lon=place.lon,
        lat=place.lat,
        place_text=place.text,
        place_source=place.source,
        is_home=is_home,
        area_code=place.area_code,
    )


def _form(concern: Concern, **given: Any) -> PlaceForm:
    agency = concern.agency
    areas = agency_areas(agency, agency.public_layer, agency.day_of(timezone.now()))
    return PlaceForm(areas=areas, **given)


def _typed_or_stored(request: PortalRequest, concern: Concern) -> dict[str, Any]:
    if "find_place" in request.POST:
        return request.POST.dict()
    stored = {"place_query": concern.place_text, "is_home": concern.is_home}
    if concern.lon is None or concern.lat is None:
        return stored
    return {**stored, "lon": f"{concern.lon:.6f}", "lat": f"{concern.lat:.6f}"}


def _place_page(request: PortalRequest, concern: Concern, form: PlaceForm) -> HttpResponse:
    wants_hits = "find_place" in request.POST or "place_query" in form.errors
    query = str(form["place_query"].value() or "")
    hits = find_hits(agency=concern.agency, text=query) if wants_hits else []
    context = {
        "form": form,
        "concern": concern,
        "agency": concern.agency,
        "code": spaced(concern.tracking_code),
        "pass": new_pass(concern.tracking_code),
        "hits": hits,
        "has_no_hits": wants_hits and bool(query.strip()) and not hits,
        "track_url": address(request, "track"),
    }
    return render(request, "concerns/follow_place.html", context)
