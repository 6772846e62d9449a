"""The phrases of an agency, and the mark that they put on a report."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import transaction

from concerns import danger
from concerns.danger import Phrase
from concerns.models import DangerPhrases
from engagement.audit.actors import Actor
from engagement.places.models import Agency

USUAL = Path(__file__).resolve().parent.parent / "fixtures" / "danger_phrases.json"
# A line and a language.
Place = tuple[str, str]


@cache
def usual_phrases() -> dict[Place, tuple[str, ...]]:
    """Return the usual phrases by line and language ("en", "es")."""
    lines: dict[str, dict[str, list[str]]] = json.loads(USUAL.read_text(encoding="utf-8"))
    return {
        (line, language): tuple(phrases)
        for line, languages in lines.items()
        for language, phrases in languages.items()
    }


def phrases_of(agency: Agency) -> list[Phrase]:
    """Return the agency's phrases in all languages, each once: people mix them. One query."""
    rows = DangerPhrases.objects.filter(agency=agency).order_by("id")
    return phrases_in(rows.values_list("line", "language", "phrases"))


def phrases_in(rows: Iterable[tuple[str, str, str]]) -> list[Phrase]:
    """The same from what the agency stored: line, language and phrases, one under the other."""
    own = {(line, language): tuple(text.splitlines()) for line, language, text in rows}
    lists = {**usual_phrases(), **own}
    found = (Phrase(line, text.strip()) for (line, _), texts in lists.items() for text in texts)
    return list(dict.fromkeys(phrase for phrase in found if phrase.text))


def lines_in(text: str, *, agency: Agency) -> list[str]:
    """Return the lines that the text calls for, the most pressing first. One query."""
    return danger.lines_of(danger.found(text, phrases_of(agency)))


def mark_of(texts: Iterable[str], *, phrases: Iterable[Phrase]) -> str:
    """Return the most pressing line that the texts call for, or ""."""
    # A stop between them, so that no phrase is made of the end of one and the start of another.
    return next(iter(danger.lines_of(danger.found(".\n".join(texts), phrases))), "")


@transaction.atomic
def give_phrases(agency: Agency, by: Actor, now: datetime) -> None:
    """Lay the usual lists into a new agency, so that its administrators find them to edit."""
    DangerPhrases.objects.bulk_create(
        (
            DangerPhrases(agency=agency, line=line, language=language, phrases="\n".join(phrases))
            for (line, language), phrases in usual_phrases().items()
        ),
        ignore_conflicts=True,
    )
