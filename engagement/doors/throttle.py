"""Counts visits by pseudonym; no address is ever part of a counter."""

import time

from django.core.cache import cache
from django.http import HttpRequest


def allow(scope: str, request: HttpRequest, *, limit: int, seconds: int) -> bool:
    """Count one visit; False once this visitor had more than `limit` in the current window.

    Without the cache everybody passes: a broken counter must not refuse a report.
    """
    window = int(time.time() // seconds)
    name = f"throttle:{scope}:{getattr(request, 'client', '')}:{window}"
    cache.add(name, 0, timeout=seconds)
    try:
        return cache.incr(name) <= limit
    except ValueError:
        # The window ended between the two.
        return True
