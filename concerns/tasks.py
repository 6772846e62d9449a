"""Clockwork of concerns."""

from celery import shared_task
from django.utils import timezone

from concerns.actions.boundaries import follow_everywhere
from concerns.actions.sweeps import close_undisputed, forget_forms, forget_links


@shared_task(name="concerns.lapse", acks_late=True, ignore_result=True)
def lapse(**_ignored: object) -> None:
    """Close what stayed resolved, forget forms sent more than a day ago and links long ended."""
    now = timezone.now()
    close_undisputed(now=now)
    forget_forms(now=now)
    forget_links(now=now)


@shared_task(name="concerns.follow_boundaries", acks_late=True, ignore_result=True)
def follow_boundaries(**_ignored: object) -> None:
    """Bring open concerns into the areas of a newly imported map."""
    follow_everywhere(now=timezone.now())
