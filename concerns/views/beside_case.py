"""What a reporter did or asks beside the conversation, and who read it, for the page of a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, Value
from django.db.models.functions import Cast

from concerns.models import Concern
from concerns.models.suspicions import Finding
from concerns.querysets import IDENTITY
from concerns.spam import in_words
from engagement.people.models import User
from engagement.people.rights import allowed
from engagement.people.roles import ROLE_WORDS, Role


@dataclass(frozen=True)
class Aside:
    """One row of the column beside a case; `kind` is "place", "delay" or "removal"."""

    kind: str
    at: datetime
    words: str
    done_at: datetime | None


def beside_case(user: User, concern: Concern) -> dict[str, Any]:
    """Context of the case page about its reporter; one query, and one more for who may see who
    read it."""
    may_see_readers = allowed(user, IDENTITY, agency_id=concern.agency_id)
    return {
        "asides": asides(concern),
        "readers": readers(concern) if may_see_readers else None,
    }


def suspected_words(concern: Concern) -> list[str]:
    """Why it looks like spam, while nobody has decided; the concern was read with its suspicion."""
    suspicion = getattr(concern, "suspicion", None)
    is_open = suspicion is not None and suspicion.finding == Finding.OPEN
    return in_words(suspicion.reasons) if is_open else []


def asides(concern: Concern) -> list[Aside]:
    """Corrected places, reasons for delay and requests to remove words, oldest first. One query."""
    rows = [
        _aside(concern.place_corrections, "place", "place_text", None),
        _aside(concern.delay_reasons, "delay", "text", None),
        _aside(concern.removal_requests, "removal", "asked", "answered_at"),
    ]
    found = rows[0].union(*rows[1:], all=True).order_by("moment", "what")
    return [Aside(*row) for row in found]


def readers(concern: Concern) -> list[dict[str, Any]]:
    """Who opened the page, by role and day; for those who may open an address."""
    rows = concern.readings.select_related("by_user").order_by("on", "role", "by_user_id")
    return [
        {"who": str(row.by_user), "role": ROLE_WORDS[Role(row.role)], "on": row.on} for row in rows
    ]


def _aside(rows: Any, kind: str, words: str, done: str | None) -> Any:
    done_at = F(done) if done else Cast(Value(None), DateTimeField())
    told = rows.order_by().annotate(
        what=Value(kind, output_field=CharField()),
        moment=F("at"),
        said=Cast(F(words), CharField()),
        done_moment=done_at,
    )
    return told.values_list("what", "moment", "said", "done_moment")
