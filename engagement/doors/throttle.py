"""Counts visits by pseudonym; no address is ever part of a counter."""

import time

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError


def allow(scope: str, request: HttpRequest, *, limit: int, seconds: int) -> bool:
    """Count one visit; False once this visitor had more than `limit` in the current window.

    Without the cache everybody passes: a broken counter must not refuse a report.
    """
    window = int(time.time() // seconds)
    name = f"throttle:{scope}:{getattr(request, 'client', '')}:{window}"
    try:
        cache.add(name, 0, timeout=seconds)
        return bool(cache.incr(name) <= limit)
    except (RedisError, ValueError):
        return True
