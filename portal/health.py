"""Probes: is the process alive, can it do its work. They tell nothing else."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from engagement.doors.access import open_page

TEXT = "text/plain; charset=utf-8"


@open_page
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type=TEXT)


@open_page
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """503 with the name of what is missing; the database's own word never leaves it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", content_type=TEXT, status=503)
    try:
        cache.get("health")
    except (RedisError, OSError):
        return HttpResponse("cache\n", content_type=TEXT, status=503)
    return HttpResponse("ok\n", content_type=TEXT)
