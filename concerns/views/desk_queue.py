"""The queue: what people reported, as far as this member of staff may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from concerns.composed import Composer
from concerns.desk_columns import COLUMNS
from concerns.desk_corrections import Correction, correction_of
from concerns.desk_search import TABS, Wanted, areas_of
from concerns.desk_sorts import NEWEST, SORTS, sort_for
from concerns.desk_wanted import NoSuchFilter, WordsLost, keep_words, wanted_of
from concerns.models import Concern
from concerns.models.bulk import Verb
from concerns.querysets import READ, ConcernQuerySet
from concerns.registry import BULK, SPAM
from concerns.views.desk_rows import Day, due_on
from concerns.views.queue_parts import (
    Around,
    around,
    choices_of,
    queue_url,
    sorts_as_links,
    tabs_for,
)
from concerns.views.queue_rows import Look, look_of, printed, row_values
from engagement.doors.access import staff_page
from engagement.doors.paging import Page, first_page, keyset_page
from engagement.doors.requests import StaffRequest
from engagement.keys.references import BadReference, normalise
from engagement.people.rights import allowed, rights_of

PAGE_SIZE = 50
# So many reports that call for help stand above the others; a tab of their own has them all.
MOST_FIRST = 20
# Where reports that call for help stand above the others until somebody accepts them.
FIRST_ON = ("open", "mine", "areas", "unowned", "late", "all")

_composed = Composer()


@dataclass(frozen=True)
class Asked:
    """What an address of the queue asks for. `pairs` say it again in other addresses; they hold
    no words. `correction` is set when other words than the typed ones are shown."""

    wanted: Wanted
    sort: str
    pairs: list[tuple[str, str]]
    is_saved: bool = False
    correction: Correction | None = None


@dataclass(frozen=True)
class Shown:
    rows: SafeString
    newer: str | None
    older: str | None
    has_more_first: bool


@staff_page(READ)
@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    try:
        asked = read(request)
    except WordsLost:
        return _without_words(request)
    except NoSuchFilter:
        messages.warning(request, _("That filter is not there any more."))
        return redirect("desk_concerns")
    beside = around(request.user, request.agency)
    asked, shown = _find(request, asked, beside)
    return render(request, "concerns/desk/queue.html", _context(request, asked, beside, shown))


@staff_page(READ)
@require_POST
def search(request: StaffRequest) -> HttpResponse:
    """Take words, or a whole filter, and lead to an address that holds none of the words.

    The number of a case leads straight to the case, if this person may read it.
    """
    user, agency = request.user, request.agency
    words = Wanted.from_query(QueryDict(), words=request.POST.get("words", "")).words
    if (number := _case_numbered(request, words)) is not None:
        return redirect("desk_concern", reference=number)
    wanted = Wanted.from_query(request.POST, words=words)
    pairs = [*wanted.as_pairs(), ("sort", sort_for(wanted, request.POST.get("sort", "")))]
    if words:
        pairs.append(("find", keep_words(words, user=user, agency=agency)))
    return redirect(queue_url(pairs))


def read(request: StaffRequest) -> Asked:
    """Read what the address asks for. Raises WordsLost and NoSuchFilter."""
    query = request.GET
    wanted = wanted_of(query, user=request.user, agency=request.agency)
    sort = sort_for(wanted, query.get("sort", ""))
    held = ("saved", "find", "agency")
    pairs = [("sort", sort), *((name, query[name]) for name in held if query.get(name))]
    is_saved = bool(query.get("saved"))
    if not is_saved:
        pairs = [*wanted.as_pairs(), *pairs]
    return Asked(wanted, sort, pairs, is_saved=is_saved)


def wanted_rows(request: StaffRequest, wanted: Wanted) -> ConcernQuerySet:
    """Return the rows of the queue that this person wants and may read, in no order."""
    readable = Concern.objects.visible_to(request.user).filter(agency=request.agency).not_held()
    return wanted.apply(readable, user=request.user, today=_today(request))


def _today(request: StaffRequest) -> date:
    return request.agency.day_of(timezone.now())


def _case_numbered(request: StaffRequest, words: str) -> str | None:
    try:
        number = normalise(words)
    except BadReference:
        return None
    readable = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    found = readable.filter(staff_reference=number).values_list("staff_reference", flat=True)
    return found.first()


def _find(request: StaffRequest, asked: Asked, beside: Around) -> tuple[Asked, Shown]:
    """Find the page's rows; where nobody wrote a typed word, those of the nearest word."""
    shown = _shown(request, asked, beside)
    if shown.rows or not asked.wanted.words or request.GET.get("at"):
        return asked, shown
    words, user, agency = asked.wanted.words, request.user, request.agency
    correction = correction_of(words, user=user, agency=agency)
    if correction is None:
        return asked, shown
    wanted = Wanted(**{**vars(asked.wanted), "words": correction.words})
    token = keep_words(correction.words, user=user, agency=agency)
    pairs = [*wanted.as_pairs(), ("sort", asked.sort), ("find", token)]
    better = Asked(wanted, asked.sort, pairs, correction=correction)
    return better, _shown(request, better, beside)


