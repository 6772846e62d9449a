"""The short lists of a case page, read in one question whatever they hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from concerns.models import (
    Answer,
    Concern,
    ConcernArea,
    DelayReason,
    Note,
    PlaceCorrection,
    RemovalRequest,
    StatusChange,
)
from concerns.models.casework import Party
from concerns.published.models import PublicUpdate
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
class Aside:
    """A corrected place, a reason for delay or a request to remove words: `kind` is "place",
    "delay" or "removal"."""

    kind: str
    at: datetime
    words: str
    done_at: datetime | None

    @property
    def is_open_wish(self) -> bool:
        return self.kind == "removal" and self.done_at is None


@dataclass(frozen=True)
class CaseLists:
    """Each in the order in which it happened; of the asides an unanswered wish stands first."""

    areas: list[AreaLine]
    answers: list[AnswerLine]
    updates: list[UpdateLine]
    changes: list[ChangeLine]
    notes: list[NoteLine]
    asides: list[Aside]

    @property
    def has_open_wish(self) -> bool:
        """Whether the reporter asked to have words removed and nobody answered."""
        return any(aside.is_open_wish for aside in self.asides)


def case_lists(concern: Concern) -> CaseLists:
    """Read the lists of one concern; one query."""
    here = {"concern": OuterRef("pk")}
    row = (
        Concern.objects.filter(pk=concern.pk)
        .annotate(
            its_areas=_rows(
                ConcernArea.objects.filter(**here), layer="area__layer", name="area__name"
            ),
            its_answers=_rows(
                Answer.objects.filter(**here), label="label", chosen="chosen", typed="typed"
            ),
            its_updates=_rows(
                PublicUpdate.objects.filter(public_concern=OuterRef("public_id")),
                on="published_on",
                text="text",
            ),
            its_changes=_rows(
                StatusChange.objects.filter(**here),
                at="at",
                state="state",
                outcome="outcome",
                party="by_party",
                who="by_user__name",
            ),
            its_notes=_rows(Note.objects.filter(**here), at="at", who="by_user__name", text="text"),
            its_places=_rows(PlaceCorrection.objects.filter(**here), at="at", words="place_text"),
            its_delays=_rows(DelayReason.objects.filter(**here), at="at", words="text"),
            its_removals=_rows(
                RemovalRequest.objects.filter(**here), at="at", words="asked", done="answered_at"
            ),
        )
        .values()
        .get()
    )
    return CaseLists(
        areas=[AreaLine(**one) for one in row["its_areas"]],
        answers=[_answer(one) for one in row["its_answers"]],
        updates=[
            UpdateLine(date.fromisoformat(one["on"]), as_wording(one["text"]))
            for one in row["its_updates"]
        ],
        changes=[_change(one) for one in row["its_changes"]],
        notes=[NoteLine(_moment(one["at"]), one["who"], one["text"]) for one in row["its_notes"]],
        asides=_asides(
            place=row["its_places"], delay=row["its_delays"], removal=row["its_removals"]
        ),
    )


def _rows(rows: QuerySet[Any], **columns: str) -> ArraySubquery:
    return ArraySubquery(rows.order_by("id").values(row=JSONObject(**columns)))


def _answer(one: dict[str, Any]) -> AnswerLine:
    return AnswerLine(as_wording(one["label"]), as_wording(one["chosen"]) or one["typed"])


def _change(one: dict[str, Any]) -> ChangeLine:
    outcome = one["outcome"]
    return ChangeLine(
        at=_moment(one["at"]),
        label=OUTCOME_LABELS[Outcome(outcome)] if outcome else STATE_LABELS[State(one["state"])],
        who=one["who"] or Party(one["party"]).label,
    )


def _asides(**kinds: Iterable[dict[str, Any]]) -> list[Aside]:
    found = [
        Aside(
            kind=kind,
            at=_moment(one["at"]),
            words=one["words"],
            done_at=_moment(one["done"]) if one.get("done") else None,
        )
        for kind, rows in kinds.items()
        for one in rows
    ]
    return sorted(found, key=lambda aside: (not aside.is_open_wish, aside.at, aside.kind))


def _moment(written: str) -> datetime:
    """PostgreSQL writes moments into JSON as ISO 8601."""
    return datetime.fromisoformat(written)
