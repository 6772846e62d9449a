"""Clockwork of what is published."""

from celery import shared_task

from concerns.published.counting import MOST_CHANGES, fold


@shared_task(name="published.fold_map", acks_late=True, ignore_result=True)
def fold_map(**_ignored: object) -> None:
    """Add what was published and taken down to the counters of the map."""
    while fold() == MOST_CHANGES:
        pass
