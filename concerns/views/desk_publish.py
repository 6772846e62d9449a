"""What staff tell the public: written, looked at as the public will see it, then published."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concerns.actions import publishing
from concerns.actions.casework import StaleEdit
from concerns.actions.public_side import CannotPublish
from concerns.actions.publishing import PublicPreview
from concerns.forms import desk as forms
from concerns.models import Concern
from concerns.registry import PUBLISH
from concerns.views.desk_case import case_page, find
from concerns.views.desk_verbs import carry_out, clash, may_try
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.places.wording import Wording

REFUSALS = {
    "private_kind": gettext_lazy("Concerns of this kind are never shown to the public."),
    "not_accepted": gettext_lazy("Nothing is public. Accept the concern first."),
    "withdrawn": gettext_lazy("The reporter took this back, so it is not published."),
    "wrong_door": gettext_lazy("It was marked for somebody who acts at once, so it stays hidden."),
    "no_words": gettext_lazy("Write what the public should read."),
    "too_long": gettext_lazy("Make it shorter."),
    "reporters_words": gettext_lazy(
        "This repeats the reporter's own words, which could tell who wrote them. "
        "Say it in your own."
    ),
    "not_published": gettext_lazy("It was taken off the public pages meanwhile."),
}


@staff_page(PUBLISH)
@require_POST
def publish(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the preview, or publish what was previewed, or go back to writing."""
    concern = find(request, reference)
    if not may_try(request, concern, "publish"):
        raise Http404
    form = forms.PublishForm(request.POST)
    bound: dict[str, forms.SeenForm] = {"publish": form}
    if not form.is_valid() or request.POST.get("step") == "edit":
        return case_page(request, concern, bound=bound, status=422 if form.errors else 200)
    try:
        if request.POST.get("step") == "publish":
            return _published(request, concern, form)
        return _preview_page(request, concern, form)
    except CannotPublish as refusal:
        form.add_error("text_en", REFUSALS[refusal.reason])
        return case_page(request, concern, bound=bound, status=422)
    except StaleEdit:
        return clash(request, concern, form, bound)


@staff_page(PUBLISH)
@require_POST
def unpublish(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = forms.SeenForm(request.POST, auto_id="unpublish-%s")
    try:
        return carry_out(
            request,
            concern,
            "publish",
            form,
            lambda: publishing.unpublish,
            "unpublished",
            name="unpublish",
        )
    except CannotPublish:
        messages.info(request, str(REFUSALS["not_published"]))
        return redirect("desk_concern", concern.staff_reference)


def _words(form: forms.PublishForm) -> Wording:
    return Wording({"en": form.cleaned_data["text_en"], "es": form.cleaned_data["text_es"]})


def _is_update(concern: Concern, form: forms.PublishForm) -> bool:
    return concern.public is not None and form.cleaned_data["what"] != "summary"


def _preview(concern: Concern, form: forms.PublishForm) -> PublicPreview:
    words = _words(form)
    if concern.public is not None and _is_update(concern, form):
        return publishing.preview(concern, summary=concern.public.summary, update=words)
    on_private_land = form.cleaned_data["on_private_land"]
    return publishing.preview(concern, summary=words, on_private_land=on_private_land)


def _preview_page(request: StaffRequest, concern: Concern, form: forms.PublishForm) -> HttpResponse:
    preview, words = _preview(concern, form), _words(form)
    context = {
        "concern": concern,
        "form": form,
        "carried": [
            form[name].as_hidden() for name in ("what", "text_en", "text_es", "on_private_land")
        ],
        "preview": preview,
        "versions": [
            {
                "code": code,
                "language": get_language_info(code)["name_translated"],
                "text": words.as_dict().get(code, ""),
            }
            for code in ("en", "es")
        ],
    }
    return render(request, "concerns/desk/publish_preview.html", context)


def _published(request: StaffRequest, concern: Concern, form: forms.PublishForm) -> HttpResponse:
    seen_version, by, now = form.cleaned_data["seen_version"], actor_of(request), timezone.now()
    if _is_update(concern, form):
        publishing.publish_update(
            concern_id=concern.pk, seen_version=seen_version, text=_words(form), by=by, now=now
        )
    else:
        publishing.publish(
            concern_id=concern.pk,
            seen_version=seen_version,
            summary=_words(form),
            on_private_land=form.cleaned_data["on_private_land"],
            by=by,
            now=now,
        )
    messages.success(request, _("Published. The public pages show it now."))
    return redirect("desk_concern", concern.staff_reference)
