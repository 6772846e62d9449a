"""Staff file for a caller, a visitor or a letter: one page, and a slip for the person."""

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from concerns.actions.intake import Receipt, Report, submit
from concerns.forms.filing import FilingForm
from concerns.forms.kinds import groups_of
from concerns.forms.place import ChosenPlace, chosen_place, find_hits
from concerns.models import Category, Question
from concerns.models.concern import Level
from concerns.registry import FILE
from concerns.ways import offered_ways
from engagement.doors.access import actor_of, staff_page
from engagement.doors.addresses import address
from engagement.doors.requests import StaffRequest
from engagement.doors.submission import KeyIsStale, new_key, opened_key
from engagement.keys.references import spaced
from engagement.places.models import Agency
from engagement.places.queries import agency_areas


@sensitive_post_parameters()
@staff_page(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: StaffRequest) -> HttpResponse:
    """The form; by POST it files, and the answer is the slip with code and secret."""
    agency = request.agency
    if request.method != "POST":
        return _page(request, _form(agency, None), key=new_key())
    try:
        key = opened_key(request.POST.get("key", ""))
    except KeyIsStale:
        return _page(request, _form(agency, request.POST), key=new_key(), is_late=True)
    if "find_place" in request.POST:
        return _page(request, _form(agency, None, draft=request.POST), key=request.POST["key"])
    form = _form(agency, request.POST)
    place = _place_of(form, agency)
    if place is None:
        return _page(request, form, key=request.POST["key"], status=422)
    report = _report(agency, form, place, key)
    receipt = submit(report=report, by=actor_of(request), now=timezone.now())
    return _slip(request, receipt)


def _form(agency: Agency, data: QueryDict | None, *, draft: QueryDict | None = None) -> FilingForm:
    return FilingForm(
        data,
        categories=Category.objects.of(agency),
        questions=Question.objects.asked_by(agency),
        areas=agency_areas(agency, agency.public_layer, agency.day_of(timezone.now())),
        ways=offered_ways(agency),
        draft=draft,
        asks_first=True,
    )


def _place_of(form: FilingForm, agency: Agency) -> ChosenPlace | None:
    """The place of a form in which nothing is missing, else None with what is missing said."""
    form.is_valid()
    category = form.chosen_category
    if category is not None and not category.is_taken:
        form.add_error("category", _not_here(category))
    place = chosen_place(form, agency=agency)
    if form.has_mistakes or form.is_still_to_ask:
        return None
    return place


def _not_here(category: Category) -> str:
    """Where to send the person instead."""
    where = str(category.redirect_text)
    return (
        f"{_('This is not taken here. Tell the person:')} {where}"
        if where
        else _("This is not taken here. Give the person the number on the help page.")
    )


def _page(
    request: StaffRequest, form: FilingForm, *, key: str, is_late: bool = False, status: int = 200
) -> HttpResponse:
    wants_hits = "find_place" in request.POST or "place_query" in form.errors
    query = str(form["place_query"].value() or "")
    hits = find_hits(agency=request.agency, text=query) if wants_hits else []
    context = {
        "form": form,
        "key": key,
        "is_late": is_late,
        "asks_more": form.is_bound and not form.has_mistakes and form.is_still_to_ask,
        "groups": groups_of(form.categories.values(), form.chosen_category),
        "hits": hits,
        "has_no_hits": wants_hits and bool(query.strip()) and not hits,
    }
    return render(request, "concerns/desk/file.html", context, status=status)


def _report(agency: Agency, form: FilingForm, place: ChosenPlace, key: str) -> Report:
    data = form.cleaned_data
    level = data["level"]
    return Report(
        agency=agency,
        category=form.categories[data["category"]],
        text=data["text"],
        language=data["language"],
        lon=place.lon,
        lat=place.lat,
        place_text=place.text,
        place_source=place.source,
        is_home=data["is_home"] and place.lon is not None,
        level=level,
        email=None,
        wish=form.reach if level == Level.CONFIDENTIAL else None,
        account_user_id=None,
        submission_key=key,
        channel=data["channel"],
        area_code=place.area_code,
        answers=form.given,
        filing=form.filed_for,
    )


def _slip(request: StaffRequest, receipt: Receipt) -> HttpResponse:
    """What the person takes home, in their language where the portal is written in it."""
    concern = receipt.concern
    track_url = address(request, "track")
    context = {
        "concern": concern,
        "is_repeat": receipt.is_repeat,
        "differs": receipt.differs,
        "tracking_code": spaced(receipt.tracking_code),
        "secret": receipt.secret,
        "track_link": f"{settings.ORIGIN}{track_url}",
        "slip_language": _written_language(concern.language),
    }
    return render(request, "concerns/desk/slip.html", context)


def _written_language(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
