"""One step on many cases: chosen in the queue, read once more, done, followed, taken back."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from concerns.actions import bulk
from concerns.actions.bulk_orders import TELLS_REPORTERS, order_of
from concerns.actions.bulk_rows import Hand
from concerns.desk_wanted import NoSuchFilter, WordsLost, wanted_of
from concerns.forms.bulk import DetailsForm, chosen_words, details_form
from concerns.models import BulkRow, BulkRun, Concern
from concerns.models.bulk import Result, Status, Verb
from concerns.querysets import READ, ConcernQuerySet
from concerns.registry import BULK
from concerns.views.bulk_words import context_of, counts_of, preview_of, told
from engagement.doors.access import staff_page
from engagement.doors.paging import keyset_page
from engagement.doors.requests import StaffRequest
from engagement.people.models import User
from engagement.people.queries import staff_holding
from engagement.people.registry import permission
from engagement.people.rights import allowed
from engagement.people.roles import Role

# More than a page of the queue shows.
MOST_TICKED = 200
PAGE_SIZE = 50
LISTED = 50
# Row lists of a step by what came of them, as its address names them.
ONLY: dict[str, dict[str, Any]] = {
    "done": {"result": Result.DONE},
    "refused": {"result": Result.REFUSED},
    "changed": {"result": Result.CHANGED},
    "waiting": {"result": Result.WAITING},
    "taken_back": {"undone": Result.DONE},
    "not_taken_back": {"undone__in": [Result.REFUSED, Result.CHANGED]},
}


def readable(request: StaffRequest) -> ConcernQuerySet:
    rows: ConcernQuerySet = Concern.objects.visible_to(request.user)
    return rows.filter(agency=request.agency).not_held()


def find(request: StaffRequest, number: int) -> BulkRun:
    """A step of this very person; those of others do not exist. Raises Http404."""
    mine = BulkRun.objects.filter(agency=request.agency, by_user=request.user)
    return get_object_or_404(mine.select_related("agency"), pk=number)


@staff_page(BULK)
@require_http_methods(["GET", "POST"])
def steps(request: StaffRequest) -> HttpResponse:
    """GET lists this person's steps; POST, from the queue, fixes the cases of a new one."""
    if request.method == "POST":
        return _prepare(request)
    mine = BulkRun.objects.filter(agency=request.agency, by_user=request.user)
    runs = mine.exclude(status=Status.PREPARED).order_by("-id")[:LISTED]
    return render(request, "concerns/desk/bulk_steps.html", {"runs": runs})


def _prepare(request: StaffRequest) -> HttpResponse:
    verb = request.POST.get("verb", "")
    if verb not in Verb.values:
        messages.error(request, _("Choose what to do with the cases first."))
        return _to_queue(request)
    try:
        rows = _asked_for(request)
        run = bulk.prepare(
            agency=request.agency, user=request.user, verb=verb, rows=rows, now=timezone.now()
        )
    except (WordsLost, NoSuchFilter):
        messages.error(request, _("That search is no longer kept. Search again, then go on."))
        return redirect("desk_concerns")
    except bulk.CannotPrepare as refusal:
        messages.error(request, _too_many_or_none(refusal.found))
        return _to_queue(request)
    if _form(request, run) is None:
        bulk.choose(run=run, details=_leaver(request) if verb == Verb.AREA else {})
    return redirect("desk_bulk_step", run.pk)


def _asked_for(request: StaffRequest) -> ConcernQuerySet:
    """The ticked cases, or all that the queue holds under its filter. Raises WordsLost."""
    rows = readable(request)
    if request.POST.get("scope") != "all":
        ticked = request.POST.getlist("reference")[:MOST_TICKED]
        return rows.filter(staff_reference__in=ticked)
    wanted = wanted_of(request.POST, user=request.user, agency=request.agency)
    today = request.agency.day_of(timezone.now())
    return wanted.apply(rows, user=request.user, today=today)


def _leaver(request: StaffRequest) -> dict[str, Any]:
    """Whose work is handed over: cases of an area that this person leads go to somebody else."""
    number = request.POST.get("leaver", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    return {"leaver": int(number)} if is_number else {}


def _too_many_or_none(found: int) -> str:
    if not found:
        return _("Tick at least one case first, or choose all that match.")
    return _("More than %(most)s cases match. Narrow the filter first.") % {
        "most": f"{bulk.MOST:,}"
    }


def _to_queue(request: StaffRequest) -> HttpResponse:
    """Back to the same rows: the form carries the address of the queue, never a foreign one."""
    kept = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "verb", "scope", "reference", "leaver"):
        kept.pop(name, None)
    return redirect(f"{reverse('desk_concerns')}?{kept.urlencode()}")


@staff_page(BULK)
@require_GET
def step(request: StaffRequest, number: int) -> HttpResponse:
    """The question, or how far it is, or what came of it."""
    run = find(request, number)
    if run.status == Status.PREPARED:
        return _ask(request, run) if run.is_chosen else redirect("desk_bulk_choose", run.pk)
    return _show(request, run)


