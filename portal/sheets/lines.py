"""One case as a line on paper: what to do and near where, never who or what they wrote."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from concerns.models import Concern
from concerns.published.labels import nearest_street
from concerns.workflow import STATE_LABELS, State
from engagement.places.models import Agency


@dataclass(frozen=True)
class CaseLine:
    reference: str
    category: str
    place: str
    state: str
    received_on: date
    due_on: date | None
    is_late: bool
    owner: str


# What a line needs of a concern; its text is never read for paper.
COLUMNS = (
    *("staff_reference", "state", "received_on", "acknowledge_by", "resolve_by", "lon", "lat"),
    *("is_home", "agency", "category__label", "area__name", "owner__name"),
)


def line_of(concern: Concern, *, agency: Agency, due_on: date | None, today: date) -> CaseLine:
    return CaseLine(
        reference=concern.staff_reference,
        category=str(concern.category),
        place=place_on_paper(concern, agency),
        state=str(STATE_LABELS[State(concern.state)]),
        received_on=concern.received_on,
        due_on=due_on,
        is_late=due_on is not None and due_on < today,
        owner=str(concern.owner or ""),
    )


def place_on_paper(concern: Concern, agency: Agency) -> str:
    """The nearest street; the area alone for somebody's home, whose street would name them.

    Words that a reporter wrote about the place are left out: they may hold a name.
    """
    area = concern.area.name if concern.area else _("outside every area")
    if concern.is_home or concern.lon is None or concern.lat is None:
        return _("%(area)s (place at the desk)") % {"area": area}
    street = nearest_street(agency=agency, lon=concern.lon, lat=concern.lat)
    return _("near %(street)s") % {"street": street[0]} if street else area
