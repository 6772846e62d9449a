"""Quiet logs: what failed and where, never what anyone wrote or where they came from."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

# The only extras that a log line may carry; all are names of our own or row ids.
EXTRAS = ("event", "ids", "count", "seconds")


def route_of(record: logging.LogRecord) -> str | None:
    """The name of the matched URL pattern; the path itself may hold a reference and is dropped."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return getattr(match, "view_name", None)


class QuietFormatter(logging.Formatter):
    """One JSON line: time, level, logger, exception type, route name, our own extras.

    Messages, arguments, stack frames, query strings and headers are dropped, since each of them
    can repeat a report or an address.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__qualname__
        if route := route_of(record):
            line["route"] = route
        if status := getattr(record, "status_code", None):
            line["status"] = int(status)
        for name in EXTRAS:
            if (value := getattr(record, name, None)) is not None:
                line[name] = value
        return json.dumps(line, default=str)


def told(fault: BaseException, *, event: str | None = None) -> str:
    """The line about what ends a service; of our own faults it also holds their sentence."""
    record = logging.LogRecord("portal.entry", logging.CRITICAL, "", 0, "", (), None)
    record.exc_info = (type(fault), fault, None)
    record.event = event
    return QuietFormatter().format(record)


CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "portal.logging.QuietFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would mail tracebacks and print paths; ours replace them.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
        # A missing page is no fault of ours, and its path may be a mistyped reference.
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.security": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.db.backends": {"handlers": [], "level": "ERROR", "propagate": False},
        "portal": {"level": "INFO"},
        "concerns": {"level": "INFO"},
        "meetings": {"level": "INFO"},
        "engagement": {"level": "INFO"},
    },
}
