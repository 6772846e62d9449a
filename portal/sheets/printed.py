"""Sheets in words: the same tables for the page, the PDF and the mail."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from meetings.moments import moment_words
from portal.sheets.beat import BeatSheet
from portal.sheets.lines import CaseLine
from portal.sheets.week import AreaWeek, Week


@dataclass(frozen=True)
class Table:
    """One part of a sheet. `widths` are shares of the page's width, one for each column."""

    heading: str
    head: list[str]
    widths: list[int]
    rows: list[list[str]]
    empty: str
    more: str = ""

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row's cells with the head of their column."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Printed:
    title: str
    lead: str
    footer: str
    parts: list[Table] = field(default_factory=list)


def printed_beat(sheet: BeatSheet) -> Printed:
    headings = {
        "first": _("Read first: words that call for help"),
        "answer": _("Waiting for our answer"),
        "due": _("Late or due today"),
        "new": _("New since yesterday"),
    }
    parts = [
        Table(
            heading=headings[part.code],
            head=[_("Reference"), _("About"), _("Place"), _("State"), _("Due"), _("With")],
            widths=[5, 8, 9, 4, 4, 6],
            rows=[_case_cells(line) for line in part.lines],
            empty=_("None."),
            more=_("There are more: see the desk.") if part.has_more else "",
        )
        for part in sheet.parts
    ]
    parts.append(
        Table(
            heading=_("Meetings of this shift"),
            head=[_("When"), _("What"), _("Where")],
            widths=[4, 4, 4],
            rows=[[line.when, line.title, line.where] for line in sheet.meetings],
            empty=_("None."),
        )
    )
    return Printed(
        title=_("Beat sheet: %(area)s") % {"area": sheet.area.name},
        lead=f"{sheet.agency.name}, {moment_words(sheet.at, sheet.agency.zone)}",
        footer=_("Without names and words of residents. Private cases are at the desk only."),
        parts=parts,
    )


def printed_week(week: Week) -> Printed:
    return Printed(
        title=_("The week from %(first)s to %(last)s")
        % {"first": _day(week.from_on), "last": _day(week.until_on)},
        lead=f"{week.agency.name}, {moment_words(week.at, week.agency.zone)}",
        footer=_("Exact figures for staff; the public ones are released apart."),
        parts=[_numbers(week), _standing(week), _late(week), _repeats(week)],
    )


def as_data(printed: Printed) -> dict[str, Any]:
    """Return the same as JSON types, for the layout of the PDF."""
    return {**vars(printed), "parts": [vars(part) for part in printed.parts]}


def week_rows(week: Week) -> tuple[list[str], list[list[str | int]]]:
    """Head and rows of the file: the agency first, then each area."""
    head = [_("Area")]
    for period in (_("this week"), _("week before"), _("a year before")):
        head += [f"{name}, {period}" for name in _number_names()]
    head += _standing_names()
    return head, [
        [
            area.name or week.agency.name,
            *(
                number
                for numbers in (area.this, area.before, area.a_year_ago)
                for number in vars(numbers).values()
            ),
            *vars(area.now).values(),
        ]
        for area in (week.whole, *week.areas)
    ]


def _numbers(week: Week) -> Table:
    return Table(
        heading=_("What came and what was done (the week before, a year before)"),
        head=[_("Area"), *_number_names()],
        widths=[6, 4, 4, 4, 4, 4],
        rows=[_compared(area, week) for area in (week.whole, *week.areas)],
        empty=_("Nothing."),
    )


def _compared(area: AreaWeek, week: Week) -> list[str]:
    three = (area.this, area.before, area.a_year_ago)
    columns = zip(*(vars(numbers).values() for numbers in three), strict=True)
    return [
        area.name or week.agency.name,
        *(f"{now} ({before}, {past})" for now, before, past in columns),
    ]


def _standing(week: Week) -> Table:
    return Table(
        heading=_("How open work stands now"),
        head=[_("Area"), *_standing_names()],
        widths=[6, 3, 3, 4, 4, 4, 4],
        rows=[
            [area.name or week.agency.name, *(str(number) for number in vars(area.now).values())]
            for area in (week.whole, *week.areas)
        ],
        empty=_("Nothing."),
    )


def _late(week: Week) -> Table:
    return Table(
        heading=_("The latest of what is late, and why"),
        head=[_("Reference"), _("About"), _("Place"), _("Due"), _("With"), _("Why")],
        widths=[5, 6, 6, 4, 5, 8],
        rows=[
            [
                line.case.reference,
                line.case.category,
                line.case.place,
                _day(line.case.due_on),
                line.case.owner or _("nobody"),
                line.reason or _("no reason told"),
            ]
            for line in week.late
        ],
        empty=_("Nothing is late."),
    )


def _repeats(week: Week) -> Table:
    return Table(
        heading=_("Places with three reports or more in four weeks"),
        head=[_("Place"), _("Area"), _("Reports"), _("About")],
        widths=[6, 5, 2, 10],
        rows=[[one.where, one.area, str(one.number), one.kinds] for one in week.repeats],
        empty=_("None."),
    )


def _case_cells(line: CaseLine) -> list[str]:
    due = _day(line.due_on)
    return [
        line.reference,
        line.category,
        line.place,
        line.state,
        _("%(day)s, late") % {"day": due} if line.is_late else due,
        line.owner or _("nobody"),
    ]


def _number_names() -> list[str]:
    return [_("Came in"), _("First answer"), _("In time"), _("Resolved"), _("Opened again")]


def _standing_names() -> list[str]:
    return [
        _("Open"),
        _("Late"),
        _("Late, no reason told"),
        _("With nobody"),
        _("Waiting for a partner"),
        _("Waiting for our answer"),
    ]


def _day(day: Any) -> str:
    return formats.date_format(day, pgettext("form of a date", "M j")) if day else ""
