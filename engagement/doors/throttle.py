"""Counts visits by pseudonym; no address is ever part of a counter."""

import time

from django.core.cache import cache
from django.http import HttpRequest


def allow(scope: str, request: HttpRequest, *, limit: int, seconds: int) -> bool:
    """Count one visit; False once this visitor had more than `limit` in the current window.

    Without the cache everybody passes: a broken counter must not refuse a report. So does a
    visitor without a pseudonym: those are not one visitor.
    """
    client = getattr(request, "client", "")
    return not client or counted(f"{scope}:{client}", seconds=seconds) <= limit


def counted(scope: str, *, seconds: int) -> int:
    """How often this was called for `scope` in the current window, this time included."""
    window = int(time.time() // seconds)
    name = f"throttle:{scope}:{window}"
    cache.add(name, 0, timeout=seconds)
    try:
        return int(cache.incr(name))
    except ValueError:
        # The window ended between the two.
        return 1
