"""What staff and reporter wrote to each other, for either page."""

from concerns.models import Concern, Reply


def thread_of(concern: Concern, *, with_writers: bool = False) -> list[Reply]:
    """Oldest first, each with its `in_language` (None for most); one query."""
    rows = concern.replies.select_related("spoken")
    thread = list((rows.select_related("by_user") if with_writers else rows).order_by("id"))
    for each in thread:
        each.in_language = getattr(each, "spoken", None)  # type: ignore[attr-defined]
    return thread
