"""Tags: on one case, and the agency's list of them."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from concerns.actions import tagging
from concerns.forms.desk import SeenForm
from concerns.forms.tags import MergeTagForm, RenameTagForm, TagForm
from concerns.models import ConcernTag, Tag
from concerns.registry import TAGS, TRIAGE
from concerns.views.desk_case import find
from concerns.views.desk_verbs import Act, carry_out
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.models import User
from engagement.people.rights import Everywhere, areas_with


@staff_page(TRIAGE)
@require_POST
def tag_case(request: StaffRequest, reference: str) -> HttpResponse:
    """Put a tag on the case, or take the one off whose button was pressed."""
    concern = find(request, reference)
    wanted = request.POST.get("remove", "")
    if wanted.isdecimal():
        bare = SeenForm(request.POST)
        return carry_out(
            request,
            concern,
            "note",
            bare,
            lambda: partial(tagging.take_tag, tag_id=int(wanted)),
            "untagged",
            name="untag",
        )
    form = TagForm(request.POST)

    def act() -> Act:
        return partial(tagging.add_tag, name=form.cleaned_data["tag"])

    return carry_out(request, concern, "note", form, act, "tagged", name="tag")


@staff_page(TAGS)
@require_GET
def tags(request: StaffRequest) -> HttpResponse:
    """Every tag of the agency and on how many cases it is."""
    found = list(Tag.objects.filter(agency=request.agency).order_by("name"))
    counts = dict(
        ConcernTag.objects.filter(agency=request.agency)
        .values_list("tag_id")
        .annotate(Count("id"))
        .order_by("tag_id")
    )
    rows = [{"tag": tag, "cases": counts.get(tag.pk, 0)} for tag in found]
    context = {
        "in_use": [row for row in rows if row["tag"].is_active],
        "retired": [row for row in rows if not row["tag"].is_active],
    }
    return render(request, "concerns/desk/tags.html", context)


@staff_page(TAGS)
@require_http_methods(["GET", "POST"])
def tag(request: StaffRequest, number: int) -> HttpResponse:
    """One tag: rename it, join it with another, retire it or bring it back."""
    _demand_whole_agency(request)
    found = Tag.objects.filter(agency=request.agency, pk=number).first()
    if found is None:
        raise Http404
    in_use = Tag.objects.filter(agency=request.agency, is_active=True)
    others = list(in_use.exclude(pk=number).order_by("name"))
    verb = request.POST.get("verb", "")
    rename = RenameTagForm(request.POST if verb == "rename" else None, initial={"name": found.name})
    merge = MergeTagForm(request.POST if verb == "merge" else None, others=others)
    if request.method == "POST" and _is_done(request, found, verb, rename, merge):
        return redirect("desk_tags")
    context: dict[str, Any] = {
        "tag": found,
        "rename": rename,
        "merge": merge if others else None,
        "cases": ConcernTag.objects.filter(agency=request.agency, tag=found).count(),
    }
    status = 422 if rename.errors or merge.errors else 200
    return render(request, "concerns/desk/tag.html", context, status=status)


def _is_done(
    request: StaffRequest, found: Tag, verb: str, rename: RenameTagForm, merge: MergeTagForm
) -> bool:
    shared: dict[str, Any] = {
        "tag_id": found.pk,
        "agency": request.agency,
        "by": actor_of(request),
        "now": timezone.now(),
    }
    try:
        if verb == "rename" and rename.is_valid():
            tagging.rename_tag(name=rename.cleaned_data["name"], **shared)
            messages.success(request, _("Renamed, on every case that has it."))
        elif verb == "merge" and merge.is_valid():
            _say_merged(request, tagging.merge_tag(into_id=merge.cleaned_data["into"], **shared))
        elif verb == "retire":
            tagging.retire_tag(**shared)
            messages.success(request, _("Retired. Cases that have it keep it."))
        elif verb == "bring_back":
            tagging.bring_back_tag(**shared)
            messages.success(request, _("The tag is offered again."))
        else:
            return False
    except tagging.CannotKeepTag:
        form = merge if verb == "merge" else rename
        form.add_error(None, _("Another tag has that name, or the tag is gone. Look again."))
        return False
    return True


def _say_merged(request: StaffRequest, merged: tagging.Merged) -> None:
    words = ngettext(
        "Joined: %(count)d more case has “%(name)s” now.",
        "Joined: %(count)d more cases have “%(name)s” now.",
        merged.cases,
    )
    messages.success(request, words % {"count": merged.cases, "name": merged.into.name})


def _demand_whole_agency(request: StaffRequest) -> None:
    """A tag is on cases of every area, so whoever supervises some of them changes none."""
    assert isinstance(request.user, User)
    if not isinstance(areas_with(request.user, TAGS, request.agency.pk), Everywhere):
        raise Http404
