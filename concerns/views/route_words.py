"""Who has a concern and by when it is due, said in a sentence after a correction."""

from datetime import date
from typing import Any

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _

from concerns.models import Concern
from engagement.doors.templatetags.days import long_day


def said_after(first: str | Promise, concern: Concern) -> str:
    """Return words that read the concern only when they are shown, after the action: what was
    done, who has it now and by when."""
    return lazy(lambda: f"{first} {_standing_now(concern.pk)}".strip(), str)()


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


def _standing_now(concern_id: int) -> str:
    columns = ("team__name", "owner__name", "acknowledge_by", "resolve_by", "state")
    row: Any = Concern.objects.filter(pk=concern_id).values_list(*columns).first()
    if row is None:
        return ""
    team, owner, acknowledge_by, resolve_by, state = row
    who = _("It is with %(who)s.") % {"who": who_has(team, owner)}
    return f"{who} {by_when(acknowledge_by, resolve_by, is_new=state == 'received')}"
