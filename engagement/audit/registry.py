"""The events that history knows. Apps register theirs from AppConfig.ready()."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Event:
    """`name` in UPPER_SNAKE and past tense; `sentence` says it to staff, translated when shown."""

    name: str
    sentence: "_StrPromise | str"


_registered: dict[str, Event] = {}


def register_event(event: Event) -> None:
    """Make `event` known. Raises ValueError when its name is taken or not UPPER_SNAKE."""
    if not event.name.replace("_", "").isalnum() or event.name != event.name.upper():
        raise ValueError(f"audit event {event.name} is not written in UPPER_SNAKE")
    if event.name in _registered:
        raise ValueError(f"audit event {event.name} is registered twice")
    _registered[event.name] = event


def known_events() -> Mapping[str, Event]:
    """Every registered event by name."""
    return MappingProxyType(_registered)
