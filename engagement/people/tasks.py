"""Clockwork of people."""

from celery import shared_task
from django.utils import timezone

from engagement.people.departures import follow_departures
from engagement.people.directories import ask_about_everyone
from engagement.people.invitations import forget_unanswered


@shared_task(name="people.follow_departures", acks_late=True, ignore_result=True)
def depart(**_ignored: object) -> None:
    """Hand on the work of people whose roles ended; forget whom nobody heard from."""
    now = timezone.now()
    follow_departures(now=now)
    forget_unanswered(now=now)


@shared_task(name="people.ask_directories", acks_late=True, ignore_result=True)
def ask_directories(**_ignored: object) -> None:
    """Ask the directories whether those who signed in through them still may."""
    ask_about_everyone(now=timezone.now())
