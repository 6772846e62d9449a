"""What the case page says of each hand-off."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.functional import Promise

from concerns.models import HandoffEntry
from concerns.models.handoffs import UNDER_WAY, HandoffState, SaidBy

_newest = HandoffEntry.objects.filter(handoff=OuterRef("pk")).order_by("-id")
COLUMNS = {
    "reference": "reference",
    "name": "organisation__name",
    "state": "state",
    "due": "due_on",
    "number": "number",
    "status": "status",
    "last": Subquery(_newest.values("text")[:1]),
    "way": Subquery(_newest.values("way")[:1]),
}


@dataclass(frozen=True)
class HandoffLine:
    reference: str
    name: str
    state: str
    due_on: date
    number: str
    status: str
    last: str
    is_unverified: bool

    @property
    def state_words(self) -> "str | Promise":
        return HandoffState(self.state).label

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def needs_look(self) -> bool:
        return self.state == HandoffState.LAPSED


def line_of(one: dict[str, Any]) -> HandoffLine:
    return HandoffLine(
        reference=one["reference"],
        name=one["name"],
        state=one["state"],
        due_on=date.fromisoformat(one["due"]),
        number=one["number"],
        status=one["status"],
        last=one["last"] or "",
        is_unverified=one["way"] == SaidBy.MAIL,
    )
