"""Clockwork of people."""

from celery import shared_task
from django.utils import timezone

from engagement.people.departures import follow_departures


@shared_task(name="people.follow_departures", acks_late=True, ignore_result=True)
def depart(**_ignored: object) -> None:
    """Hand on the work of people whose roles ended."""
    follow_departures(now=timezone.now())