def _shown(request: StaffRequest, asked: Asked, beside: Around) -> Shown:
    today, look = _today(request), _look(request, asked, beside)
    puts_first = beside.has_danger and asked.wanted.tab in FIRST_ON and asked.sort == NEWEST
    page = _page(request, asked, look, puts_first=puts_first)
    first: Sequence[Any] = ()
    if puts_first and page.newer is None:
        calling = row_values(wanted_rows(request, asked.wanted).calls_for_help(), look)
        first = list(calling.newest_first()[: MOST_FIRST + 1])
    return Shown(
        printed([*first[:MOST_FIRST], *page.rows], look, today),
        page.newer,
        page.older,
        has_more_first=len(first) > MOST_FIRST,
    )


def _page(request: StaffRequest, asked: Asked, look: Look, *, puts_first: bool) -> Page[Any]:
    """One page of rows. The question for a first page, which people look at again and again, is
    composed once for their rights and the day."""
    order = SORTS[asked.sort].order

    def rows() -> Any:
        found = wanted_rows(request, asked.wanted)
        # A report that calls for help is on no page but the top one, so no cursor stands on it.
        return row_values(found.calls_for_no_help() if puts_first else found, look)

    cursor = request.GET.get("at")
    if cursor or asked.wanted.words or TABS[asked.wanted.tab].looks_up:
        return keyset_page(rows(), order=order, size=PAGE_SIZE, cursor=cursor)
    rights = (rights_of(request.user), request.agency.pk)
    key = (*rights, _today(request), asked.wanted, order, puts_first, look.columns, look.has_map)
    question = _composed(key, lambda: rows().order_by(*order)[: PAGE_SIZE + 1])
    return first_page(question.values({}), order=order, size=PAGE_SIZE)


def _look(request: StaffRequest, asked: Asked, beside: Around) -> Look:
    return look_of(
        beside.columns,
        query=urlencode(_with_place(request, asked.pairs)),
        has_map=beside.has_map,
        has_ticks=allowed(request.user, BULK, agency_id=request.agency.pk),
    )


def _with_place(request: StaffRequest, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    cursor = request.GET.get("at")
    return [*pairs, ("at", cursor)] if cursor else pairs


def _context(request: StaffRequest, asked: Asked, beside: Around, shown: Shown) -> dict[str, Any]:
    wanted, pairs = asked.wanted, asked.pairs
    token = [(name, value) for name, value in pairs if name in ("find", "agency")]
    # Who leaves a saved filter for a tab leaves it whole.
    kept = [] if asked.is_saved else [one for one in wanted.as_pairs() if one[0] != "show"]
    without_sort = [(name, value) for name, value in pairs if name != "sort"]
    agency = request.agency
    may_do_many = allowed(request.user, BULK, agency_id=agency.pk)
    return {
        "tabs": tabs_for(wanted, [*kept, *token], is_saved=asked.is_saved),
        "pins": [
            {
                "label": name,
                "url": queue_url([("saved", str(number))]),
                "is_current": dict(pairs).get("saved") == str(number),
            }
            for number, name in beside.pins
        ],
        "current_pin": dict(pairs).get("saved", ""),
        "choices": [
            {"label": one.label, "url": _less_url(request, asked, one.field, one.value)}
            for one in choices_of(wanted, agency)
        ],
        "words": wanted.words,
        "correction": asked.correction,
        "pairs": pairs,
        "query": urlencode(pairs),
        "filter_pairs": [(name, value) for name, value in pairs if name not in ("find", "saved")],
        "everything_url": queue_url([("show", "all"), *kept, *token]),
        "is_open_work": wanted.is_open_work,
        "sort": asked.sort,
        "sorts": sorts_as_links(wanted, asked.sort, without_sort),
        "heads": [COLUMNS[name] for name in beside.columns],
        "rows": shown.rows,
        "has_map": beside.has_map,
        "has_ticks": may_do_many,
        "bulk": {"kept": _with_place(request, pairs), "verbs": Verb.choices}
        if may_do_many
        else None,
        "has_more_first": shown.has_more_first,
        "newer_url": queue_url([*pairs, ("at", shown.newer)]) if shown.newer else None,
        "older_url": queue_url([*pairs, ("at", shown.older)]) if shown.older else None,
        "may_judge_spam": allowed(request.user, SPAM, agency_id=agency.pk),
    }


def _less_url(request: StaffRequest, asked: Asked, field: str, value: Any) -> str:
    """The same queue without this one choice; words go on under what stands for them."""
    less = asked.wanted.without(field, value)
    pairs = [*less.as_pairs(), ("sort", sort_for(less, asked.sort))]
    if less.words:
        held = dict(asked.pairs).get("find")
        token = held or keep_words(less.words, user=request.user, agency=request.agency)
        pairs.append(("find", token))
    return queue_url(pairs)


def _without_words(request: StaffRequest) -> HttpResponse:
    """Say that the words are gone; rows without them would be others than were asked for."""
    messages.warning(
        request, _("The words of that search are not kept any more. Type them once more.")
    )
    kept = Wanted.from_query(request.GET)
    sort = sort_for(kept, request.GET.get("sort", ""))
    return redirect(queue_url([*kept.as_pairs(), ("sort", sort)]))


__all__ = [
    "Day",
    "areas_of",
    "due_on",
    "queue",
    "read",
    "search",
    "wanted_rows",
]
