"""Texts to begin a reply with: which fit a concern, and their words in braces filled in."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db.models import Q

from concerns.models import Concern, ReplyTemplate
from engagement.people.models import User

if TYPE_CHECKING:
    from concerns.models.reply_templates import ReplyTemplates

# Everything that a template may say of a case; nothing else is ever filled in.
VARIABLES = ("reference", "day", "officer", "phone")
_IN_BRACES = re.compile(r"\{(\w*)\}")


def templates_for(
    concern: Concern, *, state: str | None = None, language: str | None = None
) -> "ReplyTemplates":
    """Return the texts in use for the concern's kind, the most specific first; one query.

    `state` is the one that the concern gets by the reply (None: the one it has), `language` the
    reporter's own (None) or another. Nothing stands in for a language that the agency has not.
    """
    kind = concern.category
    fitting = Q(category=kind) | Q(category__isnull=True, group__in=["", kind.group])
    return (
        ReplyTemplate.objects.in_use()
        .filter(
            fitting,
            agency_id=concern.agency_id,
            state=state or concern.state,
            language=language or concern.language,
        )
        .most_specific_first()
    )


def unknown_variables(text: str) -> list[str]:
    """Return what stands in braces and is no variable, such as "name" of "{name}"."""
    return [name for name in _IN_BRACES.findall(text) if name not in VARIABLES]


def filled(text: str, facts: Mapping[str, str]) -> str:
    """Return the text with its variables filled in; a line with one that has no value is left out,
    since "Call ." tells nobody anything."""
    lines = []
    for line in text.splitlines():
        wanted = _IN_BRACES.findall(line)
        if all(facts.get(name) for name in wanted):
            lines.append(_IN_BRACES.sub(lambda found: facts[found.group(1)], line))
    return "\n".join(lines)


def facts_of(concern: Concern, *, officer: User, day: str) -> dict[str, str]:
    """Return the values of the variables; `day` is the day of the report as the language of the
    template writes it."""
    return {
        "reference": concern.staff_reference,
        "day": day,
        # The name as the agency shows it to residents, or none.
        "officer": str(officer) if concern.agency.publishes_officer_names else "",
        "phone": concern.agency.non_emergency_phone,
    }
