"""The history of a case as staff read it: who, when, what was before and after, and why.

From the audit log, so that it says what happened and nothing else. What a reporter does for
themselves alone (coming back by a link, rating, taking it into an account) is not shown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concerns.models import ChangeReason
from concerns.models.concern import Priority
from concerns.registry import EVENTS
from concerns.views.short_lists import ShortList, moment
from concerns.workflow import OUTCOME_LABELS, STATE_LABELS, Outcome, State
from engagement.audit.actors import ActorKind
from engagement.audit.models import Entry
from engagement.people.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 200
# Nothing of this is work on the case, and some of it would tell when somebody was here.
NOT_SHOWN = frozenset(
    {
        "CONCERN_ADOPTED",
        "CONCERN_LET_GO",
        "CONCERN_LINK_OPENED",
        "CONCERN_RATED",
        "CONCERN_REPORTER_ERASED",
        "CONCERN_JOINED",
        "CONCERN_LEFT",
        "REPORTER_OTHERS_READ",
    }
)
SENTENCES = {event.name: event.sentence for event in EVENTS if event.name not in NOT_SHOWN}
WHO: dict[str, "StrOrPromise"] = {
    ActorKind.REPORTER: gettext_lazy("The reporter"),
    ActorKind.TOKEN: gettext_lazy("Somebody with a link"),
    ActorKind.TASK: gettext_lazy("This site, by time"),
    ActorKind.RESIDENT: gettext_lazy("A resident"),
}
ASSIGNED = "CONCERN_ASSIGNED"


@dataclass(frozen=True)
class HistoryLine:
    """`before` and `after` are "" where nothing was replaced."""

    at: datetime
    label: "StrOrPromise"
    who: "StrOrPromise"
    before: str
    after: str
    detail: str
    why: str


def history_lines(rows: list[dict[str, Any]], kinds: list[dict[str, Any]]) -> list[HistoryLine]:
    """Oldest first; `kinds` give a name for the code of a category."""
    names = {kind["code"]: kind["label"] for kind in kinds}
    return [_line(row, names) for row in reversed(rows)]


def _entries() -> QuerySet[Entry]:
    return Entry.objects.filter(
        subject_type="concern",
        subject_reference=OuterRef("staff_reference"),
        agency_id=OuterRef("agency_id"),
        event__in=sorted(SENTENCES),
    ).annotate(
        from_id=_person("from"),
        to_id=_person("to"),
        who=_name("actor_user_id"),
        before=_name("from_id"),
        after=_name("to_id"),
        why=Subquery(ChangeReason.objects.filter(entry_id=OuterRef("pk")).values("text")[:1]),
    )


def _person(key: str) -> Case:
    # Only this event keeps people there; of others it holds codes, which are no numbers.
    number = Cast(KeyTextTransform(key, "payload__body"), BigIntegerField())
    return Case(When(event=ASSIGNED, then=number), output_field=BigIntegerField())


def _name(column: str) -> Subquery:
    return Subquery(User.objects.filter(pk=OuterRef(column)).values("name")[:1])


def _line(row: dict[str, Any], kinds: dict[str, str]) -> HistoryLine:
    payload = row["payload"] or {}
    before, after = _change(row, payload, kinds)
    outcome = payload.get("outcome", "")
    return HistoryLine(
        at=moment(row["at"]),
        label=SENTENCES[row["event"]],
        who=row["who"] or WHO.get(row["kind"], ""),
        before=before,
        after=after,
        detail=str(OUTCOME_LABELS[Outcome(outcome)]) if outcome in list(Outcome) else "",
        why=row["why"] or "",
    )


def _change(row: dict[str, Any], payload: dict[str, Any], kinds: dict[str, str]) -> tuple[str, str]:
    if "was" in payload:
        return str(STATE_LABELS[State(payload["was"])]), str(STATE_LABELS[State(payload["is"])])
    if row["event"] == ASSIGNED:
        nobody = _("nobody")
        return row["before"] or nobody, row["after"] or nobody
    before, after = str(payload.get("from")), str(payload.get("to"))
    if row["event"] == "CONCERN_PRIORITY_CHANGED":
        return str(Priority(before).label), str(Priority(after).label)
    if row["event"] == "CONCERN_CATEGORY_CORRECTED":
        return kinds.get(before, before), kinds.get(after, after)
    return "", ""


HISTORY = ShortList(
    "history",
    _entries,
    {
        "event": "event",
        "at": "at",
        "kind": "actor_kind",
        "payload": F("payload__body"),
        "who": "who",
        "before": "before",
        "after": "after",
        "why": "why",
    },
    order=("-id",),
    most=MOST,
)
