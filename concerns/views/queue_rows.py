"""Rows of the queue, ready to print: read as plain values, and each printed once.

A queue is looked at again and again, and most of its rows stay as they are, so a printed row is
kept in memory under all that it shows; a row that differs in anything is printed anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from concerns import spoken
from concerns.desk_columns import COLUMNS
from concerns.models.concern import NEVER, Channel, Priority
from concerns.models.phrases import line_label
from concerns.querysets import ConcernQuerySet
from concerns.views.desk_rows import REFERENCE, Day
from concerns.workflow import STATE_LABELS, State, is_open

PRINTED = 4096
VALUES = (
    *("id", "staff_reference", "category_id", "category__label", "place_text", "area__name"),
    *("state", "priority", "received_on", "due_by", "owner__name", "danger", "unanswered_since"),
    *("channel", "language", "urgency", "last_message"),
)


@dataclass(frozen=True)
class Look:
    """How every row of one page looks. `case_url` has REFERENCE in the place of a reference."""

    columns: tuple[str, ...]
    case_url: str
    language: str
    has_map: bool
    has_ticks: bool


@dataclass(frozen=True)
class Line:
    """All that one row shows; equal lines look the same."""

    reference: str
    category: str
    place: str
    area: str
    state: str
    priority: str
    received_on: date
    due_by: date | None
    is_late: bool
    owner: str
    team: str
    channel: str
    spoken: str
    danger: str
    unanswered_since: date | None
    lon: float | None
    lat: float | None


@dataclass
class Names:
    """Words that rows of one page share, each looked up once."""

    categories: dict[int, str] = field(default_factory=dict)

    def category(self, row: dict[str, Any]) -> str:
        number = row["category_id"]
        if number not in self.categories:
            self.categories[number] = str(row["category__label"])
        return self.categories[number]


def row_values(rows: ConcernQuerySet, look: Look) -> Any:
    """Narrow to the columns that rows print; each becomes a dictionary."""
    more = (("team__name",) if "team" in look.columns else ()) + (
        ("lon", "lat") if look.has_map else ()
    )
    return rows.values(*VALUES, *more)


def look_of(columns: tuple[str, ...], *, query: str, has_map: bool, has_ticks: bool) -> Look:
    """`query` leads from a case back to the same queue; it holds no words."""
    case_url = f"{reverse('desk_concern', args=[REFERENCE])}?{query}"
    return Look(columns, case_url, get_language() or "en", has_map, has_ticks)


def printed(rows: list[dict[str, Any]], look: Look, today: date) -> SafeString:
    """Print rows of `row_values` in their order; empty without any."""
    names = Names()
    return SafeString("".join(_printed(_line(row, names, today), look) for row in rows))


def _line(row: dict[str, Any], names: Names, today: date) -> Line:
    due = None if row["due_by"] == NEVER else row["due_by"]
    return Line(
        reference=row["staff_reference"],
        category=names.category(row),
        place=row["place_text"],
        area=row["area__name"] or "",
        state=row["state"],
        priority=row["priority"],
        received_on=row["received_on"],
        due_by=due,
        is_late=due is not None and due < today,
        owner=row["owner__name"] or "",
        team=row.get("team__name") or "",
        channel=row["channel"],
        spoken=row["language"],
        danger=row["danger"],
        unanswered_since=row["unanswered_since"] if is_open(row["state"]) else None,
        lon=row.get("lon"),
        lat=row.get("lat"),
    )


@lru_cache(maxsize=PRINTED)
def _printed(line: Line, look: Look) -> SafeString:
    return render_to_string("concerns/desk/queue_row.html", _context(line, look))


def _context(line: Line, look: Look) -> dict[str, Any]:
    has_area_column = "area" in look.columns
    place = (line.place,) if has_area_column else (line.place, line.area)
    return {
        "line": line,
        "url": look.case_url.replace(REFERENCE, line.reference),
        "has_ticks": look.has_ticks,
        "has_point": look.has_map and line.lon is not None,
        "danger": line_label(line.danger),
        "state_label": STATE_LABELS[State(line.state)],
        "cells": [
            {"name": name, "label": COLUMNS[name], "words": CELLS[name](line)}
            for name in look.columns
        ],
        "place": ", ".join(part for part in place if part),
        "received": Day(line.received_on),
        "due": Day(line.due_by) if line.due_by else None,
        "since": Day(line.unanswered_since) if line.unanswered_since else None,
    }


def _priority(line: Line) -> str:
    is_usual = line.priority == Priority.NORMAL
    return "" if is_usual else str(Priority(line.priority).label)


# What stands in a cell, where that is plain words; the template knows the other cells.
CELLS: dict[str, Callable[[Line], str]] = {
    **dict.fromkeys(COLUMNS, lambda line: ""),
    "about": lambda line: line.category,
    "area": lambda line: line.area,
    "priority": _priority,
    "owner": lambda line: line.owner,
    "team": lambda line: line.team,
    "channel": lambda line: str(Channel(line.channel).label),
    "language": lambda line: spoken.name_of(line.spoken),
}
