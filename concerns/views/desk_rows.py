"""A few concerns in a list, ready to print: for pages that show some of the queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.dateformat import format as format_day
from django.utils.translation import pgettext

from concerns.models import Concern, Reply
from concerns.models.casework import Direction
from concerns.models.phrases import line_label
from concerns.querysets import ConcernQuerySet
from concerns.workflow import STATE_LABELS, State, is_open

# Stands in an address for the reference of a row.
REFERENCE = "REFERENCE"

# All that a row prints, of four tables, and what decides where it stands.
SHOWN = (
    *("id", "staff_reference", "place_text", "state", "received_on", "danger"),
    *("acknowledge_by", "resolve_by", "category__label", "area__name", "owner__name"),
    *("area_id", "owner_id", "due_by"),
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


def rows_for(concerns: Iterable[Mapping[str, Any]], today: date) -> list[Row]:
    """Turn rows of `with_what_a_row_shows` into printable ones."""
    states = {state: str(label) for state, label in STATE_LABELS.items()}
    shared = Rows(today, states, reverse("desk_concern", args=[REFERENCE]))
    return [_row(concern, shared) for concern in concerns]


def with_what_a_row_shows(concerns: ConcernQuerySet) -> Any:
    """Narrow to the columns that rows print; each concern becomes a dictionary."""
    newest = Reply.objects.filter(concern=OuterRef("pk")).order_by("-id")
    return concerns.values(*SHOWN, last_direction=Subquery(newest.values("direction")[:1]))


def due_on(concern: Concern) -> date | None:
    """The next day this concern asks for something; none while it waits or is done."""
    return _due(concern.state, concern.acknowledge_by, concern.resolve_by)


def _due(state: str, acknowledge_by: date | None, resolve_by: date | None) -> date | None:
    if state == State.RECEIVED:
        return acknowledge_by or resolve_by
    return resolve_by if is_open(state) and state != State.WAITING else None


def _row(concern: Mapping[str, Any], shared: Rows) -> Row:
    state, reference = concern["state"], concern["staff_reference"]
    due = _due(state, concern["acknowledge_by"], concern["resolve_by"])
    is_from_reporter = concern["last_direction"] == Direction.FROM_REPORTER
    return Row(
        reference=reference,
        url=shared.case_url.replace(REFERENCE, reference),
        category=str(concern["category__label"]),
        place=", ".join(part for part in (concern["place_text"], concern["area__name"]) if part),
        state=state,
        state_label=shared.states[State(state)],
        received=shared.day(concern["received_on"]),
        due=None if due is None else shared.day(due),
        is_late=due is not None and due < shared.today,
        owner=concern["owner__name"] or "",
        has_answer=is_open(state) and is_from_reporter,
        danger=str(line_label(concern["danger"])),
    )
