"""Languages at the desk: who writes which, and what waits to be brought into one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from concerns.actions.languages import drop_help, say_languages
from concerns.forms import desk as forms
from concerns.forms.languages import LanguagesForm
from concerns.language_help import languages_of, tasks_for
from concerns.models.languages import Help
from concerns.registry import TRIAGE
from concerns.spoken import name_of
from concerns.views.desk_case import find
from concerns.views.desk_verbs import carry_out
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest

SHOWN = 100


@staff_page(TRIAGE)
@require_http_methods(["GET", "POST"])
def languages(request: StaffRequest) -> HttpResponse:
    """What waits for a language of theirs, and which those are."""
    written = languages_of(request.user, request.agency)
    form = LanguagesForm(request.POST or None, initial={"languages": written})
    if request.method == "POST" and form.is_valid():
        say_languages(
            user=request.user,
            agency=request.agency,
            languages=form.cleaned_data["languages"],
            by=actor_of(request),
            now=timezone.now(),
        )
        messages.success(request, _("Kept. What waits for these languages is shown to you."))
        return redirect("desk_languages")
    rows = [
        {"task": task, "language": name_of(task.language), "is_line": task.help == Help.INTERPRETER}
        for task in tasks_for(request.user, request.agency, written)[:SHOWN]
    ]
    return render(request, "concerns/desk/languages.html", {"rows": rows, "form": form})


@staff_page(TRIAGE)
@require_POST
def drop(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = forms.SeenForm(request.POST, auto_id="language-%s")
    return carry_out(
        request, concern, "reply", form, lambda: drop_help, "dropped", name="language_drop"
    )
