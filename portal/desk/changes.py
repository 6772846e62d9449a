"""What others changed in somebody's work since they last looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from concerns.composed import Composer, Given
from concerns.models import Concern
from engagement.audit.models import Entry
from engagement.audit.registry import known_events
from engagement.keys.moments import floor_to_hour
from engagement.people.models import User
from engagement.people.rights import rights_of
from engagement.places.models import Agency

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 10
# Events of a case; who opened an address is for a supervisor alone.
OF_A_CASE = "CONCERN_"

_composed = Composer()


@dataclass(frozen=True)
class Change:
    """The newest event of one case; `who` is empty where the reporter or a clock did it."""

    url: str
    reference: str
    category: str
    sentence: "StrOrPromise"
    who: str
    at: datetime


def changes_since(*, agency: Agency, by_others_than: User, since: datetime) -> list[Change]:
    """Return the newest changes in this person's open concerns and in those that were done
    meanwhile, at most ten, newest first.

    Each concern is looked up in its own history, so the cost follows their work. One query.
    What residents do is known to the hour only, so the hour of the last look counts as after it.
    """
    key = (rights_of(by_others_than), agency.pk)
    question = _composed(key, lambda: _changes(by_others_than, agency))
    return [_change(row) for row in question.values({"begin": floor_to_hour(since)})]


def _changes(user: User, agency: Agency) -> QuerySet[Any, Any]:
    begin = Given("begin", DateTimeField())
    readable = Concern.objects.visible_to(user).filter(agency=agency).not_held()
    entries = (
        Entry.objects.filter(
            ~Q(actor_user_id=user.pk) | Q(actor_user_id__isnull=True),
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
    theirs = Concern.objects.owned_by(user).order_by()
    # Two lists of numbers, each along an index of its own; an "or" would read all that they did.
    listed = theirs.open().values("pk").union(theirs.done_since(begin).values("pk"))
    return (
        readable.filter(pk__in=listed)
        .annotate(newest=Subquery(newest))
        .filter(newest__isnull=False)
        .order_by(F("newest__id").desc())
        .values("staff_reference", "category__label", "newest")[:MOST]
    )


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
