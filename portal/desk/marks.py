"""Marks of the wrong door that nobody has taken over: what the desk's first page begins with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from concerns.models import Concern, WrongDoor
from concerns.models.wrong_doors import Wrong
from concerns.outside_registry import DUTY
from concerns.querysets import ConcernQuerySet
from concerns.rights import may
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import as_wording

# More than one screen of them is read on their own page.
MOST = 5
COLUMNS = {
    "id": "id",
    "kind": "kind",
    "at": "marked_at",
    "by": "marked_by__name",
    "reference": "concern__staff_reference",
    "category": "concern__category__label",
    "place": "concern__area__name",
    "area": "concern__area_id",
    "owner": "concern__owner_id",
    "team": "concern__team_id",
}


@dataclass(frozen=True)
class Mark:
    """One mark as the page shows it; `take_url` is empty for who may not take it over."""

    url: str
    label: str
    category: str
    place: str
    reference: str
    at: datetime
    by: str
    take_url: str


def waiting_marks(readable: ConcernQuerySet, agency: Agency) -> QuerySet[WrongDoor]:
    """Marks of these concerns that no supervisor has taken over yet."""
    rows = WrongDoor.objects.waiting().filter(agency=agency)
    return rows.filter(concern__in=readable.order_by().values("pk"))


def oldest_of(marks: QuerySet[WrongDoor]) -> QuerySet[Any]:
    """The few that waited longest, as rows for `mark_of`."""
    return marks.order_by("marked_at", "id").values(row=JSONObject(**COLUMNS))[:MOST]


def mark_of(row: dict[str, Any], user: User, agency: Agency) -> Mark:
    reference = row["reference"]
    where = Concern(agency=agency, area_id=row["area"], owner_id=row["owner"], team_id=row["team"])
    take_url = ""
    if may(user, DUTY, where):
        take_url = reverse("desk_concern_wrong_door_take", args=[reference, row["id"]])
    return Mark(
        url=reverse("desk_concern_wrong_door", args=[reference]),
        label=str(Wrong(row["kind"]).label),
        category=str(as_wording(row["category"])),
        place=row["place"] or "",
        reference=reference,
        at=datetime.fromisoformat(row["at"]),
        by=row["by"],
        take_url=take_url,
    )
