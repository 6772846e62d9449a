"""What was decided about a report is exported to its reporter; aids of the desk are named."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from concerns.actions.export_beside import kept_back
from concerns.actions.export_shape import INTERNAL, NOTES, NUMBER, SAME_WORDS, STAFF, Table
from concerns.models import (
    BulkRow,
    ConcernRoute,
    ConcernTag,
    Escalation,
    Flag,
    LegalHold,
    ModerationDecision,
)
from concerns.models.languages import BesideLanguage, LanguageTask, ReplyLanguage
from concerns.models.lexemes import WordsDue
from concerns.models.reasons import ChangeReason

if TYPE_CHECKING:
    from concerns.models import Concern


def judged_tables() -> list[Table]:
    return [
        Table(
            code="decisions",
            heading=_("Decisions about words and photos"),
            model=ModerationDecision,
            rows=_decisions,
            fields={"what": _("What"), "reason": _("Reason"), "at": _("In the hour from (UTC)")},
            left_out={**INTERNAL, "by_user": STAFF},
        ),
        Table(
            code="holds",
            heading=_("Legal holds, which keep all of it from being erased"),
            model=LegalHold,
            rows=lambda concern: concern.holds.order_by("id"),
            fields={
                "placed_on": _("From"),
                "lifted_on": _("Until"),
                "erasure_asked_on": _("You asked to be erased"),
            },
            left_out={
                **INTERNAL,
                "reason": NOTES,
                "lifted_because": NOTES,
                "placed_by": STAFF,
                "lifted_by": STAFF,
            },
        ),
        kept_back("tags", _("Tags"), ConcernTag, "", NOTES),
        kept_back("flags", _("Requests of colleagues to look again"), Flag, "", NOTES),
        kept_back("steps", _("Steps on many cases"), BulkRow, "", NUMBER),
        Table(
            code="languages",
            heading=_("Languages of replies"),
            model=ReplyLanguage,
            rows=lambda concern: ReplyLanguage.objects.filter(concern=concern).order_by("id"),
            fields={
                "language": _("Language"),
                "made_by": _("Made by"),
                "original": _("As staff wrote it"),
            },
            left_out={**INTERNAL, "reply": NUMBER},
        ),
        Table(
            code="languages_beside",
            heading=_("Languages of reasons for delay and of answers to your wishes"),
            model=BesideLanguage,
            rows=lambda concern: BesideLanguage.objects.filter(concern=concern).order_by("id"),
            fields={
                "language": _("Language"),
                "made_by": _("Made by"),
                "original": _("As staff wrote it"),
            },
            left_out={**INTERNAL, "delay": NUMBER, "removal": NUMBER},
        ),
        kept_back("language_help", _("Help with a language"), LanguageTask, "", NOTES),
        kept_back("routes", _("By which rule it came to whom"), ConcernRoute, "", STAFF),
        kept_back("escalations", _("When supervisors were told"), Escalation, "", STAFF),
        kept_back("reasons", _("Reasons of staff for a change"), ChangeReason, "", NOTES),
        kept_back("words", _("Words waiting for the search of staff"), WordsDue, "", SAME_WORDS),
    ]


def _decisions(concern: "Concern") -> list[ModerationDecision]:
    rows = ModerationDecision.objects.filter(concern=concern).select_related("reason")
    return list(rows.order_by("id"))
