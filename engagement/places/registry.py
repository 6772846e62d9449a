"""What other rooms tell whoever imports boundaries. Apps register theirs from AppConfig.ready()."""

from collections.abc import Callable

from engagement.places.models import Agency

Sequel = Callable[[Agency], str]

_sequels: list[Sequel] = []


def register_sequel(tell: Sequel) -> None:
    """Add a function that says in one line what follows from new boundaries, or ""."""
    if tell not in _sequels:
        _sequels.append(tell)


def sequels(agency: Agency) -> list[str]:
    """Return what follows from the agency's new boundaries, line by line."""
    told = [tell(agency) for tell in _sequels]
    return [line for line in told if line]
