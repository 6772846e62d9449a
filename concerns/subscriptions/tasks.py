"""Clockwork of subscriptions."""

from celery import shared_task
from django.utils import timezone

from concerns.subscriptions import actions, planning


@shared_task(name="subscriptions.tell", acks_late=True, ignore_result=True)
def tell(**_ignored: object) -> None:
    """Plan the mails of every hour, day and week that is over."""
    planning.plan_due(now=timezone.now())


@shared_task(name="subscriptions.forget", acks_late=True, ignore_result=True)
def forget(**_ignored: object) -> None:
    """Destroy addresses of those who never confirmed or ended long ago, and old news."""
    while actions.forget(now=timezone.now()) == actions.BATCH:
        pass
