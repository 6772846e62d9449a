"""What other rooms do when an agency is made, and tell when its boundaries change.

Apps register theirs from AppConfig.ready().
"""

from collections.abc import Callable
from datetime import datetime

from engagement.audit.actors import Actor
from engagement.places.models import Agency

Sequel = Callable[[Agency], str]

Furnisher = Callable[[Agency, Actor, datetime], object]

_sequels: list[Sequel] = []
_furnishers: list[Furnisher] = []


def register_sequel(tell: Sequel) -> None:
    """Add a function that says in one line what follows from new boundaries, or ""."""
    if tell not in _sequels:
        _sequels.append(tell)


def sequels(agency: Agency) -> list[str]:
    """Return what follows from the agency's new boundaries, line by line."""
    told = [tell(agency) for tell in _sequels]
    return [line for line in told if line]


def register_furnisher(furnish: Furnisher) -> None:
    """Add a function that gives a new agency what it cannot work without."""
    if furnish not in _furnishers:
        _furnishers.append(furnish)


def furnish(agency: Agency, *, by: Actor, now: datetime) -> None:
    """Give a new agency what every room says it needs."""
    for give in _furnishers:
        give(agency, by, now)
