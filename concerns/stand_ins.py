"""Who takes new work while somebody is away."""

from collections.abc import Mapping
from datetime import date

from concerns.models import Absence
from engagement.places.models import Agency


def stand_ins_of(agency: Agency | int, on: date) -> dict[int, int | None]:
    """Return, for everybody who is away on that day of the agency, who takes their new work.

    User ids. None where nobody does: no stand-in was named, or that one is away too and so is
    everybody after them. One query, of few rows.
    """
    agency_id = agency if isinstance(agency, int) else agency.pk
    rows = Absence.objects.filter(agency_id=agency_id).on(on).order_by("id")
    return followed(dict(rows.values_list("user_id", "stand_in_id")))


def followed(named: Mapping[int, int | None]) -> dict[int, int | None]:
    """Follow each name to somebody who is there. Pure."""
    return {absent: _somebody_there(absent, named) for absent in named}


def _somebody_there(absent: int, named: Mapping[int, int | None]) -> int | None:
    seen: set[int] = set()
    now: int | None = absent
    while now is not None and now in named:
        if now in seen:
            return None
        seen.add(now)
        now = named[now]
    return now
