"""What others changed in somebody's work since they last looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from concerns.models import Concern
from concerns.querysets import ConcernQuerySet
from engagement.audit.models import Entry
from engagement.audit.registry import known_events
from engagement.keys.moments import floor_to_hour
from engagement.people.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 10
# Events of a case; who opened an address is for a supervisor alone.
OF_A_CASE = "CONCERN_"


@dataclass(frozen=True)
class Change:
    """The newest event of one case; `who` is empty where the reporter or a clock did it."""

    url: str
    reference: str
    category: str
    sentence: "StrOrPromise"
    who: str
    at: datetime


def changes_since(
    readable: ConcernQuerySet, *, by_others_than: User, since: datetime
) -> list[Change]:
    """Return the newest changes in this person's open concerns and in those that were done
    meanwhile, at most ten, newest first.

    Each concern is looked up in its own history, so the cost follows their work. One query.
    What residents do is known to the hour only, so the hour of the last look counts as after it.
    """
    begin = floor_to_hour(since)
    entries = (
        Entry.objects.filter(
            ~Q(actor_user_id=by_others_than.pk) | Q(actor_user_id__isnull=True),
            subject_type="concern",
            subject_reference=OuterRef("staff_reference"),
            event__startswith=OF_A_CASE,
            at__gte=begin,
        )
        .order_by("-id")
        .annotate(
            who=Subquery(User.objects.filter(pk=OuterRef("actor_user_id")).values("name")[:1])
        )
    )
    newest = entries.values(row=JSONObject(id="id", event="event", at="at", who="who"))[:1]
    theirs = Concern.objects.owned_by(by_others_than).order_by()
    # Two lists of numbers, each along an index of its own; an "or" would read all that they did.
    listed = theirs.open().values("pk").union(theirs.done_since(begin).values("pk"))
    rows = (
        readable.filter(pk__in=listed)
        .annotate(newest=Subquery(newest))
        .filter(newest__isnull=False)
        .order_by(F("newest__id").desc())
        .values("staff_reference", "category__label", "newest")[:MOST]
    )
    return [_change(row) for row in rows]


def _change(row: Mapping[str, Any]) -> Change:
    newest = row["newest"]
    return Change(
        url=reverse("desk_concern", args=[row["staff_reference"]]),
        reference=row["staff_reference"],
        category=str(row["category__label"]),
        sentence=known_events()[newest["event"]].sentence,
        who=newest["who"] or "",
        at=datetime.fromisoformat(newest["at"]),
    )
