"""Counters that all processes share, for /metrics; kept in the cache, so never on a disk.

Only what staff do is counted, and failures. A count that rises with each visit of a resident,
read every few seconds, would tell the minute of a report that is otherwise kept to the hour.
"""

import logging
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis import Redis
from redis.exceptions import RedisError

from engagement.doors.access import Door, Kind

logger = logging.getLogger(__name__)
Value = TypeVar("Value")
COUNTED_DOORS = (Kind.STAFF, Kind.OPERATOR)
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
PATIENCE = 0.2
MUTED_SECONDS = 5.0
MINUTE = 60


class Mute:
    """Silence after a failure: a cache that is away slows one request and not each one."""

    until = 0.0


@cache
def server(location: str) -> "Redis":
    return Redis.from_url(
        location, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, decode_responses=True
    )


def _asked(question: Callable[["Redis", str], Value], otherwise: Value) -> Value:
    """What the cache server says of our hash; `otherwise` while it is away."""
    if time.monotonic() < Mute.until:
        return otherwise
    place = settings.CACHES["default"]
    try:
        return question(server(str(place["LOCATION"])), f"{place.get('KEY_PREFIX', '')}figures")
    except (RedisError, OSError):
        Mute.until = time.monotonic() + MUTED_SECONDS
        return otherwise


def add(amounts: Mapping[str, float]) -> None:
    """Raise each named counter."""

    def raise_all(redis: "Redis", name: str) -> None:
        with redis.pipeline(transaction=False) as pipeline:
            for field, amount in amounts.items():
                pipeline.hincrbyfloat(name, field, amount)
            pipeline.execute()

    _asked(raise_all, None)


def note(field: str, value: float) -> None:
    """Set one figure."""

    def write(redis: "Redis", name: str) -> None:
        redis.hset(name, field, str(value))

    _asked(write, None)


def all_figures() -> dict[str, float]:
    """Every counter by name; empty while the cache is away, and anew after it restarts."""

    def read(redis: "Redis", name: str) -> dict[str, float]:
        return {str(field): float(value) for field, value in redis.hgetall(name).items()}

    return _asked(read, {})


def whole_minutes(seconds: float) -> int:
    """An age in seconds, down to the full minute: finer, it would tell when a report rang."""
    return int(max(seconds, 0) // MINUTE * MINUTE)


def of_request(door: object, route: str, status: int, seconds: float) -> dict[str, float]:
    """What one answer adds to the counters."""
    amounts: dict[str, float] = {}
    if status >= 500:
        amounts["failures"] = 1
    if isinstance(door, Door) and door.kind in COUNTED_DOORS:
        bucket = next((str(limit) for limit in BUCKETS if seconds <= limit), "+Inf")
        amounts[f"requests|{route}|{status // 100}xx"] = 1
        amounts[f"seconds|{route}"] = seconds
        amounts[f"bucket|{route}|{bucket}"] = 1
    return amounts


class CountAnswers:
    """Middleware: counts answers to staff by route, and failures; of residents nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        amounts = of_request(
            getattr(request, "door", None),
            (match.view_name if match else "") or "unnamed",
            response.status_code,
            time.perf_counter() - begun,
        )
        if amounts:
            add(amounts)
        return response
