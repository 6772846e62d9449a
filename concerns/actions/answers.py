"""Answers to the questions of a category, stored with the concern they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from concerns.looks import is_only_looks
from concerns.models import Answer, Concern
from concerns.models.categories import Mode
from engagement.audit.together import Together
from engagement.places.wording import Wording

COUNT = """
INSERT INTO concerns_guidedday (agency_id, "on", reports, reminders, sent_anyway)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (agency_id, "on") DO UPDATE SET
    reports = concerns_guidedday.reports + EXCLUDED.reports,
    reminders = concerns_guidedday.reminders + EXCLUDED.reminders,
    sent_anyway = concerns_guidedday.sent_anyway + EXCLUDED.sent_anyway
RETURNING 1"""


@dataclass(frozen=True)
class GivenAnswer:
    """One answer in words, as `Answer` keeps it; `chosen` or `typed` holds it.

    `asks_for_behavior` says that the words are to tell what somebody did, not how they look.
    """

    code: str
    kind: str
    label: Wording
    chosen: Wording = field(default_factory=Wording)
    typed: str = ""
    asks_for_behavior: bool = False
    # The day of an answer that is one; kept only where a service needs it.
    day: date | None = None

    def __repr__(self) -> str:
        # A traceback or a log line must not show what somebody wrote.
        return f"GivenAnswer({self.code})"

    @property
    def words(self) -> Wording | str:
        return self.chosen or self.typed


def store(concern: Concern, given: Sequence[GivenAnswer], *, writes: Together) -> None:
    """Gather the answers of a concern that was stored just now, to be stored with the rest."""
    rows = (
        Answer(
            agency_id=concern.agency_id,
            concern=concern,
            code=one.code,
            kind=one.kind,
            label=one.label,
            chosen=one.chosen,
            typed=one.typed,
        )
        for one in given
    )
    # Of two answers under one code the first counts: a violation would stand in the server's log.
    writes.insert_all(rows, once=True)
    if concern.category.mode == Mode.GUIDED:
        sent_anyway = int(says_only_looks(concern.text, given))
        writes.run(COUNT, [concern.agency_id, concern.received_on, 1, 0, sent_anyway])


def differ(concern: Concern, given: Sequence[GivenAnswer]) -> bool:
    """Whether these are other answers than those stored with the concern."""
    stored = {(one.code, one.chosen, one.typed) for one in concern.answers.order_by("id")}
    return stored != {(one.code, one.chosen, one.typed) for one in given}


def says_only_looks(text: str, given: Sequence[GivenAnswer]) -> bool:
    """Whether a report that is to tell behavior tells only how somebody looks."""
    told = [one.typed for one in given if one.asks_for_behavior]
    return bool(told) and is_only_looks(text, *told)


def count_reminder(*, agency_id: int, on: date) -> None:
    """Count that the reminder was shown on this day of the agency; a page loaded anew counts again.

    Nothing else is stored: whether a report follows is never known.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [agency_id, on, 0, 1, 0])
