"""The queue: what people reported, as far as this member of staff may read it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_day
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from concerns.forms.desk import QueueFilterForm
from concerns.models import Concern, Reply
from concerns.models.casework import Direction
from concerns.models.phrases import line_label
from concerns.querysets import READ, ConcernQuerySet
from concerns.registry import SPAM
from concerns.workflow import STATE_LABELS, State
from engagement.doors.access import staff_page
from engagement.doors.paging import keyset_page
from engagement.doors.requests import StaffRequest
from engagement.people.models import AreaAssignment, User
from engagement.people.rights import allowed

PAGE_SIZE = 50
# So many reports that call for help stand above the others; a tab of their own has them all.
MOST_FIRST = 20
# Stands in an address for the reference of a row.
REFERENCE = "REFERENCE"
Narrowed = Callable[[ConcernQuerySet, User, date], ConcernQuerySet]


def areas_of(user: User, today: date) -> Any:
    """Return ids of the areas this officer looks after today, as a subquery."""
    return AreaAssignment.objects.in_force(today).filter(user=user).values("area_id")


def _in_areas_of(user: User, today: date) -> Q:
    """The same as a condition; of the one area that most look after, an index knows the order."""
    ids = [row["area_id"] for row in areas_of(user, today)]
    return Q(area_id=ids[0]) if len(ids) == 1 else Q(area_id__in=ids)


TABS: dict[str, tuple[str | Promise, Narrowed]] = {
    "open": (_("All open"), lambda rows, user, today: rows.open()),
    "first": (_("Read first"), lambda rows, user, today: rows.calls_for_help()),
    "mine": (_("Mine"), lambda rows, user, today: rows.open().owned_by(user)),
    "areas": (
        _("My areas"),
        lambda rows, user, today: rows.open().filter(_in_areas_of(user, today)),
    ),
    "unowned": (_("With nobody"), lambda rows, user, today: rows.open().unowned()),
    "waiting": (_("Waiting"), lambda rows, user, today: rows.filter(state=State.WAITING)),
    "late": (_("Late"), lambda rows, user, today: rows.overdue(today)),
    "moved": (_("Changed hands"), lambda rows, user, today: rows.changed_hands(today)),
    "done": (_("Done"), lambda rows, user, today: rows.done()),
}


# Where reports that call for help stand above the others until somebody accepts them.
FIRST_ON = ("open", "mine", "areas", "unowned", "late")

# All that a row prints, of four tables: their other columns are many, and long.
SHOWN = (
    *("agency", "staff_reference", "place_text", "state", "received_on", "danger"),
    *("acknowledge_by", "resolve_by", "category__label", "area__name", "owner__name"),
)


class Day:
    """A day in words of the active language, each found when a page first prints it."""

    def __init__(self, day: date) -> None:
        self._day = day

    @cached_property
    def iso(self) -> str:
        return self._day.isoformat()

    @cached_property
    def short(self) -> str:
        return format_day(self._day, pgettext("form of a date", "M j"))

    @cached_property
    def full(self) -> str:
        return format_day(self._day, pgettext("form of a date", "M j, Y"))

    @cached_property
    def weekday(self) -> str:
        return format_day(self._day, pgettext("form of a date", "D, M j"))


@dataclass(frozen=True)
class Rows:
    """What the rows of one page share: words and days are looked up once, not for each row."""

    today: date
    states: dict[State, str]
    case_url: str
    days: dict[date, Day] = field(default_factory=dict)

    def day(self, day: date) -> Day:
        return self.days.setdefault(day, Day(day))


@dataclass(frozen=True)
class Row:
    """A line of the queue, ready to print: no look-up is left to the template."""

    reference: str
    url: str
    category: str
    place: str
    state: str
    state_label: str
    received: Day
    due: Day | None
    is_late: bool
    owner: str
    has_answer: bool
    danger: str


def rows_for(concerns: list[Concern], today: date) -> list[Row]:
    """Turn concerns of `with_what_a_row_shows` into printable rows."""
    states = {state: str(label) for state, label in STATE_LABELS.items()}
    shared = Rows(today, states, reverse("desk_concern", args=[REFERENCE]))
    return [_row(concern, shared) for concern in concerns]


def with_what_a_row_shows(concerns: ConcernQuerySet) -> ConcernQuerySet:
    newest = Reply.objects.filter(concern=OuterRef("pk")).order_by("-id")
    shown = concerns.select_related("category", "area", "owner").only(*SHOWN)
    return shown.annotate(last_direction=Subquery(newest.values("direction")[:1]))


@staff_page(READ)
@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    agency, today = request.agency, request.agency.day_of(timezone.now())
    show = request.GET.get("show", "open")
    if show not in TABS:
        show = "open"
    filters = QueueFilterForm(request.GET, agency=agency)
    concerns = Concern.objects.visible_to(request.user).filter(agency=agency).not_held()
    concerns = TABS[show][1](concerns, request.user, today)
    if filters.is_valid():
        chosen = {f"{name}_id": value for name, value in filters.cleaned_data.items() if value}
        concerns = concerns.filter(**chosen)
    first: list[Concern] = []
    stands_first, others = concerns.calls_for_help(), concerns.calls_for_no_help()
    # A report that calls for help is on no page but the top one, so no cursor stands on it.
    shown = others if show in FIRST_ON else concerns
    page = keyset_page(with_what_a_row_shows(shown), size=PAGE_SIZE, cursor=request.GET.get("at"))
    if show in FIRST_ON and page.newer is None:
        first = list(with_what_a_row_shows(stands_first).newest_first()[: MOST_FIRST + 1])
    context = {
        "tabs": _tabs(show),
        "show": show,
        "filters": filters,
        "rows": rows_for([*first[:MOST_FIRST], *page.rows], today),
        "has_more_first": len(first) > MOST_FIRST,
        "newer_url": _page_url(request, page.newer),
        "older_url": _page_url(request, page.older),
        "may_judge_spam": allowed(request.user, SPAM, agency_id=agency.pk),
    }
    return render(request, "concerns/desk/queue.html", context)


def _tabs(show: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": f"{reverse('desk_concerns')}?{urlencode({'show': name})}",
            "is_current": name == show,
        }
        for name, (label, _narrow) in TABS.items()
    ]


def _page_url(request: StaffRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept = {name: value for name, value in request.GET.items() if name != "at" and value}
    return f"{reverse('desk_concerns')}?{urlencode({**kept, 'at': cursor})}"


def due_on(concern: Concern) -> date | None:
    """The next day this concern asks for something; none while it waits or is done."""
    if concern.state == State.RECEIVED:
        return concern.acknowledge_by or concern.resolve_by
    return concern.resolve_by if concern.is_open and concern.state != State.WAITING else None


def _row(concern: Concern, shared: Rows) -> Row:
    due = due_on(concern)
    return Row(
        reference=concern.staff_reference,
        url=shared.case_url.replace(REFERENCE, concern.staff_reference),
        category=str(concern.category),
        place=", ".join(
            part for part in (concern.place_text, concern.area and concern.area.name) if part
        ),
        state=concern.state,
        state_label=shared.states[State(concern.state)],
        received=shared.day(concern.received_on),
        due=None if due is None else shared.day(due),
        is_late=due is not None and due < shared.today,
        owner=str(concern.owner or ""),
        has_answer=concern.is_open
        and getattr(concern, "last_direction", "") == Direction.FROM_REPORTER,
        danger=str(line_label(concern.danger)),
    )
