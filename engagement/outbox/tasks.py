"""Deliver what is due. Beat calls it every 15 seconds, the bell whenever something was queued."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from engagement.outbox.actions.delivery import sweep
from engagement.outbox.bell import TASK


@shared_task(name=TASK, acks_late=True, ignore_result=True, soft_time_limit=180, time_limit=210)
def deliver_due(**_extras: Any) -> None:
    sweep(now=timezone.now())
