"""What hangs together with a case, for its page: joined, split, linked, and similar near by.

Each list starts from what this member of staff may read; all of them are read in the one question
of the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from concerns.models import Concern, Merge, Part, SeeAlso
from concerns.nearness import MOST, similar, sought_around
from concerns.querysets import ConcernQuerySet, Sight, sight_of
from concerns.views.short_lists import Bundle, ShortList, moment
from concerns.workflow import STATE_LABELS, State, is_open
from engagement.people.models import User
from engagement.places.wording import Wording, as_wording

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Kin:
    """One other case: what it is, how it stands, since when it hangs together with this one."""

    id: int
    reference: str
    label: Wording
    state: str
    state_words: "StrOrPromise"
    on: date | None = None
    why: str = ""
    waits: bool = False
    dissented: bool = False
    metres: int | None = None

    @property
    def is_open(self) -> bool:
        return is_open(self.state)


@dataclass(frozen=True)
class Reader:
    """All that decides which cases a list may hold; `has_point`: whether near ones are sought."""

    sight: Sight
    agency_id: int
    has_point: bool


def family_of(user: User, concern: Concern, *, today: date) -> tuple[Bundle, dict[str, Any]]:
    """Return six lists (`joined_into`, `joined_here`, `whole`, `parts`, `see_also`, `similar`)
    and what they are to be given. No query but that of the rights."""
    given = sought_around(concern, today=today)
    reader = Reader(sight_of(user), concern.agency_id, given is not None)
    return Bundle(_lists, reader), given or {}


def _lists(reader: Reader) -> tuple[ShortList, ...]:
    seen: ConcernQuerySet = Concern.objects.within(reader.sight).filter(agency_id=reader.agency_id)

    def readable(rows: QuerySet[Any], *paths: str) -> QuerySet[Any]:
        for path in paths:
            rows = rows.filter(Exists(seen.filter(pk=OuterRef(path))))
        return rows

    standing = Merge.objects.filter(undone_at__isnull=True)
    here = OuterRef("pk")
    ends = SeeAlso.objects.filter(Q(low=here) | Q(high=here))
    return (
        _kin(
            "joined_into", lambda: readable(standing.filter(concern=here), "survivor"), "survivor"
        ),
        _kin("joined_here", lambda: readable(standing.filter(survivor=here), "concern"), "concern"),
        _kin("whole", lambda: readable(Part.objects.filter(concern=here), "of"), "of"),
        _kin("parts", lambda: readable(Part.objects.filter(of=here), "concern"), "concern"),
        ShortList(
            "see_also",
            lambda: readable(ends, "low", "high"),
            {
                "why": "reason",
                "on": "on",
                "low": _columns("low"),
                "high": _columns("high"),
                "here": here,
            },
            _other_end,
        ),
        ShortList(
            "similar",
            lambda: similar(seen) if reader.has_point else similar(seen).none(),
            {
                **_plain(""),
                "on": "received_on",
                **({"metres": "metres"} if reader.has_point else {}),
            },
            _line,
            order=("metres", "-id"),
            most=MOST,
        ),
    )


def _kin(name: str, rows: Callable[[], QuerySet[Any]], path: str) -> ShortList:
    columns = {**_plain(f"{path}__"), "at": "at"}
    if name.startswith("joined"):
        columns |= {
            "why": "reason",
            "dissented": "dissented_on",
            "waits": f"{path}__unanswered_since",
        }
    return ShortList(name, rows, columns, _line)


def _plain(path: str) -> dict[str, Any]:
    return {
        "id": F(f"{path}id"),
        "reference": f"{path}staff_reference",
        "label": f"{path}category__label",
        "state": f"{path}state",
    }


def _columns(path: str) -> Any:
    return JSONObject(**_plain(f"{path}__"))


def _line(row: dict[str, Any]) -> Kin:
    metres, at = row.get("metres"), row.get("at")
    on = row.get("on") or (at and moment(at).date().isoformat())
    return Kin(
        id=row["id"],
        reference=row["reference"],
        label=as_wording(row["label"]),
        state=row["state"],
        state_words=STATE_LABELS[State(row["state"])],
        on=date.fromisoformat(on) if on else None,
        why=row.get("why") or "",
        waits=bool(row.get("waits")),
        dissented=bool(row.get("dissented")),
        metres=None if metres is None else round(metres),
    )


def _other_end(row: dict[str, Any]) -> Kin:
    other = row["high"] if row["low"]["id"] == row["here"] else row["low"]
    return _line({**other, "why": row["why"], "on": row["on"]})
