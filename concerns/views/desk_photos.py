"""Photos of a case: to look at for those who may read it, to show to everyone for few."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concerns.actions import photos, showing_photos
from concerns.actions.casework import StaleEdit
from concerns.actions.public_side import CannotPublish
from concerns.forms.desk import SeenForm
from concerns.forms.photos import CoverForm, boxes_of, text_of
from concerns.models import Concern, ConcernPhoto
from concerns.querysets import READ
from concerns.registry import PUBLISH
from concerns.views.desk_case import find, standing
from concerns.views.desk_publish import REFUSALS
from concerns.views.desk_verbs import may_try
from concerns.views.photos_shown import desk_address, key_of, picture_answer
from engagement.doors.access import actor_of, staff_page
from engagement.doors.pictures.decoding import CannotDecode, NotConfined, Picture
from engagement.doors.pictures.store import PictureIsGone
from engagement.doors.requests import StaffRequest
from engagement.places.wording import Wording


@staff_page(READ)
@require_safe
def photo(request: StaffRequest, reference: str, key: str) -> HttpResponse:
    """One photo, as it came and was made new; the same 404 for elsewhere, gone and never there."""
    row = _photo(find(request, reference), key)
    return picture_answer(row.name, agency_id=row.agency_id)


@staff_page(PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, reference: str, key: str) -> HttpResponse:
    """Cover what nobody may see, look at the result, then show it to everyone."""
    concern, row = _to_show(request, reference, key)
    if request.method != "POST":
        fresh = CoverForm(initial={"seen_version": concern.version, "seen_as": standing(concern)})
        return _page(request, row, fresh)
    form = CoverForm(request.POST)
    step = request.POST.get("step")
    if not form.is_valid() or step == "edit":
        return _page(request, row, form, status=422 if form.errors else 200)
    if step != "publish":
        return _page(request, row, form, is_preview=True)
    return _shown(request, row, form)


@staff_page(PUBLISH)
@require_safe
def covered(request: StaffRequest, reference: str, key: str) -> HttpResponse:
    """The photo as everyone would see it; nothing of it is stored."""
    row = _to_show(request, reference, key)[1]
    try:
        picture = showing_photos.covered(row, boxes_of(request.GET.getlist("box")))
    except (ValueError, TypeError, CannotDecode, NotConfined, PictureIsGone):
        raise Http404 from None
    return HttpResponse(picture.jpeg, content_type="image/jpeg")


@staff_page(PUBLISH)
@require_POST
def hide(request: StaffRequest, reference: str, key: str) -> HttpResponse:
    """Take the public copy away at once."""
    concern, row = _to_show(request, reference, key)
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        showing_photos.hide_photo(
            concern_id=concern.pk,
            photo_id=row.pk,
            seen_version=form.cleaned_data["seen_version"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except StaleEdit:
        messages.error(request, _("Somebody changed the concern meanwhile. Look again."))
    else:
        messages.success(request, _("The photo is off the public page, and its copy is deleted."))
    return redirect("desk_concern", concern.staff_reference)


def _photo(concern: Concern, key: str) -> ConcernPhoto:
    for row in concern.photos.select_related("public"):
        if row.name.endswith(f"/{key}"):
            row.concern = concern
            return row
    raise Http404


def _to_show(request: StaffRequest, reference: str, key: str) -> tuple[Concern, ConcernPhoto]:
    concern = find(request, reference)
    if concern.public is None or not may_try(request, concern, "publish"):
        raise Http404
    return concern, _photo(concern, key)


def _page(
    request: StaffRequest,
    row: ConcernPhoto,
    form: CoverForm,
    *,
    is_preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    args = [row.concern.staff_reference, key_of(row.name)]
    seen = [text_of(box) for box in form.boxes] if is_preview else []
    query = urlencode({"box": seen}, doseq=True)
    context = {
        "concern": row.concern,
        "photo": row,
        "form": form,
        "rows": list(form.box_rows()),
        "photo_url": desk_address(row, row.concern),
        "covered_url": f"{reverse('desk_concern_photo_covered', args=args)}?{query}",
        "show_url": reverse("desk_concern_photo_show", args=args),
        "hide_url": reverse("desk_concern_photo_hide", args=args),
        "is_preview": is_preview,
        "carried": [field.as_hidden() for field in form] if is_preview else [],
    }
    return render(request, "concerns/desk/photo.html", context, status=status)


def _shown(request: StaffRequest, row: ConcernPhoto, form: CoverForm) -> HttpResponse:
    data, now = form.cleaned_data, timezone.now()
    try:
        picture: Picture = showing_photos.covered(row, form.boxes)
        with photos.kept([picture], agency=request.agency, now=now) as copies:
            if not copies:
                raise PictureIsGone(row.name)
            showing_photos.show_photo(
                concern_id=row.concern_id,
                photo_id=row.pk,
                seen_version=data["seen_version"],
                copy=copies[0],
                shows=Wording({"en": data["shows_en"], "es": data["shows_es"]}),
                by=actor_of(request),
                now=now,
            )
    except CannotPublish as refusal:
        form.add_error("shows_en", REFUSALS[refusal.reason])
        return _page(request, row, form, status=422)
    except StaleEdit as stale:
        form.show_version(stale.current.version, standing(stale.current))
        form.add_error(None, _("Somebody changed the concern meanwhile. Look again, then go on."))
        return _page(request, row, form, status=409)
    except (CannotDecode, NotConfined, PictureIsGone):
        form.add_error(None, _("The photo could not be made just now. Try again."))
        return _page(request, row, form, status=503)
    messages.success(request, _("The photo is on the public page now."))
    return redirect("desk_concern", row.concern.staff_reference)
