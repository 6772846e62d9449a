"""A few concerns in a list, ready to print: for pages that show some of the queue."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.dateformat import format as format_day
from django.utils.translation import pgettext

from concerns.models import Concern, Reply
from concerns.models.casework import Direction
from concerns.models.phrases import line_label
from concerns.querysets import ConcernQuerySet
from concerns.workflow import STATE_LABELS, State

# Stands in an address for the reference of a row.
REFERENCE = "REFERENCE"

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
