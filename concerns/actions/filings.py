"""Filing for somebody who called, came in or wrote: what is kept beside the concern."""

from dataclasses import dataclass
from datetime import datetime

from concerns.models import Concern, Filing
from concerns.models.concern import Priority
from engagement.audit.actors import Actor
from engagement.audit.together import Together


@dataclass(frozen=True)
class FiledFor:
    """Who asked, how they agreed to the words and to being reached, and how it came about.

    `asked_by` and `agreed` are codes of the model; nothing here names a person.
    """

    asked_by: str
    agreed: str
    had_interpreter: bool = False
    on_paper_form: bool = False
    is_urgent: bool = False


def store(
    concern: Concern, filed: FiledFor | None, *, by: Actor, at: datetime, writes: Together
) -> None:
    """Gather who filed it and on what consent, to be stored with the rest of the intake; nothing
    for a report of the reporter's own. Raises ValueError unless a member of staff filed it."""
    if filed is None:
        return
    if by.user_id is None:
        raise ValueError("only staff file for somebody else")
    filing = Filing(
        agency_id=concern.agency_id,
        concern=concern,
        filed_by_id=by.user_id,
        filed_on=concern.agency.day_of(at),
        asked_by=filed.asked_by,
        agreed=filed.agreed,
        had_interpreter=filed.had_interpreter,
        on_paper_form=filed.on_paper_form,
    )
    writes.insert(filing)
    if filed.is_urgent:
        concern.priority = Priority.URGENT
        writes.change(concern, "priority")
