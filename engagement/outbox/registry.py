"""What rooms above tell the outbox about their notices; it never imports them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from engagement.outbox.models import Message


class UnknownKind(LookupError):
    """Nobody registered a kind of message of that name."""


class RegisteredTwice(RuntimeError):
    """A kind of message was registered a second time."""


class Policy(StrEnum):
    TRANSACTIONAL = "transactional"  # an answer to something the person did; no unsubscribing
    SUBSCRIPTION = "subscription"  # asked for, and may be ended with one click


class Delivery(StrEnum):
    """What to do when the connection broke after the text had gone out: SMTP cannot say more."""

    AT_LEAST_ONCE = "at_least_once"  # send again; a second copy harms less than none
    AT_MOST_ONCE = "at_most_once"  # leave it as "perhaps sent" for a person to decide


def always(message: Message) -> bool:
    """The `still_true` of a notice that no later change can make wrong."""
    return True


@dataclass(frozen=True)
class CalendarPart:
    """An iCalendar object for this reader alone; `method` equals its METHOD (RFC 6047 2.4)."""

    method: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of message, for example "concerns.received".

    `template` names three files: `<template>.subject.txt`, `<template>.txt`, `<template>.html`.
    `context` is called at sending and returns what they need beyond `site_name`, `agency`,
    `why`, `unsubscribe_url` and `language`; `still_true` is called just before, under the
    message's lock. `contexts` may answer for many messages with few queries, by their ids, up to
    a minute ahead; a message that it leaves out, and all if it raises, are left to `context`.
    `slots` are keys of the context that the templates print and never look at: letters that
    differ in them alone are rendered once. `calendar` makes the part that mail programs enter into
    the reader's calendar, from the context and the bare address of the reader. `usefulness` counts
    from the due moment; later the message expires unsent. `words` end the mail: why the reader
    gets it. `door` is the name of the page that a text message, which says nothing else, leads to.
    `reply_to` gives the address to which answers go, from the context, "" for none.
    """

    name: str
    template: str
    policy: Policy
    delivery: Delivery
    context: Callable[[Message], dict[str, Any]]
    words: str | Promise
    still_true: Callable[[Message], bool] = always
    usefulness: timedelta | None = None
    contexts: Callable[[Sequence[Message]], Mapping[UUID, dict[str, Any]]] | None = None
    slots: frozenset[str] = frozenset()
    calendar: Callable[[Mapping[str, Any], str], CalendarPart | None] | None = None
    door: str = ""
    reply_to: Callable[[Mapping[str, Any]], str] | None = None

    @property
    def can_be_ended(self) -> bool:
        return self.policy is Policy.SUBSCRIPTION


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called from `AppConfig.ready()`. Raises RegisteredTwice."""
    if kind.name in _kinds:
        raise RegisteredTwice(kind.name)
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    """Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def known_kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]
