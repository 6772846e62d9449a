"""What the letters of one batch say, loaded for many letters at once."""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from engagement.outbox.models import Message
from engagement.outbox.registry import Kind

logger = logging.getLogger(__name__)

# Links are made while loading; a slow mail server must not let them grow old.
FRESH_FOR = 60.0


class Contexts:
    """The contexts of a batch, by message; loaded for a kind when its first letter is written."""

    def __init__(self, batch: Sequence[Message]) -> None:
        self._waiting = {message.id: message for message in batch}
        self._loaded: dict[str, tuple[float, Mapping[UUID, dict[str, Any]]]] = {}

    def of(self, message: Message, kind: Kind) -> dict[str, Any]:
        """Raises whatever the kind's own code raises."""
        if kind.contexts is None:
            return kind.context(message)
        until, found = self._loaded.get(kind.name, (0.0, {}))
        if time.monotonic() > until:
            found = self._load(kind)
        del self._waiting[message.id]
        # One by one, what cannot be loaded fails alone.
        return found[message.id] if message.id in found else kind.context(message)

    def _load(self, kind: Kind) -> Mapping[UUID, dict[str, Any]]:
        assert kind.contexts is not None
        waiting = [message for message in self._waiting.values() if message.kind == kind.name]
        until, found = time.monotonic() + FRESH_FOR, {}
        try:
            found = dict(kind.contexts(waiting))
        except Exception:
            logger.exception("cannot load", extra={"event": f"outbox.load.{kind.name}"})
        self._loaded[kind.name] = until, found
        return found
