"""Orders of the queue, each walked by an index, and the two neighbours of a case in one of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Q, Value
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from concerns.desk_search import Wanted
from concerns.models import Concern
from concerns.querysets import ConcernQuerySet


@dataclass(frozen=True)
class Sort:
    """`order` names columns of one direction, the last unique. Only some orders are kept for
    what is done as well: the others say what to do next, and done work has no next."""

    label: str | Promise
    order: tuple[str, ...]
    has_history: bool = False


SORTS: dict[str, Sort] = {
    "newest": Sort(
        pgettext_lazy("order", "Newest first"), ("-received_on", "-id"), has_history=True
    ),
    "oldest": Sort(pgettext_lazy("order", "Oldest first"), ("received_on", "id"), has_history=True),
    "deadline": Sort(pgettext_lazy("order", "Next deadline first"), ("due_by", "id")),
    "priority": Sort(
        pgettext_lazy("order", "Most urgent first"), ("-urgency", "-received_on", "-id")
    ),
    "message": Sort(pgettext_lazy("order", "Last message first"), ("-last_message", "-id")),
}
NEWEST = "newest"


def sort_for(wanted: Wanted, asked: str) -> str:
    """Return the asked order where it is kept for these rows, else newest first."""
    found = SORTS.get(asked)
    return asked if found and (found.has_history or wanted.is_open_work) else NEWEST


def sorts_for(wanted: Wanted) -> list[str]:
    return [name for name, sort in SORTS.items() if sort.has_history or wanted.is_open_work]


@dataclass(frozen=True)
class Neighbours:
    """Staff references of the cases before and after, or None at the ends."""

    before: str | None
    after: str | None


def neighbours_of(concern: Concern, rows: ConcernQuerySet, sort: str) -> Neighbours:
    """Return what stands beside the concern among rows that this person may read and wants.

    One statement that reads two rows, however many there are. The concern need not be among the
    rows any more: it may have been accepted meanwhile, and still stood at its place.
    """
    found: dict[str, str] = dict(both_sides(concern, rows, sort))
    return Neighbours(found.get("before"), found.get("after"))


def both_sides(concern: Concern, rows: ConcernQuerySet, sort: str) -> Any:
    """The one statement of `neighbours_of`: pairs of "before" or "after" and a reference."""
    order = SORTS[sort].order
    turned = [name[1:] if name.startswith("-") else f"-{name}" for name in order]
    after = rows.filter(_beyond(concern, order)).order_by(*order)
    before = rows.filter(_beyond(concern, turned)).order_by(*turned)
    return _one(before, "before").union(_one(after, "after"), all=True).order_by("side")


def _one(rows: ConcernQuerySet, side: str) -> Any:
    marked = rows.annotate(side=Value(side, output_field=CharField()))
    return marked.values_list("side", "staff_reference")[:1]


def _beyond(concern: Concern, order: tuple[str, ...] | list[str]) -> Q:
    """Further on than this concern: a < x or (a = x and b < y), and a <= x for the index."""
    fields = [name.lstrip("-") for name in order]
    verb = "lt" if order[0].startswith("-") else "gt"
    beyond, same = Q(), Q()
    for field in fields:
        value = getattr(concern, field)
        beyond |= same & Q(**{f"{field}__{verb}": value})
        same &= Q(**{field: value})
    return Q(**{f"{fields[0]}__{verb}e": getattr(concern, fields[0])}) & beyond
