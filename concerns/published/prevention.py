"""What neighbors can do themselves against a kind of concern: usual advice, and an agency's own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from concerns.published.models import Prevention
from engagement.audit.actors import Actor
from engagement.places.models import Agency
from engagement.places.wording import Wording

USUAL = Path(__file__).resolve().parent / "fixtures" / "prevention.json"
# A list of more kinds than this would end in a wall of advice.
MOST_KINDS = 3


@dataclass(frozen=True)
class Advice:
    kind: str
    text: Wording


def prevention_of(agency: Agency, codes: Sequence[str], names: Mapping[str, str]) -> list[Advice]:
    """Advice for these kinds, for at most three of them; `names` is what the kinds are called.

    No query without a kind, else one.
    """
    if not 1 <= len(codes) <= MOST_KINDS:
        return []
    found = Prevention.objects.filter(agency=agency, category_code__in=codes)
    return [
        Advice(names.get(row.category_code, ""), row.advice)
        for row in found.order_by("category_code")
        if row.advice
    ]


def give_prevention(agency: Agency, by: Actor, now: datetime) -> None:
    """Give a new agency the usual advice; what it wrote itself stays."""
    Prevention.objects.bulk_create(
        (
            Prevention(agency=agency, category_code=code, advice=advice)
            for code, advice in usual_prevention().items()
        ),
        ignore_conflicts=True,
    )


def usual_prevention() -> dict[str, dict[str, str]]:
    """The usual advice by category code, in English and Spanish."""
    found: dict[str, dict[str, str]] = json.loads(USUAL.read_text(encoding="utf-8"))
    return found
