"""From help first to the receipt. Until "Send report" is pressed nothing is stored."""

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from concerns.actions.answers import count_reminder, says_only_looks
from concerns.actions.campaigns import count_sent
from concerns.actions.intake import Receipt, Report
from concerns.actions.services import is_sealed
from concerns.campaign_codes import code_of
from concerns.forms.follow import new_pass
from concerns.forms.place import ChosenPlace, carried, chosen_place
from concerns.forms.report import ReportForm
from concerns.models import Category, Question
from concerns.models.concern import Channel, Level
from concerns.views.prefilled import begun_with
from concerns.views.public_pages import helps_with
from concerns.views.public_preview import before_sending
from concerns.views.public_suspicion import suspicion_of
from concerns.views.report_pages import form_page, reminder_page
from concerns.views.report_slots import check_slots, receipt_slots
from concerns.views.taking_photos import submit_with_photos
from concerns.ways import offered_ways
from engagement.doors.access import open_page
from engagement.doors.addresses import address
from engagement.doors.challenging import challenged
from engagement.doors.choosing import choose_agency
from engagement.doors.pictures.uploads import takes_photos
from engagement.doors.requests import PortalRequest
from engagement.doors.submission import KeyIsStale, new_key, opened_key
from engagement.keys.references import spaced
from engagement.places.models import Agency
from engagement.places.queries import areas_in_force


@sensitive_post_parameters()
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: PortalRequest) -> HttpResponse:
    """The form, and by POST its check before sending; neither stores anything."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    if request.method != "POST":
        form = _form(request, agency, draft=begun_with(request))
        return form_page(request, agency, form, signed_key=new_key())
    signed_key = _key_or_new(request)
    if "find_place" in request.POST or "change" in request.POST:
        draft = _form(request, agency, draft=request.POST)
        return form_page(request, agency, draft, signed_key=signed_key)
    form = _form(request, agency, asks_first=True)
    return _checked(request, agency, form, signed_key=signed_key)


@sensitive_post_parameters()
@challenged("report")
@takes_photos
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def report_done(request: PortalRequest) -> HttpResponse:
    """Stores the report and is itself the receipt; sent again, it shows the same receipt."""
    agency = request.agency
    if agency is None or request.POST.get("agency") != agency.slug:
        # Also a plain visit: a receipt is never fetched, it is the answer to a sending.
        return redirect(address(request, "report"))
    try:
        key = opened_key(request.POST.get("key", ""))
    except KeyIsStale:
        return _checked(request, agency, _form(request, agency), signed_key=new_key(), is_late=True)
    form = _form(request, agency)
    place = _place_or_page(request, agency, form, signed_key=request.POST["key"])
    if isinstance(place, HttpResponse):
        return place
    report_now = _report(request, agency, form, place, key)
    receipt = submit_with_photos(request, report_now)
    if not receipt.is_repeat:
        count_sent(code_of(request), agency=agency, now=timezone.now())
    return _receipt_page(request, receipt, words=_all_words(report_now))


def _form(
    request: PortalRequest,
    agency: Agency,
    *,
    draft: QueryDict | None = None,
    asks_first: bool = False,
) -> ReportForm:
    is_bound = request.method == "POST" and draft is None
    return ReportForm(
        request.POST if is_bound else None,
        categories=Category.objects.of(agency),
        questions=Question.objects.asked_by(agency),
        areas=areas_in_force(agency, agency.public_layer),
        is_signed_in=request.user.is_authenticated,
        ways=offered_ways(agency),
        draft=draft,
        asks_first=asks_first,
    )


def _key_or_new(request: PortalRequest) -> str:
    signed = request.POST.get("key", "")
    try:
        opened_key(signed)
    except KeyIsStale:
        return new_key()
    return signed


def _checked(
    request: PortalRequest,
    agency: Agency,
    form: ReportForm,
    *,
    signed_key: str,
    is_late: bool = False,
) -> HttpResponse:
    """The page to read before sending, or the form again with what is still missing."""
    place = _place_or_page(request, agency, form, signed_key=signed_key)
    if isinstance(place, HttpResponse):
        return place
    category = form.categories[form.cleaned_data["category"]]
    context = {
        "form": form,
        "carried": form.typed(but=carried(place)),
        "key": signed_key,
        "place": place,
        "is_late": is_late,
        "category": category,
        "facts": before_sending(
            form=form, category=category, place=place, agency=agency, now=timezone.now()
        ),
        "done_url": address(request, "report_done"),
        "new_url": address(request, "report_new"),
        **check_slots(request, agency=agency, form=form, category=category, place=place),
    }
    return render(request, "concerns/report_check.html", context)


def _place_or_page(
    request: PortalRequest, agency: Agency, form: ReportForm, *, signed_key: str
) -> ChosenPlace | HttpResponse:
    """The place of a report in which nothing is open any more, else the page that asks for it."""
    form.is_valid()
    category = form.chosen_category
    if category is not None and not category.is_taken:
        return _turned_away(request, category)
    place = chosen_place(form, agency=agency)
    if place is None or form.has_mistakes:
        return form_page(request, agency, form, signed_key=signed_key)
    if form.is_still_to_ask:
        return form_page(request, agency, form, signed_key=signed_key, asks_more=True)
    data = form.cleaned_data
    if not data["reminded"] and says_only_looks(data["text"], form.given):
        count_reminder(agency_id=agency.pk, on=agency.day_of(timezone.now()))
        return reminder_page(request, form, form.typed(but=carried(place)), signed_key=signed_key)
    return place


def _turned_away(request: PortalRequest, category: Category) -> HttpResponse:
    """This kind goes to someone who can act at once; what was typed is not stored."""
    assert request.agency is not None
    context = {
        "category": category,
        "help_url": address(request, "report"),
        "helps": helps_with(category.code, request.agency),
    }
    return render(request, "concerns/report_redirect.html", context)


def _report(
    request: PortalRequest, agency: Agency, form: ReportForm, place: ChosenPlace, key: str
) -> Report:
    data = form.cleaned_data
    level = data["level"]
    category = form.categories[data["category"]]
    return Report(
        agency=agency,
        category=category,
        text=data["text"],
        language=get_language() or "en",
        lon=place.lon,
        lat=place.lat,
        place_text=place.text,
        place_source=place.source,
        is_home=data["is_home"] and place.lon is not None,
        level=level,
        email=None,
        wish=form.reach if level == Level.CONFIDENTIAL else None,
        account_user_id=request.user.pk if level == Level.SIGNED_IN else None,
        submission_key=key,
        channel=Channel.WEB,
        area_code=place.area_code,
        suspicion=suspicion_of(request, agency, text=data["text"], now=timezone.now()),
        answers=form.given,
    )


def _all_words(report: Report) -> str:
    """Text and answers, as they are offered as an addition to an earlier report; nothing of what
    is kept sealed, which a message is not."""
    if is_sealed(report.category):
        return ""
    lines = [f"{answer.label}: {answer.words}" for answer in report.answers]
    return "\n".join([report.text, *lines])


def _receipt_page(request: PortalRequest, receipt: Receipt, *, words: str) -> HttpResponse:
    track_url = address(request, "track")
    context = {
        "receipt": receipt,
        "concern": receipt.concern,
        "words": words,
        "tracking_code": spaced(receipt.tracking_code),
        "secret": receipt.secret,
        "pass": new_pass(receipt.tracking_code),
        "track_url": track_url,
        "track_link": f"{settings.ORIGIN}{track_url}",
        **receipt_slots(request, agency=receipt.concern.agency, receipt=receipt),
    }
    return render(request, "concerns/report_receipt.html", context)