@staff_page(BULK)
@require_http_methods(["GET", "POST"])
def choose(request: StaffRequest, number: int) -> HttpResponse:
    """To whom, how urgent, which text: the one thing that the verb asks."""
    run = find(request, number)
    data = request.POST if request.method == "POST" else None
    form = _form(request, run, data)
    if run.status != Status.PREPARED or form is None:
        return redirect("desk_bulk_step", run.pk)
    if form.is_valid():
        bulk.choose(run=run, details=form.details(run))
        return redirect("desk_bulk_step", run.pk)
    context = {**context_of(run, ""), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "concerns/desk/bulk_choose.html", context, status=status)


@staff_page(BULK)
@require_POST
def begin(request: StaffRequest, number: int) -> HttpResponse:
    """Yes. A few cases are done at once; more of them in the background."""
    run, now = find(request, number), timezone.now()
    try:
        run = bulk.begin(run=run, user=request.user, now=now)
    except bulk.CannotBegin:
        messages.info(request, _("It had begun already."))
    else:
        _work_if_few(run)
    return redirect("desk_bulk_step", run.pk)


@staff_page(BULK)
@require_POST
def stop(request: StaffRequest, number: int) -> HttpResponse:
    run = find(request, number)
    try:
        bulk.stop(run=run, user=request.user, now=timezone.now())
    except bulk.CannotBegin:
        messages.info(request, _("It was over already."))
    return redirect("desk_bulk_step", run.pk)


@staff_page(BULK)
@require_POST
def undo(request: StaffRequest, number: int) -> HttpResponse:
    run = find(request, number)
    try:
        run = bulk.undo(run=run, user=request.user, now=timezone.now())
    except bulk.CannotUndo:
        messages.error(request, _("It cannot be taken back any more."))
    else:
        _work_if_few(run)
    return redirect("desk_bulk_step", run.pk)


def _form(request: StaffRequest, run: BulkRun, data: Any = None) -> DetailsForm | None:
    officers = staff_holding(
        roles=[Role.OFFICER, Role.SUPERVISOR], agency=request.agency, now=timezone.now()
    )
    return details_form(run, officers=officers, data=data)


def _work_if_few(run: BulkRun) -> None:
    if run.total <= bulk.AT_ONCE:
        bulk.work(run, now=timezone.now(), rows=bulk.AT_ONCE)


def _ask(request: StaffRequest, run: BulkRun) -> HttpResponse:
    form = _form(request, run)
    may_bulk = allowed(request.user, BULK, agency_id=request.agency.pk)
    order = order_of(run, request.user, now=timezone.now())
    hand = Hand(run, request.user, order, may_bulk)
    preview = preview_of(hand)
    context: dict[str, Any] = {
        **context_of(run, chosen_words(run, form)),
        "preview": preview,
        "heading": _will(preview.will),
        "may_change": form is not None,
        "tells": run.verb in TELLS_REPORTERS,
        "at_once": run.total <= bulk.AT_ONCE,
    }
    return render(request, "concerns/desk/bulk_ask.html", context)


def _will(number: int) -> str:
    words = ngettext("It will be done on %(n)s case.", "It will be done on %(n)s cases.", number)
    return words % {"n": f"{number:,}"}


def _show(request: StaffRequest, run: BulkRun) -> HttpResponse:
    only = request.GET.get("only", "")
    shown = BulkRow.objects.filter(run=run, concern__in=readable(request).values("pk"))
    shown = shown.filter(**ONLY.get(only, {})).select_related("concern", "changed_by")
    shown = shown.defer("concern__search", "concern__text")
    page = keyset_page(shown, order=("id",), size=PAGE_SIZE, cursor=request.GET.get("at"))
    now, ends_at = timezone.now(), run.undo_ends_at()
    counts = counts_of(run)
    form = _form(request, run)
    context: dict[str, Any] = {
        **context_of(run, chosen_words(run, form)),
        "counts": counts,
        "finished": run.total - counts["waiting"],
        "rows": [(row.concern.staff_reference, told(row)) for row in page.rows],
        "only": only if only in ONLY else "",
        "newer": page.newer,
        "older": page.older,
        "undo_ends_at": ends_at if ends_at and now < ends_at and counts["done"] else None,
        "keeps_words": run.verb in TELLS_REPORTERS,
        "only_words": run.verb == Verb.REPLY,
    }
    return render(request, "concerns/desk/bulk_step.html", context)


@staff_page(BULK)
@require_GET
def handover(request: StaffRequest) -> HttpResponse:
    """Who holds how much open work, and the way to hand all of one person's to others."""
    held = readable(request).open().filter(owner__isnull=False).values_list("owner_id")
    counts = dict(held.annotate(Count("id")).order_by("owner_id"))
    people = User.objects.filter(pk__in=list(counts)).order_by("name", "id")
    today = staff_holding(
        roles=permission(READ).roles, agency=request.agency, now=timezone.now()
    ).values_list("pk", flat=True)
    working = set(today)
    rows = [
        {"person": one, "cases": counts[one.pk], "has_left": one.pk not in working}
        for one in people
    ]
    # Who left comes first: their cases wait for nobody.
    rows.sort(key=lambda row: not row["has_left"])
    verbs = [(str(verb), verb.label) for verb in (Verb.ASSIGN, Verb.AREA, Verb.TEAM)]
    return render(request, "concerns/desk/handover.html", {"rows": rows, "verbs": verbs})
