"""The texts that a step on many cases sends: each reporter gets the one in their own language."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from concerns.actions.replying import Spoken
from concerns.models import BulkRun, Concern, ReplyTemplate
from concerns.models.bulk import Verb
from concerns.models.languages import MadeBy
from concerns.reply_templates import facts_of, filled
from concerns.workflow import State
from engagement.doors.templatetags.days import dated_day
from engagement.people.models import User

# Stands in the details of a step for the name of a text; those begin with no blank.
OWN_WORDS = " own"
ENDS = {Verb.RESOLVE: State.RESOLVED, Verb.CLOSE: State.CLOSED}


@dataclass(frozen=True)
class Texts:
    """The texts that go by one name; which of them a case gets follows from its state, kind and
    language, as on the case page. A language that the agency has no text in gets none, and so does
    one in which nothing was written, where somebody wrote words of their own for this step."""

    officer: User | None = None
    rows: list[ReplyTemplate] = field(default_factory=list)
    made_by: MadeBy = MadeBy.TEMPLATE

    @classmethod
    def of(cls, run: BulkRun, officer: User) -> "Texts":
        """One query, and none for a step that sends no text."""
        name = run.details.get("text")
        if not name:
            return cls()
        if name == OWN_WORDS:
            return cls(officer, _written(run), MadeBy.WRITER)
        kept = ReplyTemplate.objects.in_use().filter(agency_id=run.agency_id)
        return cls(officer, with_counterparts(list(kept.most_specific_first()), name))

    def text_for(self, concern: Concern, state: str) -> ReplyTemplate | None:
        """The most specific text for this state, in the language of the reporter."""
        return next((row for row in self.rows if _fits(row, concern, state)), None)

    def words_for(self, concern: Concern, state: str) -> str:
        """The words exactly as they leave; empty where there is no text."""
        found = self.text_for(concern, state)
        if found is None or self.officer is None:
            return ""
        with translation.override(found.language):
            day = dated_day(concern.received_on)
        return filled(found.text, facts_of(concern, officer=self.officer, day=day))

    def spoken(self, concern: Concern) -> Spoken:
        """How the words came into the reporter's language: the agency keeps them in it, or
        whoever asked for the step wrote them in it."""
        return Spoken(concern.language, self.made_by)


def _written(run: BulkRun) -> list[ReplyTemplate]:
    """Words of this one step, as texts that fit every kind; they are stored with the step alone."""
    state = ENDS[Verb(run.verb)]
    return [
        ReplyTemplate(agency_id=run.agency_id, state=state, language=language, text=text)
        for language, text in run.details["words"].items()
    ]


def with_counterparts(rows: list[ReplyTemplate], name: str) -> list[ReplyTemplate]:
    """Return the texts of this name, and what says the same in a language that the name lacks:
    the only text there for the same state and kinds. Names are words of one language."""
    named = [row for row in rows if row.name == name]
    languages = {row.language for row in named}
    uses = {_use(row) for row in named}
    found = list(named)
    for language in sorted({row.language for row in rows} - languages):
        there = [row for row in rows if row.language == language and _use(row) in uses]
        alone = Counter(_use(row) for row in there)
        found += [row for row in there if alone[_use(row)] == 1]
    return found


def _use(row: ReplyTemplate) -> tuple[str, int | None, str]:
    return (row.state, row.category_id, row.group)


def _fits(row: ReplyTemplate, concern: Concern, state: Any) -> bool:
    is_its_kind = row.category_id in (None, concern.category_id)
    is_its_group = row.group in ("", concern.category.group)
    return is_its_kind and is_its_group and row.state == state and row.language == concern.language
