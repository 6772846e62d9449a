from typing import Any

from celery import shared_task
from django.utils import timezone

from engagement.audit import actions


@shared_task(name="audit.seal", ignore_result=True, acks_late=True, time_limit=240)
def seal(**_: Any) -> None:
    actions.seal(timezone.now())


@shared_task(name="audit.anchor", ignore_result=True, acks_late=True, time_limit=240)
def anchor(**_: Any) -> None:
    now = timezone.now()
    actions.seal(now)
    actions.write_anchor(now)
