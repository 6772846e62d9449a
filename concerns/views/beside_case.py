"""Why a case is held back, and who read it, for its page."""

from typing import Any

from concerns.models import Concern
from concerns.models.suspicions import Finding
from concerns.querysets import IDENTITY
from concerns.spam import in_words
from engagement.people.models import User
from engagement.people.rights import allowed
from engagement.people.roles import ROLE_WORDS, Role


def beside_case(user: User, concern: Concern) -> dict[str, Any]:
    """Context of the case page about who read it; one query for whoever may see that."""
    may_see_readers = allowed(user, IDENTITY, agency_id=concern.agency_id)
    return {"readers": readers(concern) if may_see_readers else None}


def suspected_words(concern: Concern) -> list[str]:
    """Why it looks like spam, while nobody has decided; the concern was read with its suspicion."""
    suspicion = getattr(concern, "suspicion", None)
    if suspicion is None or suspicion.finding != Finding.OPEN:
        return []
    return in_words(suspicion.reasons)


def readers(concern: Concern) -> list[dict[str, Any]]:
    """Who opened the page, by role and day; for those who may open an address."""
    rows = concern.readings.select_related("by_user").order_by("on", "role", "by_user_id")
    return [
        {"who": str(row.by_user), "role": ROLE_WORDS[Role(row.role)], "on": row.on} for row in rows
    ]
