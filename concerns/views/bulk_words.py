"""Steps on many cases in words: what is asked, what will be refused and why, what came of a row."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concerns.actions.bulk_rows import Hand
from concerns.forms.bulk import TEXT_STATES
from concerns.models import BulkRow, BulkRun, Concern
from concerns.models.bulk import Result, Verb
from concerns.spoken import name_of
from concerns.workflow import State
from engagement.people.models import User

REASONS: Mapping[str, str | Promise] = {
    "unreadable": gettext_lazy("You may not read it, or it is gone."),
    "no_right": gettext_lazy("It lies outside the areas where you may do this."),
    "is_done": gettext_lazy("It is resolved or closed."),
    "is_so": gettext_lazy("It is so already."),
    "no_lead": gettext_lazy("Nobody leads its area, or more than one officer does."),
    "state": gettext_lazy("Its state does not allow this step."),
    "no_reader": gettext_lazy("It was taken over from another system: nobody would read it."),
    "no_text": gettext_lazy(
        "There is no such text for its state and kind in its reporter's language."
    ),
    "no_words": gettext_lazy("You wrote nothing in its reporter's language."),
    "action": gettext_lazy("It cannot be done as the case stands now."),
    "fault": gettext_lazy("Something broke on our side. Nothing was changed on this case."),
}


@dataclass(frozen=True)
class TextShown:
    """A text as one of the reporters will read it, and how many get it."""

    language: str
    code: str
    words: str
    count: int


@dataclass
class Preview:
    """What a yes would do now. Rights and states are asked again for each case when it is done."""

    will: int = 0
    changed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    texts: list[TextShown] = field(default_factory=list)
    receivers: list[tuple[str, int]] = field(default_factory=list)

    @property
    def refusals(self) -> list[tuple[str, int]]:
        return [(str(REASONS[why]), count) for why, count in self.refused.items()]


def preview_of(hand: Hand) -> Preview:
    """Ask every case of the step what would come of it; memory holds some hundred at a time.

    At most three queries, however many cases.
    """
    found, sums = Preview(), _Sums()
    rows = hand.readable().defer("search", "text").filter(bulk_rows__run=hand.run)
    rows = rows.annotate(seen_version=F("bulk_rows__seen_version")).order_by("pk")
    for concern in rows.iterator(chunk_size=500):
        sums.seen += 1
        why = hand.why_not(concern)
        if concern.version != concern.seen_version:  # type: ignore[attr-defined]
            found.changed += 1
        elif why:
            found.refused[why] = found.refused.get(why, 0) + 1
        else:
            found.will += 1
            sums.add(hand, concern)
    if hand.run.total > sums.seen:
        found.refused["unreadable"] = hand.run.total - sums.seen
    found.texts, found.receivers = sums.texts(), sums.receivers()
    return found


@dataclass
class _Sums:
    """What is added up over the cases: which text goes how often, and who gets how many."""

    seen: int = 0
    sent: Counter[tuple[int | None, str]] = field(default_factory=Counter)
    examples: dict[tuple[int | None, str], str] = field(default_factory=dict)
    got: Counter[int] = field(default_factory=Counter)

    def add(self, hand: Hand, concern: Concern) -> None:
        taker = hand.order.receiver(concern)
        if taker is not None:
            self.got[taker] += 1
        state = TEXT_STATES.get(Verb(hand.run.verb), State(concern.state))
        text = hand.order.texts.text_for(concern, state)
        if text is None:
            return
        # Words of one step alone have no number, and are one for each language.
        key = (text.pk, text.language)
        self.sent[key] += 1
        if key not in self.examples:
            self.examples[key] = hand.order.texts.words_for(concern, state)

    def texts(self) -> list[TextShown]:
        return [
            TextShown(name_of(language), language, words, self.sent[number, language])
            for (number, language), words in self.examples.items()
        ]

    def receivers(self) -> list[tuple[str, int]]:
        if not self.got:
            return []
        people = User.objects.filter(pk__in=list(self.got)).order_by("name", "id")
        return [(str(person), self.got[person.pk]) for person in people]


def counts_of(run: BulkRun) -> dict[str, int]:
    """Return how many rows stand how; one query over the rows of this step."""
    rows = BulkRow.objects.filter(run=run).values_list("result", "undone")
    counted = rows.annotate(Count("id")).order_by("result", "undone")
    found = {
        "waiting": 0,
        "done": 0,
        "refused": 0,
        "changed": 0,
        "taken_back": 0,
        "not_taken_back": 0,
    }
    for result, undone, number in counted:
        found[result or "waiting"] += number
        if undone == Result.DONE:
            found["taken_back"] += number
        elif undone:
            found["not_taken_back"] += number
    return found


def told(row: BulkRow) -> str:
    """Say in a sentence what came of a row."""
    if row.result == Result.CHANGED:
        return _changed(row)
    if row.result == Result.REFUSED:
        return _("Refused: %(why)s") % {"why": REASONS[row.reason]}
    if row.result == Result.WAITING:
        return _("Not done yet.")
    if row.undone == Result.DONE:
        return _("Done, and taken back.")
    if row.undone == Result.CHANGED:
        return _("Done; not taken back. %(why)s") % {"why": _changed(row)}
    if row.undone == Result.REFUSED:
        return _("Done; not taken back. %(why)s") % {"why": REASONS[row.undo_reason]}
    return _("Done.")


def _changed(row: BulkRow) -> str:
    if row.changed_by is None:
        return _("Changed meanwhile, by its reporter or by time.")
    return _("Changed meanwhile by %(name)s.") % {"name": row.changed_by}


def question(run: BulkRun, chosen: str) -> str:
    """Say what a yes means, in the words of the verb."""
    label = str(Verb(run.verb).label)
    return f"{label}: {chosen}" if chosen else label


def context_of(run: BulkRun, chosen: str) -> dict[str, Any]:
    """What every page of a step shows in its heading."""
    return {"run": run, "asked": question(run, chosen), "verb": Verb(run.verb).label}
