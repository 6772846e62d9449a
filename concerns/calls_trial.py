"""What a file of calls would fill and suggest, by columns that are not saved yet. Nothing is kept
of it, neither of the file nor of what was found."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO

from concerns.calls_file import BadRow, Call
from concerns.calls_fitting import Case, by_street, fitting, open_cases
from concerns.calls_rows import NoSuchColumn, rows_of
from concerns.models import CallMapping, OutsideNumber
from concerns.querysets import ConcernQuerySet

# A trial looks at the beginning of a file, and at the newest cases, while somebody waits.
MOST_ROWS = 1_000
MOST_CASES = 2_000
CASES_OF = timedelta(days=45)
SHOWN_AS_READ = 5
SHOWN_FITTING = 40
SHOWN_BAD = 10
MOST_HEADINGS = 60
LONGEST_HEADING = 80


@dataclass(frozen=True)
class Row:
    """One row as it is read, with the staff references of the cases it has to do with."""

    line: int
    call: Call
    filled: Sequence[str] = ()
    suggested: Sequence[str] = ()


@dataclass
class Trial:
    """`trouble` is "", "encoding", "shape", "columns" or "unnamed"; then nothing else counts but
    `missing` and `headings`. `bad` names lines with the code of what is wrong; `reasons`
    counts all of them."""

    looked: int = 0
    fits: int = 0
    is_cut: bool = False
    trouble: str = ""
    missing: Sequence[str] = ()
    headings: Sequence[str] = ()
    read: list[Row] = field(default_factory=list)
    fitting: list[Row] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    may_show_cases: bool = True
    cases: set[str] = field(default_factory=set)


def try_calls(
    content: bytes, mapping: CallMapping, *, readable: ConcernQuerySet | None, today: date
) -> Trial:
    """Read the first thousand rows as `mapping`, saved or not, says; two queries.

    `readable` are the cases that may be shown to whoever tries it; None shows none.
    """
    found = Trial()
    try:
        with StringIO(content.decode(mapping.encoding), newline="") as stream:
            calls = _read(stream, mapping, found, today)
    except UnicodeDecodeError:
        return Trial(trouble="encoding")
    except csv.Error:
        return Trial(trouble="shape")
    except NoSuchColumn as wrong:
        return Trial(trouble="columns", missing=wrong.missing, headings=_shown(wrong.headings))
    if readable is not None:
        _compare(calls, mapping, readable, found, today)
    return found


def headings_in(content: bytes, *, delimiter: str, encoding: str) -> Trial:
    """What can be said while the columns are not named yet: how the file calls them."""
    first = content.splitlines()[:1]
    try:
        cells = next(csv.reader([first[0].decode(encoding)], delimiter=delimiter)) if first else []
    except UnicodeDecodeError:
        return Trial(trouble="encoding")
    except csv.Error:
        return Trial(trouble="shape")
    return Trial(trouble="unnamed", headings=_shown(cells))


def _shown(headings: Sequence[str]) -> list[str]:
    cut = [name.strip()[:LONGEST_HEADING] for name in headings[:MOST_HEADINGS]]
    return [name for name in cut if name]


def _read(
    stream: StringIO, mapping: CallMapping, found: Trial, today: date
) -> list[tuple[int, Call]]:
    calls: list[tuple[int, Call]] = []
    seen: set[str] = set()
    for line, row in rows_of(stream, mapping, today=today):
        if found.looked == MOST_ROWS:
            found.is_cut = True
            break
        found.looked += 1
        if isinstance(row, BadRow):
            _note_bad(found, line, row.column)
        elif row.number in seen:
            _note_bad(found, line, "twice")
        else:
            seen.add(row.number)
            calls.append((line, row))
    found.read = [Row(line, call) for line, call in calls[:SHOWN_AS_READ]]
    return calls


def _note_bad(found: Trial, line: int, reason: str) -> None:
    found.reasons[reason] += 1
    if len(found.bad) < SHOWN_BAD:
        found.bad.append((line, reason))


def _compare(
    calls: Sequence[tuple[int, Call]],
    mapping: CallMapping,
    readable: ConcernQuerySet,
    found: Trial,
    today: date,
) -> None:
    numbered = _numbered([call for _line, call in calls], mapping, readable)
    cases = open_cases(
        mapping.agency,
        system=mapping.system,
        since=today - CASES_OF,
        among=readable,
        most=MOST_CASES,
    )
    streets = by_street(cases)
    for line, call in calls:
        filled = numbered.get(call.number, [])
        suggested = _references(call, streets, mapping)
        if not filled and not suggested:
            continue
        found.fits += 1
        found.cases.update(filled, suggested)
        if len(found.fitting) < SHOWN_FITTING:
            found.fitting.append(Row(line, call, filled, suggested))


def _numbered(
    calls: Sequence[Call], mapping: CallMapping, readable: ConcernQuerySet
) -> dict[str, list[str]]:
    """Staff references of the cases on which each number stands already."""
    rows = OutsideNumber.objects.filter(
        agency=mapping.agency,
        system=mapping.system,
        number__in=[call.number for call in calls],
        concern__in=readable.values("pk"),
    ).order_by("id")
    found: dict[str, list[str]] = {}
    for number, reference in rows.values_list("number", "concern__staff_reference"):
        found.setdefault(number, []).append(reference)
    return found


def _references(
    call: Call, streets: Mapping[str, Sequence[Case]], mapping: CallMapping
) -> list[str]:
    return [case.reference for case in fitting(call, streets, mapping.pairs)]
