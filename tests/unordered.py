"""Make a query without an order fail where its rows are read.

PostgreSQL gives such rows in any order it likes, so a page or a test that happens to look right
today may not tomorrow. Django's own reads (deleting, prefetching) do not depend on order.
"""

import sys
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

ROOT = Path(__file__).resolve().parents[1]
OURS = tuple(f"{ROOT / package}/" for package in ("portal", "engagement", "concerns", "meetings"))
INDIFFERENT = (
    "models/deletion.py",
    "contrib/postgres",
    "fields/related_descriptors.py",
    "migrations/recorder.py",
    "core/management/sql.py",
)
fetch_all = QuerySet._fetch_all  # type: ignore[attr-defined]


def watch() -> None:
    """Watch every query set from now on."""
    QuerySet._fetch_all = _fetch_all_in_order  # type: ignore[attr-defined]


def _fetch_all_in_order(queryset: "QuerySet[Any]") -> None:
    is_first_read = queryset._result_cache is None  # type: ignore[attr-defined]
    fetch_all(queryset)
    rows = queryset._result_cache or []  # type: ignore[attr-defined]
    if is_first_read and len(rows) > 1 and not queryset.ordered:
        reader = _our_reader()
        if reader:
            name = queryset.model.__name__
            raise AssertionError(f"rows of {name} are read without an order at {reader}")


def _our_reader() -> str | None:
    """The nearest frame that is ours, unless Django reads for purposes of its own."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.endswith(INDIFFERENT) or frame.f_code.co_name == "prefetch_related_objects":
            return None
        if name.startswith(OURS):
            return f"{Path(name).relative_to(ROOT)}:{frame.f_lineno}"
        if name.startswith(str(ROOT / "tests")):
            return None
        frame = frame.f_back  # type: ignore[assignment]
    return None
