"""What was decided about a report is exported to its reporter; aids of the desk are named."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from concerns.actions.export_beside import kept_back
from concerns.actions.export_shape import INTERNAL, NOTES, NUMBER, STAFF, Table
from concerns.models import BulkRow, ConcernTag, Flag, ModerationDecision

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
        kept_back("tags", _("Tags"), ConcernTag, "", NOTES),
        kept_back("flags", _("Requests of colleagues to look again"), Flag, "", NOTES),
        kept_back("steps", _("Steps on many cases"), BulkRow, "", NUMBER),
    ]


def _decisions(concern: "Concern") -> list[ModerationDecision]:
    rows = ModerationDecision.objects.filter(concern=concern).select_related("reason")
    return list(rows.order_by("id"))
