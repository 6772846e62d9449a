"""What a step on many cases does to one of them: the right it needs, what forbids it, the action.

Each order presses the same action as the button of the case page. What is asked beforehand gives a
reason in words; the action decides again, under its lock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from inspect import unwrap
from typing import Any

from django.db.models import Exists, OuterRef

from concerns.actions import tagging, triage
from concerns.actions.area_leads import Leads, leads_of
from concerns.actions.bulk_texts import Texts
from concerns.actions.taking_back import give_back, standing_of, take_back
from concerns.actions.teamwork import give_to_team
from concerns.given_notices import Given
from concerns.models import BulkRun, Concern, ConcernTag
from concerns.models.bulk import Verb
from concerns.models.languages import MadeBy
from concerns.querysets import ConcernQuerySet
from concerns.registry import ASSIGN, TRIAGE
from concerns.workflow import State, allows
from engagement.people.models import User

Action = Callable[..., object]
# Takes the keywords that every action of the desk shares: the concern, the version, who, when.
Acts = list[Action]

DONE, SAME, STATE = "is_done", "is_so", "state"
NO_READER, NO_TEXT, NO_WORDS, NO_LEAD = "no_reader", "no_text", "no_words", "no_lead"


def bare(action: Action, **given: Any) -> Action:
    """The action without a transaction of its own: it joins the one that also notes its result, so
    that a crash can never leave one without the other."""
    return partial(unwrap(action), **given)


@dataclass(frozen=True)
class Order:
    """One step as somebody chose it. `why_not` returns a code of what forbids it, or "". Who gets
    the case by `act` or `undo` stands in `given` afterwards, and is told of all when it is over."""

    details: Mapping[str, Any]
    texts: Texts
    permission: str = TRIAGE

    def why_not(self, concern: Concern) -> str:
        raise NotImplementedError

    def act(self, concern: Concern, given: Given) -> Action:
        raise NotImplementedError

    def receiver(self, concern: Concern) -> int | None:
        """Who gets the case, where that differs from case to case."""
        return None

    def before(self, concern: Concern) -> dict[str, Any]:
        """What `undo` needs to know of the case as it was."""
        return {}

    def undo(self, concern: Concern, before: Mapping[str, Any], given: Given) -> Acts:
        """The actions that put the case back, in order; none where nothing can."""
        return []


@dataclass(frozen=True)
class Assign(Order):
    permission: str = ASSIGN

    def why_not(self, concern: Concern) -> str:
        if not concern.is_open:
            return DONE
        return SAME if concern.owner_id == self.details["officer"] else ""

    def act(self, concern: Concern, given: Given) -> Action:
        return bare(triage.assign, officer_id=self.details["officer"], tell=given.note)

    def before(self, concern: Concern) -> dict[str, Any]:
        return {"officer": concern.owner_id}

    def undo(self, concern: Concern, before: Mapping[str, Any], given: Given) -> Acts:
        return [bare(triage.assign, officer_id=before["officer"], tell=given.note)]


@dataclass(frozen=True)
class GiveToTeam(Order):
    permission: str = ASSIGN

    def why_not(self, concern: Concern) -> str:
        if not concern.is_open:
            return DONE
        return SAME if concern.team_id == self.details["team"] else ""

    def act(self, concern: Concern, given: Given) -> Action:
        return bare(give_to_team, team_id=self.details["team"], tell=given.note)

    def before(self, concern: Concern) -> dict[str, Any]:
        return {"officer": concern.owner_id, "team": concern.team_id}

    def undo(self, concern: Concern, before: Mapping[str, Any], given: Given) -> Acts:
        return [bare(give_back, before=before, tell=given.note)]


@dataclass(frozen=True)
class AssignByArea(Assign):
    """To whoever leads the area of each case, or stands in for them; never to who hands over."""

    leads: Leads = field(default_factory=Leads)

    def why_not(self, concern: Concern) -> str:
        if not concern.is_open:
            return DONE
        lead = self.leads.of(concern.area_id)
        if lead is None:
            return NO_LEAD
        return SAME if concern.owner_id == lead else ""

    def receiver(self, concern: Concern) -> int | None:
        return self.leads.of(concern.area_id)

    def act(self, concern: Concern, given: Given) -> Action:
        return bare(triage.assign, officer_id=self.leads.of(concern.area_id), tell=given.note)


@dataclass(frozen=True)
class Move(Order):
    """To another state; resolving and closing also say so to the reporter."""

    to: State = State.ACCEPTED

    def why_not(self, concern: Concern) -> str:
        return "" if allows(concern.state, self.to) and self._fits(concern) else STATE

    def _fits(self, concern: Concern) -> bool:
        if self.details["verb"] == Verb.REOPEN:
            return triage.may_be_reopened(concern)
        return self.to != State.WORKING or concern.is_open

    def act(self, concern: Concern, given: Given) -> Action:
        verbs: dict[str, Action] = {
            Verb.ACCEPT: triage.accept,
            Verb.START: triage.start,
            Verb.REOPEN: triage.reopen,
        }
        return bare(verbs[self.details["verb"]])

    def before(self, concern: Concern) -> dict[str, Any]:
        return standing_of(concern)

    def undo(self, concern: Concern, before: Mapping[str, Any], given: Given) -> Acts:
        return [bare(take_back, before=before)]


@dataclass(frozen=True)
class End(Move):
    def why_not(self, concern: Concern) -> str:
        found = super().why_not(concern) or _unread(concern)
        if found or self.texts.text_for(concern, self.to):
            return found
        return NO_WORDS if self.texts.made_by == MadeBy.WRITER else NO_TEXT

    def act(self, concern: Concern, given: Given) -> Action:
        verb: Action = triage.resolve if self.to == State.RESOLVED else triage.close
        words = self.texts.words_for(concern, self.to)
        spoken = self.texts.spoken(concern)
        return bare(verb, outcome=self.details["outcome"], words=words, spoken=spoken)


@dataclass(frozen=True)
class Priority(Order):
    def why_not(self, concern: Concern) -> str:
        return SAME if concern.priority == self.details["priority"] else ""

    def act(self, concern: Concern, given: Given) -> Action:
        return bare(triage.change_priority, priority=self.details["priority"])

    def before(self, concern: Concern) -> dict[str, Any]:
        return {"priority": concern.priority}

    def undo(self, concern: Concern, before: Mapping[str, Any], given: Given) -> Acts:
        return [bare(triage.change_priority, priority=before["priority"])]


@dataclass(frozen=True)
class PutTag(Order):
    def why_not(self, concern: Concern) -> str:
        return SAME if getattr(concern, "has_tag", False) else ""

    def act(self, concern: Concern, given: Given) -> Action:
        return bare(tagging.put_tag, tag_id=self.details["tag"])

    def undo(self, concern: Concern, before: Mapping[str, Any], given: Given) -> Acts:
        return [bare(tagging.take_tag, tag_id=self.details["tag"])]


@dataclass(frozen=True)
class TakeTag(Order):
    def why_not(self, concern: Concern) -> str:
        return "" if getattr(concern, "has_tag", True) else SAME

    def act(self, concern: Concern, given: Given) -> Action:
        return bare(tagging.take_tag, tag_id=self.details["tag"])

    def undo(self, concern: Concern, before: Mapping[str, Any], given: Given) -> Acts:
        return [bare(tagging.put_tag, tag_id=self.details["tag"])]


@dataclass(frozen=True)
class Refile(Order):
    permission: str = ASSIGN

    def why_not(self, concern: Concern) -> str:
        if not concern.is_open:
            return DONE
        return SAME if concern.category_id == self.details["category"] else ""

    def act(self, concern: Concern, given: Given) -> Action:
        category_id = self.details["category"]
        return bare(triage.correct_category, category_id=category_id, tell=given.note)

    def before(self, concern: Concern) -> dict[str, Any]:
        return {
            "category": concern.category_id,
            "officer": concern.owner_id,
            "team": concern.team_id,
        }

    def undo(self, concern: Concern, before: Mapping[str, Any], given: Given) -> Acts:
        # The other kind may have brought another owner; the old kind may bring a third.
        category_id = before["category"]
        back = bare(triage.correct_category, category_id=category_id, tell=given.note)
        return [back, bare(give_back, before=before, tell=given.note)]


@dataclass(frozen=True)
class Write(Order):
    def why_not(self, concern: Concern) -> str:
        found = _unread(concern)
        return found or ("" if self.texts.text_for(concern, concern.state) else NO_TEXT)

    def act(self, concern: Concern, given: Given) -> Action:
        words = self.texts.words_for(concern, concern.state)
        return bare(triage.reply, text=words, spoken=self.texts.spoken(concern))


KINDS: dict[str, Callable[[Mapping[str, Any], Texts], Order]] = {
    Verb.ASSIGN: Assign,
    Verb.AREA: AssignByArea,
    Verb.TEAM: GiveToTeam,
    Verb.ACCEPT: partial(Move, to=State.ACCEPTED),
    Verb.START: partial(Move, to=State.WORKING),
    Verb.REOPEN: partial(Move, to=State.WORKING),
    Verb.RESOLVE: partial(End, to=State.RESOLVED),
    Verb.CLOSE: partial(End, to=State.CLOSED),
    Verb.PRIORITY: Priority,
    Verb.TAG: PutTag,
    Verb.UNTAG: TakeTag,
    Verb.CATEGORY: Refile,
    Verb.REPLY: Write,
}
# What goes to reporters stays with them, whatever is taken back afterwards.
TELLS_REPORTERS = frozenset(
    {Verb.ACCEPT, Verb.START, Verb.REOPEN, Verb.RESOLVE, Verb.CLOSE, Verb.REPLY}
)
NEEDS_TEXT = frozenset({Verb.RESOLVE, Verb.CLOSE, Verb.REPLY})


def order_of(run: BulkRun, user: User, *, now: datetime) -> Order:
    """Return the order of a step whose details are chosen; at most two queries."""
    details = {**run.details, "verb": run.verb}
    if run.verb == Verb.AREA:
        leads = leads_of(run.agency, but=run.details.get("leaver"), on=run.agency.day_of(now))
        return AssignByArea(details, Texts(), leads=leads)
    return KINDS[run.verb](details, Texts.of(run, user))


def with_what_orders_ask(rows: ConcernQuerySet, run: BulkRun) -> ConcernQuerySet:
    """Let each row bring what `why_not` looks at, without a further query."""
    rows = rows.select_related("agency", "category", "reporter")
    tagged = ConcernTag.objects.filter(concern=OuterRef("pk"), tag_id=run.details.get("tag"))
    found: ConcernQuerySet = rows.annotate(has_tag=Exists(tagged)) if "tag" in run.details else rows
    return found


def _unread(concern: Concern) -> str:
    return "" if hasattr(concern, "reporter") else NO_READER
