"""The texts that replies begin with, as supervisors and administrators keep them."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from concerns import workflow
from concerns.actions.templates import CannotKeep, keep_template
from concerns.forms.templates import TemplateForm
from concerns.models import ReplyTemplate
from concerns.registry import TEMPLATES
from concerns.spoken import choices as all_languages
from concerns.spoken import name_of
from concerns.workflow import State
from engagement.doors.access import actor_of, holds_everywhere, staff_page
from engagement.doors.requests import StaffRequest
from engagement.places.wording import DEFAULT_LANGUAGE

ORDER = list(State)


@staff_page(TEMPLATES)
@require_GET
def templates(request: StaffRequest) -> HttpResponse:
    """All texts of one language, by state."""
    spoken = request.GET.get("language", DEFAULT_LANGUAGE)
    rows = ReplyTemplate.objects.filter(agency=request.agency, language=spoken)
    rows = rows.select_related("category").order_by("state", "group", "name", "id")
    by_state = {state: list(found) for state, found in groupby(rows, attrgetter("state"))}
    context = {
        "groups": [
            {"label": workflow.STATE_LABELS[state], "rows": by_state[state]}
            for state in ORDER
            if state in by_state
        ],
        "languages": all_languages(),
        "language": spoken,
        "language_name": name_of(spoken),
        "may_change": _may_change(request),
    }
    return render(request, "concerns/desk/templates.html", context)


@staff_page(TEMPLATES)
@require_http_methods(["GET", "POST"])
def template(request: StaffRequest, number: int | None = None) -> HttpResponse:
    """Write a new text, or change one."""
    if not _may_change(request):
        raise Http404
    kept = None
    if number is not None:
        kept = get_object_or_404(ReplyTemplate, agency=request.agency, pk=number)
    form = TemplateForm(request.POST or None, agency=request.agency, initial=_initial(kept))
    if request.method == "POST" and form.is_valid():
        try:
            keep_template(
                agency=request.agency,
                template_id=number,
                values=form.values,
                by=actor_of(request),
                now=timezone.now(),
            )
        except CannotKeep:
            form.add_error("name", _("There is one of this name for the same use."))
        else:
            messages.success(request, _("Kept. Staff find it on the page of each such concern."))
            return redirect("desk_templates")
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "kept": kept}
    return render(request, "concerns/desk/template.html", context, status=status)


def _may_change(request: StaffRequest) -> bool:
    """Staff of every area begin with these texts, so whoever supervises some areas only reads
    them."""
    return holds_everywhere(request, TEMPLATES, agency_id=request.agency.pk)


def _initial(kept: ReplyTemplate | None) -> dict[str, Any]:
    if kept is None:
        return {}
    kind = f"c:{kept.category_id}" if kept.category_id else f"g:{kept.group}" if kept.group else ""
    return {
        "name": kept.name,
        "state": kept.state,
        "kind": kind,
        "language": kept.language,
        "text": kept.text,
        "is_active": kept.is_active,
    }
