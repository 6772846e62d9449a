"""/desk/setup/calls/: how the nightly file of calls is read, tried on a file before it is saved."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from concerns.actions.calls_mapping import (
    MappingChanged,
    mapping_of,
    say_how_read,
    standing_of,
)
from concerns.calls_trial import Trial, headings_in, try_calls
from concerns.forms.calls_file import CallsFileForm
from concerns.models import Category, Concern
from concerns.querysets import READ, ConcernQuerySet
from concerns.registry import RULES
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.doors.tables import table_of, takes_table
from engagement.people.rights import Everywhere, allowed, areas_with

PROBLEMS: Mapping[str, str | Promise] = {
    "number": gettext_lazy("There is no number, or none that could be one."),
    "date": gettext_lazy("The day cannot be read, or lies ahead."),
    "cells": gettext_lazy("It has more or fewer cells than the heading."),
    "long": gettext_lazy("A cell is far too long."),
    "twice": gettext_lazy("Its number was in the file before."),
}
TROUBLES: Mapping[str, str | Promise] = {
    "encoding": gettext_lazy("The file is not written as you said. Choose the other one."),
    "shape": gettext_lazy("This does not look like a CSV file."),
    "columns": gettext_lazy("The file lacks columns that you named."),
    "unnamed": gettext_lazy("Name the columns below as the file names them, then try again."),
}


@takes_table
@sensitive_post_parameters()
@staff_page(RULES)
@require_http_methods(["GET", "POST"])
def calls_file(request: StaffRequest) -> HttpResponse:
    """Name the columns; "try" shows what a file would fill, "save" saves how it is read."""
    mapping = mapping_of(request.agency)
    may_change = _rules_everywhere(request)
    if request.method == "POST" and not may_change:
        # It holds for the whole agency: whoever supervises a part of it reads it only.
        raise Http404
    kinds = dict(Category.objects.of(request.agency).taken().values_list("code", "label"))
    seen = standing_of(mapping)
    data = request.POST if request.method == "POST" else None
    form = CallsFileForm(data, instance=mapping, codes=kinds, initial={"seen": seen})
    trial = None
    if "try" in request.POST:
        trial = _tried(request, form)
    elif form.is_bound and form.is_valid() and _is_saved(request, form):
        return redirect("desk_calls_file")
    context = {"form": form, "kinds": sorted(kinds.items()), "may_change": may_change}
    context |= {"mapping": mapping, **_shown(trial)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "concerns/desk/calls_file.html", context, status=status)


def _rules_everywhere(request: StaffRequest) -> bool:
    return isinstance(areas_with(request.user, RULES, request.agency.pk), Everywhere)


def _is_saved(request: StaffRequest, form: CallsFileForm) -> bool:
    try:
        say_how_read(
            agency=request.agency,
            values=form.values,
            seen=form.cleaned_data["seen"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except MappingChanged:
        form.add_error(
            None, _("Somebody changed it since you opened this page. Look at it anew, then save.")
        )
        return False
    messages.success(request, _("Saved. The next file is read so."))
    return True


def _tried(request: StaffRequest, form: CallsFileForm) -> Trial | None:
    table = table_of(request)
    if table is None:
        form.add_error(None, _("Choose a file to try it on."))
        return None
    if not form.is_valid():
        return headings_in(
            table.content,
            delimiter=form.cleaned_data.get("delimiter", ","),
            encoding=form.cleaned_data.get("encoding", "utf-8"),
        )
    may_read = allowed(request.user, READ, agency_id=request.agency.pk)
    readable: ConcernQuerySet | None = (
        Concern.objects.visible_to(request.user).filter(agency=request.agency).not_held()
        if may_read
        else None
    )
    today = request.agency.day_of(timezone.now())
    trial = try_calls(table.content, form.instance, readable=readable, today=today)
    trial.is_cut = trial.is_cut or table.is_cut
    trial.may_show_cases = may_read
    return trial


def _shown(trial: Trial | None) -> dict[str, Any]:
    """What the template shows of a trial."""
    if trial is None:
        return {"trial": None}
    return {
        "trial": trial,
        "trouble": TROUBLES.get(trial.trouble, ""),
        "problems": [(line, PROBLEMS[reason]) for line, reason in trial.bad],
        "bad_number": trial.reasons.total(),
        "cases_number": len(trial.cases),
    }
