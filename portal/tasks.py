"""Clockwork of pages that join rooms."""

from celery import shared_task
from django.utils import timezone

from portal.sheets.mails import send_due_sheets


@shared_task(name="portal.send_sheets", acks_late=True, ignore_result=True)
def send_sheets(**_ignored: object) -> None:
    """Mail beat sheets as shifts begin, and the week on Monday morning."""
    send_due_sheets(now=timezone.now())
