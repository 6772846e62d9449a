"""Who has a concern and by when it is due, said in a sentence after a correction."""

from datetime import date

from django.utils.translation import gettext as _

from concerns.models import Concern
from concerns.workflow import State
from engagement.doors.templatetags.days import long_day


def who_has(team: str | None, owner: str | None) -> str:
    if owner:
        return owner
    return _("the team %(name)s") % {"name": team} if team else _("nobody yet")


def by_when(acknowledge_by: date | None, resolve_by: date | None, *, is_new: bool) -> str:
    """Say the dates that still count; an answered concern has only the second."""
    told = []
    if is_new and acknowledge_by:
        told.append(_("First answer by %(day)s.") % {"day": long_day(acknowledge_by)})
    if resolve_by:
        told.append(_("Resolve by %(day)s.") % {"day": long_day(resolve_by)})
    return " ".join(told) or _("No date is set for its kind.")


def holder_and_day(concern: Concern) -> str:
    """Who has it and by when it is due; no query where owner and team were read with it."""
    team = concern.team.name if concern.team else None
    owner = concern.owner.name if concern.owner else None
    who = _("It is with %(who)s.") % {"who": who_has(team, owner)}
    is_new = concern.state == State.RECEIVED
    return f"{who} {by_when(concern.acknowledge_by, concern.resolve_by, is_new=is_new)}"
