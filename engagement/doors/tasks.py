from typing import Any

from celery import shared_task

from engagement.doors.sessions import SessionStore


@shared_task(name="doors.forget_sessions", acks_late=True, ignore_result=True, time_limit=240)
def forget_sessions(**_: Any) -> None:
    """Delete what browsers have long forgotten: each row says whose visit it was."""
    SessionStore.clear_expired()
