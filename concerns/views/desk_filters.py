"""Choose a filter, keep it under a name, share it, and choose how the queue looks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from concerns.actions import filters
from concerns.desk_search import Wanted
from concerns.desk_wanted import NoSuchFilter, WordsLost, filters_of, saved_filter
from concerns.forms.queue import (
    FilterForm,
    LookForm,
    SaveFilterForm,
    UseFilterForm,
    initial_of,
    is_own,
    teams_of,
)
from concerns.models import FilterUse, SavedFilter
from concerns.querysets import READ
from concerns.views.desk_queue import Asked, read
from concerns.views.queue_parts import (
    around,
    counts_of,
    pinned_with_counts,
    queue_url,
    words_for,
)
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest


def _asked(request: StaffRequest) -> Asked:
    """What the address says; where its words are gone, somebody types them again."""
    try:
        return read(request)
    except (WordsLost, NoSuchFilter):
        wanted = Wanted.from_query(request.GET)
        return Asked(wanted, "newest", wanted.as_pairs())


@staff_page(READ)
@require_GET
def choose(request: StaffRequest) -> HttpResponse:
    """All that can be asked of the queue, on one page; the search takes it."""
    asked = _asked(request)
    form = FilterForm(
        initial=initial_of(asked.wanted, asked.sort),
        agency=request.agency,
        user=request.user,
        now=timezone.now(),
    )
    context = {"form": form, "back_url": queue_url(asked.pairs)}
    return render(request, "concerns/desk/queue_filter.html", context)


@staff_page(READ)
@require_GET
def listed(request: StaffRequest) -> HttpResponse:
    """Mine and my teams' filters, each with the number of its cases."""
    found = filters_of(request.user, request.agency).select_related("team", "made_by")
    rows = list(found.order_by("name", "id"))
    today = request.agency.day_of(timezone.now())
    wishes = [Wanted.from_json(saved.wanted) for saved in rows]
    counts = counts_of(wishes, user=request.user, agency=request.agency, today=today)
    uses = {
        use.saved_id: use
        for use in FilterUse.objects.filter(user=request.user, agency=request.agency)
    }
    lines = [
        {
            "saved": saved,
            "url": queue_url([("saved", str(saved.pk))]),
            "count": count,
            "is_mine": is_own(saved, request.user),
            "use": uses.get(saved.pk),
        }
        for saved, count in zip(rows, counts, strict=True)
    ]
    return render(request, "concerns/desk/queue_filters.html", {"lines": lines})


@staff_page(READ)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Keep what the queue shows now under a name; its words stay out of the address here too."""
    try:
        asked = read(request)
    except (WordsLost, NoSuchFilter):
        messages.warning(request, _("That search is no longer kept. Search again, then save it."))
        return redirect("desk_concerns")
    teams = teams_of(request.user, request.agency)
    data = request.POST if request.method == "POST" else None
    naming, using = SaveFilterForm(data, teams=teams), UseFilterForm(data)
    if data is not None and naming.is_valid() and using.is_valid():
        saved = _saved(request, asked, naming, using, teams)
        if saved is not None:
            messages.success(request, _("The filter is saved."))
            return redirect(queue_url([("saved", str(saved.pk))]))
    said = words_for(asked.wanted, request.agency)
    context = {"naming": naming, "using": using, "said": said, "back_url": queue_url(asked.pairs)}
    return render(request, "concerns/desk/queue_save.html", context)


def _saved(
    request: StaffRequest, asked: Asked, naming: SaveFilterForm, using: UseFilterForm, teams: Any
) -> SavedFilter | None:
    try:
        saved = filters.save_filter(
            user=request.user,
            agency=request.agency,
            name=naming.cleaned_data["name"],
            wanted=asked.wanted,
            sort=asked.sort,
            team=teams.filter(pk=naming.cleaned_data["team"]).first(),
        )
    except filters.CannotSave:
        naming.add_error("name", _("You keep very many filters. Delete one first."))
        return None
    filters.use_filter(saved=saved, user=request.user, **using.cleaned_data)
    return saved


@staff_page(READ)
@require_http_methods(["GET", "POST"])
def one(request: StaffRequest, number: int) -> HttpResponse:
    """Its name and team, for its maker; the tab and the mail, for everybody who has it."""
    saved = _find(request, number)
    is_mine = is_own(saved, request.user)
    teams = teams_of(request.user, request.agency)
    use = FilterUse.objects.filter(saved=saved, user=request.user).first()
    data = request.POST if request.method == "POST" else None
    naming = SaveFilterForm(data, teams=teams, initial={"name": saved.name, "team": saved.team_id})
    using = UseFilterForm(
        data,
        initial={"is_pinned": use and use.is_pinned, "tell_at": use and use.tell_at},
    )
    if data is not None and using.is_valid() and (not is_mine or _renamed(saved, naming, teams)):
        filters.use_filter(saved=saved, user=request.user, **using.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("desk_filters")
    context = {
        "saved": saved,
        "is_mine": is_mine,
        "naming": naming,
        "using": using,
        "said": words_for(Wanted.from_json(saved.wanted), request.agency),
    }
    return render(request, "concerns/desk/queue_saved.html", context)


def _renamed(saved: SavedFilter, naming: SaveFilterForm, teams: Any) -> bool:
    if not naming.is_valid():
        return False
    team = teams.filter(pk=naming.cleaned_data["team"]).first()
    name = naming.cleaned_data["name"]
    try:
        filters.rename_filter(saved=saved, user=saved.made_by, name=name, team=team)
    except filters.CannotSave:
        naming.add_error("name", _("You have another filter of that name."))
        return False
    return True


@staff_page(READ)
@require_POST
def delete(request: StaffRequest, number: int) -> HttpResponse:
    saved = _find(request, number)
    if not is_own(saved, request.user):
        raise Http404
    filters.delete_filter(saved=saved, user=request.user)
    messages.success(request, _("The filter is deleted."))
    return redirect("desk_filters")


@staff_page(READ)
@require_GET
def counts(request: StaffRequest) -> HttpResponse:
    """The pinned filters with their numbers, fetched after the queue stands on the screen."""
    today = request.agency.day_of(timezone.now())
    current = request.GET.get("saved", "")
    pins = [
        {**pin, "is_current": str(pin["number"]) == current}
        for pin in pinned_with_counts(request.user, request.agency, today)
    ]
    return render(request, "concerns/desk/queue_counts.html", {"pins": pins})


@staff_page(READ)
@require_http_methods(["GET", "POST"])
def look(request: StaffRequest) -> HttpResponse:
    asked = _asked(request)
    now = around(request.user, request.agency)
    data = request.POST if request.method == "POST" else None
    form = LookForm(data, initial={"columns": now.columns, "has_map": now.has_map})
    back_url = queue_url(asked.pairs)
    if data is not None and form.is_valid():
        filters.choose_look(user=request.user, agency=request.agency, **form.cleaned_data)
        return redirect(back_url)
    return render(request, "concerns/desk/queue_look.html", {"form": form, "back_url": back_url})


def _find(request: StaffRequest, number: int) -> SavedFilter:
    try:
        return saved_filter(str(number), user=request.user, agency=request.agency)
    except NoSuchFilter:
        raise Http404 from None
