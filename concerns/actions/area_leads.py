"""Who leads which area today, for handing over many cases at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from concerns.queries import duties_of
from concerns.routing import Duty, owner_for
from concerns.stand_ins import stand_ins_of
from engagement.places.models import Agency


@dataclass(frozen=True)
class Leads:
    """Duties of one day in every area of an agency, and who stands in for whom."""

    duties: Sequence[Duty] = ()
    stand_ins: Mapping[int, int | None] = field(default_factory=dict)
    on: date = date.min
    but: int | None = None

    def of(self, area_id: int | None) -> int | None:
        """The officer of the area, or who stands in for them; None without a clear one."""
        lead = owner_for(area_id=area_id, duties=self.duties, on=self.on)
        if lead is not None:
            lead = self.stand_ins.get(lead, lead)
        return None if lead == self.but else lead


def leads_of(agency: Agency, *, but: int | None, on: date) -> Leads:
    """Return the leads of the day; `but` names somebody who hands over and gets nothing. Two
    queries."""
    duties = [duty for duty in duties_of(agency, on=on) if duty.user_id != but]
    return Leads(duties, stand_ins_of(agency, on), on, but)
