"""Every address the portal answers, with sample values for what stands in its path."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from engagement.doors.access import Door, door_of

FILLED = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """A route of the portal: its name, the pattern as written, and the view behind it."""

    name: str
    pattern: str
    view: Any

    @property
    def door(self) -> Door | None:
        return door_of(self.view, self.name)

    def path(self, samples: dict[str, str]) -> str:
        """Fill the pattern. A value without a sample is an error of the guard."""
        filled = FILLED.sub(lambda found: samples[found[1] or found[2]], self.pattern)
        return "/" + filled.replace("^", "").replace("$", "")


def addresses() -> list[Address]:
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = f"{namespace}:{entry.name or ''}" if namespace else entry.name or ""
            yield Address(name, pattern, entry.callback)
        else:
            yield from _walk(entry, pattern, entry.namespace or namespace)
