"""The short lists of a case page, read in one question whatever they hold."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Model, OuterRef, QuerySet

from concerns.composed import Composed, Given, compose
from concerns.models import (
    Answer,
    Concern,
    ConcernArea,
    ConcernRoute,
    ConcernTag,
    DelayReason,
    Escalation,
    Handoff,
    LegalHold,
    Note,
    PlaceCorrection,
    RemovalRequest,
    StatusChange,
    Tag,
    Team,
)
from concerns.models.casework import Party
from concerns.models.languages import MadeBy
from concerns.published.models import PublicUpdate
from concerns.rule_words import ROUTE_COLUMNS, escalation_line, route_line
from concerns.views.case_history import HISTORY
from concerns.views.case_replies import COLLEAGUES, LANGUAGE_TASK, TEMPLATES
from concerns.views.handoff_lines import COLUMNS, line_of
from concerns.views.police_side import POLICE_PARTS
from concerns.views.short_lists import Bundle, ShortList, moment
from concerns.workflow import OUTCOME_LABELS, STATE_LABELS, Outcome, State
from engagement.places.wording import Wording, as_wording

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class AreaLine:
    layer: str
    name: str


@dataclass(frozen=True)
class AnswerLine:
    label: Wording
    words: "str | Wording"


@dataclass(frozen=True)
class UpdateLine:
    published_on: date
    text: Wording


@dataclass(frozen=True)
class ChangeLine:
    at: datetime
    label: "StrOrPromise"
    who: "StrOrPromise"


@dataclass(frozen=True)
class NoteLine:
    at: datetime
    by_user: str
    text: str


@dataclass(frozen=True)
class HoldLine:
    """`asked` is the day on which the reporter wanted to be erased meanwhile."""

    on: date
    reason: str
    who: str
    asked: date | None


@dataclass(frozen=True)
class Aside:
    """A corrected place, a reason for delay or a request to remove words: `kind` is "place",
    "delay" or "removal". `answer` is that to a request; `language` and `made_by` tell of the words
    of staff, and are empty where those are English."""

    kind: str
    at: datetime
    words: str
    done_at: datetime | None
    answer: str = ""
    language: str = ""
    made_by: "StrOrPromise" = ""

    @property
    def is_open_wish(self) -> bool:
        return self.kind == "removal" and self.done_at is None


@dataclass(frozen=True)
class CaseLists:
    """The lists of `PARTS` by name, and the asides; of these an unanswered wish stands first."""

    by_name: dict[str, list[Any]]
    asides: list[Aside]

    @property
    def has_open_wish(self) -> bool:
        """Whether the reporter asked to have words removed and nobody answered."""
        return any(aside.is_open_wish for aside in self.asides)


def _of(model: type[Model]) -> Callable[[], QuerySet[Any]]:
    """Rows of the model that hang on the concern by its own column."""
    return lambda: model._default_manager.filter(concern=OuterRef("pk"))


def _updates() -> QuerySet[Any]:
    return PublicUpdate.objects.filter(public_concern=OuterRef("public_id"))


def _tags_in_use() -> QuerySet[Any]:
    return Tag.objects.filter(agency=OuterRef("agency_id"), is_active=True)


def _teams_in_use() -> QuerySet[Any]:
    return Team.objects.filter(agency=OuterRef("agency_id"), is_active=True)


def _answer(one: dict[str, Any]) -> AnswerLine:
    return AnswerLine(as_wording(one["label"]), as_wording(one["chosen"]) or one["typed"])


def _update(one: dict[str, Any]) -> UpdateLine:
    return UpdateLine(date.fromisoformat(one["on"]), as_wording(one["text"]))


def _note(one: dict[str, Any]) -> NoteLine:
    return NoteLine(moment(one["at"]), one["who"], one["text"])


def _area(one: dict[str, Any]) -> AreaLine:
    return AreaLine(**one)


def _change(one: dict[str, Any]) -> ChangeLine:
    outcome = one["outcome"]
    return ChangeLine(
        at=moment(one["at"]),
        label=OUTCOME_LABELS[Outcome(outcome)] if outcome else STATE_LABELS[State(one["state"])],
        who=one["who"] or Party(one["party"]).label,
    )


def _open_holds() -> QuerySet[Any]:
    return LegalHold.objects.open().filter(concern=OuterRef("pk"))


def _hold(one: dict[str, Any]) -> HoldLine:
    asked = date.fromisoformat(one["asked"]) if one["asked"] else None
    return HoldLine(date.fromisoformat(one["on"]), one["reason"], one["who"], asked)


def _asides(**kinds: Iterable[dict[str, Any]]) -> list[Aside]:
    found = [
        Aside(
            kind=kind,
            at=moment(one["at"]),
            words=one["words"],
            done_at=moment(one["done"]) if one.get("done") else None,
            answer=one.get("answer") or "",
            language=one.get("language") or "",
            made_by=MadeBy(one["made_by"]).label if one.get("made_by") else "",
        )
        for kind, rows in kinds.items()
        for one in rows
    ]
    return sorted(found, key=lambda aside: (not aside.is_open_wish, aside.at, aside.kind))


# In which language words beside the conversation are, where that is not English.
SPOKEN = {"language": "spoken__language", "made_by": "spoken__made_by"}
# One line for each list; whoever adds a part to the page adds its list here.
PARTS = (
    ShortList("areas", _of(ConcernArea), {"layer": "area__layer", "name": "area__name"}, _area),
    ShortList(
        "answers", _of(Answer), {"label": "label", "chosen": "chosen", "typed": "typed"}, _answer
    ),
    ShortList("updates", _updates, {"on": "published_on", "text": "text"}, _update),
    ShortList(
        "changes",
        _of(StatusChange),
        {
            "at": "at",
            "state": "state",
            "outcome": "outcome",
            "party": "by_party",
            "who": "by_user__name",
        },
        _change,
    ),
    ShortList("notes", _of(Note), {"at": "at", "who": "by_user__name", "text": "text"}, _note),
    ShortList("places", _of(PlaceCorrection), {"at": "at", "words": "place_text"}),
    ShortList("delays", _of(DelayReason), {"at": "at", "words": "text", **SPOKEN}),
    ShortList(
        "removals",
        _of(RemovalRequest),
        {"at": "at", "words": "asked", "done": "answered_at", "answer": "answer", **SPOKEN},
    ),
    ShortList("routes", _of(ConcernRoute), ROUTE_COLUMNS, route_line, order=("-id",), most=1),
    ShortList("team_names", _teams_in_use, {"id": "id", "name": "name"}, order=("name",), most=100),
    ShortList("escalations", _of(Escalation), {"stage": "stage", "on": "on"}, escalation_line),
    ShortList(
        "holds",
        _open_holds,
        {
            "on": "placed_on",
            "reason": "reason",
            "who": "placed_by__name",
            "asked": "erasure_asked_on",
        },
        _hold,
    ),
    ShortList("handoffs", _of(Handoff), COLUMNS, line_of),
    *POLICE_PARTS,
    ShortList("tags", _of(ConcernTag), {"id": "tag_id", "name": "tag__name"}),
    # What may be added, for the field to offer.
    ShortList("tag_names", _tags_in_use, {"name": "name"}, order=("name",), most=200),
    HISTORY,
    TEMPLATES,
    COLLEAGUES,
    LANGUAGE_TASK,
)


def case_lists(
    concern: Concern, *bundles: Bundle, given: Mapping[str, Any] | None = None
) -> CaseLists:
    """Read the lists of one concern, and those of `bundles` with what they are `given`; one query.

    Raises Concern.DoesNotExist.
    """
    parts, question = _question(bundles)
    own = {"concern": concern.pk, "agency": concern.agency_id}
    row = question.first({**(given or {}), **own})
    if row is None:
        raise Concern.DoesNotExist
    # An empty query set has no array at all.
    lists = {
        part.name: [part.line(json.loads(one)) for one in found or ()]
        for part, found in zip(parts, row, strict=True)
    }
    asides = _asides(place=lists["places"], delay=lists["delays"], removal=lists["removals"])
    return CaseLists(lists, asides)


# As many as there are kinds of readers: people who may read the same cases make one question each.
@lru_cache(maxsize=256)
def _question(bundles: tuple[Bundle, ...]) -> tuple[tuple[ShortList, ...], Composed]:
    parts = (*PARTS, *(part for bundle in bundles for part in bundle.make(bundle.key)))
    rows = Concern.objects.filter(pk=Given("concern", BigIntegerField()))
    rows = rows.annotate(**{part.key: part.subquery() for part in parts}).order_by()
    return parts, compose(rows.values_list(*(part.key for part in parts)))
