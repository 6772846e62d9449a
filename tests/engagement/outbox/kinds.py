"""Kinds of message for these tests, and facts that they look at when they are sent."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from engagement.outbox import registry
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy

TEMPLATES = Path(__file__).parent / "templates"
WORDS = "It is so. <b>Peña & Söhne's</b>"


class Facts:
    """What `still_true` and `context` answer; set by a test, reset after it."""

    no_longer_true: set[str] = set()
    broken: set[str] = set()
    unwritable: set[str] = set()
    title: str | None = None


def still_true(message: Message) -> bool:
    if message.event in Facts.broken:
        raise RuntimeError("planted-canary@example.org")
    return message.event not in Facts.no_longer_true


def context(message: Message) -> dict[str, Any]:
    if message.event in Facts.unwritable:
        raise RuntimeError("planted-canary@example.org")
    return {"title": message.event if Facts.title is None else Facts.title, "words": WORDS}


def _kind(name: str, policy: Policy, delivery: Delivery, usefulness: timedelta | None) -> Kind:
    return Kind(
        name=name,
        template="trial/notice",
        policy=policy,
        delivery=delivery,
        context=context,
        still_true=still_true,
        usefulness=usefulness,
        words="You asked us for news.",
    )


ANSWER = _kind("trial.answer", Policy.TRANSACTIONAL, Delivery.AT_LEAST_ONCE, None)
REMINDER = _kind("trial.reminder", Policy.SUBSCRIPTION, Delivery.AT_MOST_ONCE, timedelta(hours=20))
NEWS = _kind("trial.news", Policy.SUBSCRIPTION, Delivery.AT_LEAST_ONCE, None)


def register_all() -> None:
    for kind in (ANSWER, REMINDER, NEWS):
        registry.register(kind)


def forget_all() -> None:
    for kind in (ANSWER, REMINDER, NEWS):
        del registry._kinds[kind.name]
    Facts.no_longer_true, Facts.broken, Facts.unwritable = set(), set(), set()
    Facts.title = None
