"""Clockwork of meetings."""

from celery import shared_task
from django.utils import timezone

from meetings.actions.sweeps import forget_answers


@shared_task(name="meetings.forget", acks_late=True, ignore_result=True)
def forget(**_ignored: object) -> None:
    """Destroy who came to meetings that are long over."""
    forget_answers(now=timezone.now())
