"""Who owns a new concern. Pure: duties come in, a user id or nobody goes out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Duty:
    """One officer's assignment to one area, from the first day to the last."""

    user_id: int
    area_id: int
    is_lead: bool
    from_on: date
    until_on: date | None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def owner_for(*, area_id: int | None, duties: Iterable[Duty], on: date) -> int | None:
    """Return the user id of the officer who owns a concern in this area on this day.

    The lead officer of the responsible area owns it; where two lead, the newer
    assignment wins. An area with one officer and no lead is that officer's.
    None means nobody: outside every area, or an area without a clear officer, goes
    to the queue for a person to decide.
    """
    if area_id is None:
        return None
    there = [duty for duty in duties if duty.area_id == area_id and duty.covers(on)]
    leads = [duty for duty in there if duty.is_lead]
    if leads:
        return max(leads, key=lambda duty: (duty.from_on, -duty.user_id)).user_id
    only = {duty.user_id for duty in there}
    return only.pop() if len(only) == 1 else None
