"""The cache holds counters and keys of minutes; without it the portal counts nothing and works."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
Value = TypeVar("Value")
MUTED_SECONDS = 5.0


class PatientCache(RedisCache):
    """Answers as an empty cache while its server is away.

    A sign-in or a report then passes uncounted instead of failing. After a failure the server is
    left alone for some seconds, so that one request does not wait for every single counter.
    """

    muted_until = 0.0

    def _asked(self, question: Callable[[], Value], otherwise: Value) -> Value:
        if time.monotonic() < PatientCache.muted_until:
            return otherwise
        try:
            return question()
        except RedisError:
            PatientCache.muted_until = time.monotonic() + MUTED_SECONDS
            logger.error("the cache is away", extra={"event": "CACHE_AWAY"})
            return otherwise

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> bool:
        # "Added", so that whoever asks for a lock gets it.
        ask = super().add
        return self._asked(lambda: bool(ask(key, value, timeout, version)), True)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        ask = super().get
        return self._asked(lambda: ask(key, default, version), default)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> None:
        ask = super().set
        self._asked(lambda: ask(key, value, timeout, version), None)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        ask = super().touch
        return self._asked(lambda: bool(ask(key, timeout, version)), False)

    def delete(self, key: Any, version: Any = None) -> bool:
        ask = super().delete
        return self._asked(lambda: bool(ask(key, version)), False)

    def has_key(self, key: Any, version: Any = None) -> bool:
        ask = super().has_key
        return self._asked(lambda: bool(ask(key, version)), False)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        """The new count; `delta` itself while the server is away. Raises ValueError as usual."""
        ask = super().incr
        return self._asked(lambda: int(ask(key, delta, version)), delta)

    def get_many(self, keys: Iterable[Any], version: Any = None) -> dict[Any, Any]:
        ask = super().get_many
        return self._asked(lambda: dict(ask(keys, version)), {})

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> list[Any]:
        ask = super().set_many
        return self._asked(lambda: list(ask(data, timeout, version)), [])

    def delete_many(self, keys: Iterable[Any], version: Any = None) -> None:
        ask = super().delete_many
        self._asked(lambda: ask(keys, version), None)
