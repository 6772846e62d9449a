"""One short list of a case page: which rows, which of their columns, and what is made of each.

All of them are read in one question to the database, by `case_lists`. A new part of the page adds
its list to `PARTS` there; its template finds it as `lists.<name>`.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject


def as_it_is(row: dict[str, Any]) -> Any:
    return row


def moment(written: str) -> datetime:
    """PostgreSQL writes moments into JSON as ISO 8601."""
    return datetime.fromisoformat(written)


@dataclass(frozen=True)
class ShortList:
    """`rows` gives the rows of the concern that is OuterRef("pk"); `columns` names what is wanted
    of each, as paths or expressions. `line` makes what the template shows of such a row; moments
    and days come as ISO 8601 text. Rows come in the order of `order`, `most` of them at the most.
    """

    name: str
    rows: Callable[[], QuerySet[Any]]
    columns: Mapping[str, Any]
    line: Callable[[dict[str, Any]], Any] = as_it_is
    order: tuple[Any, ...] = ("id",)
    most: int | None = None

    @property
    def key(self) -> str:
        """A name that no column of the concern has."""
        return f"its_{self.name}"

    def subquery(self) -> ArraySubquery:
        rows = self.rows().order_by(*self.order).values(row=JSONObject(**self.columns))
        return ArraySubquery(rows if self.most is None else rows[: self.most])


@dataclass(frozen=True)
class Bundle:
    """Lists that more than the concern decides: those that `make` makes of `key`.

    The question is composed once for each key; so `make` looks at nothing else. What differs from
    case to case and from day to day stands in them as `Given`.
    """

    make: Callable[[Any], tuple[ShortList, ...]]
    key: Hashable = None
