"""Which service somebody asks for, and how long what is private of it is kept. No database."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from concerns.models.categories import Group
from concerns.models.services import Service
from engagement.places.wording import Wording, as_wording

USUAL = Path(__file__).resolve().parent / "fixtures" / "security_survey.json"
# Of these nothing that was written or chosen is stored in plain, and nobody asks namelessly: an
# empty home is checked for somebody whom the police can call about it.
SEALED_CATEGORIES = frozenset({"vacation_check"})
# An answer to the question of this code says which service, and one of that code from which day.
SERVICE_QUESTION, FROM_QUESTION = "service", "from"
AWAY_FROM, AWAY_UNTIL = "away_from", "away_until"
# Long enough to hear on return that something was found.
ABSENCE_KEPT = timedelta(days=14)
# Where nobody wrote an end.
ABSENCE_KEPT_AT_MOST = timedelta(days=180)
# Words of the usual answers, in English as stored; administrators may word them anew, so a part
# of a word is enough, and where none fits staff choose.
GUESSES = {
    "vacation": Service.VACATION,
    "patrol": Service.PATROL,
    "safe": Service.SURVEY,
    "survey": Service.SURVEY,
    "roll call": Service.ROLL_CALL,
    "speaker": Service.SPEAKER,
    "coffee": Service.COFFEE,
}
# Of these people come together, so a meeting is planned for them.
GATHERINGS = frozenset({Service.SPEAKER, Service.ROLL_CALL, Service.COFFEE})


@dataclass(frozen=True)
class Away:
    """When a home stands empty, days included, and what its people wrote, line by line."""

    from_on: date | None = None
    until_on: date | None = None
    lines: tuple[str, ...] = ()

    def __repr__(self) -> str:
        # A traceback or a log line must not show it.
        return "Away()"

    def holds(self, day: date) -> bool:
        """Whether the home is to be looked at that day; with an open end every day after."""
        return (self.from_on is not None and self.from_on <= day) and (
            self.until_on is None or day <= self.until_on
        )

    def as_text(self) -> str:
        days = [day.isoformat() if day else "" for day in (self.from_on, self.until_on)]
        return json.dumps([*days, list(self.lines)])

    @classmethod
    def from_text(cls, text: str) -> "Away":
        if not text:
            return cls()
        begin, end, lines = json.loads(text)
        first, last = (date.fromisoformat(day) if day else None for day in (begin, end))
        return cls(first, last, tuple(lines))


@dataclass(frozen=True)
class Item:
    """One line of the survey; `code` never changes."""

    code: str
    words: Wording


@dataclass(frozen=True)
class Part:
    heading: Wording
    items: tuple[Item, ...]


@cache
def survey_parts() -> tuple[Part, ...]:
    """The checklist of a security survey, in English and Spanish, in the order of a walk."""
    rows = json.loads(USUAL.read_text(encoding="utf-8"))
    return tuple(
        Part(
            as_wording(row["heading"]),
            tuple(Item(item["code"], as_wording(item["words"])) for item in row["items"]),
        )
        for row in rows
    )


def asks_for_service(group: str) -> bool:
    return group == Group.ENGAGEMENT


def service_named(words: str) -> Service | None:
    """Which service an answer in English names, or None."""
    said = words.casefold()
    return next((service for part, service in GUESSES.items() if part in said), None)


def is_over(away: Away, *, closed_on: date | None, asked_on: date, today: date) -> bool:
    """Whether what is kept of an absence has to go: 14 days after its end, or after the case was
    closed, whichever is first; without either after half a year."""
    ends: Sequence[date] = [day for day in (away.until_on, closed_on) if day is not None]
    if not ends:
        return today > asked_on + ABSENCE_KEPT_AT_MOST
    return today > min(ends) + ABSENCE_KEPT
