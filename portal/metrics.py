"""Figures of operation in the text form of Prometheus, for whoever holds the token.

No figure may move when one resident does one thing. Therefore: nothing about concerns, no
requests but those of staff, ages in full minutes, messages only once they are overdue or lay
dead when the hour began, unsealed history in hundreds. Only failures count whoever met them.
"""

import hmac
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from engagement.audit.unsealed import count_unsealed, oldest_unsealed
from engagement.doors.access import open_page
from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Message, Sweep
from engagement.outbox.queries import COUNTED_TO, oldest_due
from engagement.outbox.states import DEAD_LETTERS, State
from portal.figures import BUCKETS, all_figures, whole_minutes

TEXT = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "common_ground"
OVERDUE = timedelta(minutes=5)
HOUR = timedelta(hours=1)
HUNDRED = 100


@open_page
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404, like any address that does not exist, without the token."""
    if not is_permitted(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=TEXT)


def is_permitted(request: HttpRequest) -> bool:
    """Whether the request bears PORTAL_METRICS_TOKEN as `Authorization: Bearer ...`."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


class Figures(Collector):
    """Everything that is told, as of `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterable[Metric]:
        found = all_figures()
        yield from of_outbox(self.now)
        yield from of_history(self.now)
        yield from of_answers(found)
        yield from of_tasks(found, time.time())


def gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", words, value=value)


def age(name: str, words: str, waited: timedelta | None) -> GaugeMetricFamily:
    seconds = whole_minutes(waited.total_seconds()) if waited else 0
    return gauge(name, f"{words}, in seconds, down to the full minute", seconds)


def of_outbox(now: datetime) -> Iterable[Metric]:
    states = GaugeMetricFamily(
        f"{PREFIX}_outbox_messages",
        "Messages that should have left five minutes ago, and those that lay dead when the hour "
        f"began; counted to {COUNTED_TO}",
        labels=["state"],
    )
    # What a resident caused is due at the start of its hour; late it is only after the end.
    late = Q(is_coarse=False, try_at__lte=now - OVERDUE)
    late |= Q(is_coarse=True, try_at__lte=now - OVERDUE - HOUR)
    overdue = Message.objects.filter(late, state=State.PLANNED)
    states.add_metric(["overdue"], overdue.values("pk")[:COUNTED_TO].count())
    for state in DEAD_LETTERS:
        dead = Message.objects.filter(state=state, finished_at__lt=floor_to_hour(now))
        states.add_metric([str(state.value)], dead.values("pk")[:COUNTED_TO].count())
    yield states
    yield age("outbox_oldest_due_age_seconds", "Wait of the oldest due message", oldest_due(now))
    last = Sweep.objects.filter(pk=1).values_list("last_at", flat=True).first()
    if last is not None:
        yield age("outbox_sweep_age_seconds", "Time since messages were last swept", now - last)


def of_history(now: datetime) -> Iterable[Metric]:
    yield gauge(
        "audit_unsealed_entries",
        "Entries of history not yet chained, down to the full hundred",
        count_unsealed() // HUNDRED * HUNDRED,
    )
    yield age(
        "audit_oldest_unsealed_age_seconds", "Wait of the oldest such entry", oldest_unsealed(now)
    )


def of_answers(found: Mapping[str, float]) -> Iterable[Metric]:
    failures = CounterMetricFamily(f"{PREFIX}_failures", "Answers with a status of 500 or more")
    failures.add_metric([], found.get("failures", 0))
    yield failures
    requests = CounterMetricFamily(
        f"{PREFIX}_staff_requests", "Requests at doors of staff", labels=["route", "status"]
    )
    counts: dict[str, dict[str, float]] = defaultdict(dict)
    for field, value in sorted(found.items()):
        kind, *labels = field.split("|")
        if kind == "requests":
            requests.add_metric(labels, value)
        elif kind == "bucket":
            counts[labels[0]][labels[1]] = value
    yield requests
    seconds = HistogramMetricFamily(
        f"{PREFIX}_staff_request_seconds", "How long they took", labels=["route"]
    )
    for route, counted in counts.items():
        seconds.add_metric([route], heaped(counted), found.get(f"seconds|{route}", 0))
    yield seconds


def heaped(counted: Mapping[str, float]) -> list[tuple[str, float]]:
    """Counts between limits, as counts up to each limit."""
    total, heap = 0.0, []
    for limit in (*map(str, BUCKETS), "+Inf"):
        total += counted.get(limit, 0)
        heap.append((limit, total))
    return heap


def of_tasks(found: Mapping[str, float], moment: float) -> Iterable[Metric]:
    """Ages and failures only: how often the bell rang would tell of each report."""
    ages = GaugeMetricFamily(
        f"{PREFIX}_task_age_seconds",
        "Time since a task of the worker last ended well, down to the full minute",
        labels=["task"],
    )
    failures = CounterMetricFamily(
        f"{PREFIX}_task_failures", "Tasks that ended with an error", labels=["task"]
    )
    for field, value in sorted(found.items()):
        kind, *labels = field.split("|")
        if kind == "task_done":
            ages.add_metric(labels, whole_minutes(moment - value))
        elif kind == "task_failed":
            failures.add_metric(labels, value)
    yield ages
    yield failures
