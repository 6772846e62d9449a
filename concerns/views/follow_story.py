"""How a report stands, in words for its reporter: what happened, what comes next, who has it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concerns.models import BesideLanguage, Concern, Handoff, Reply, StatusChange
from concerns.models.casework import Party
from concerns.queries import readings_of
from concerns.querysets import ConcernQuerySet
from concerns.services import asks_for_service
from concerns.views.desk_queue import due_on
from concerns.workflow import DAYS_TO_DISSENT, Outcome, State, WaitingOn
from engagement.doors.templatetags.days import long_day
from engagement.people.models import Grant
from engagement.people.rights import FURTHEST_FIRST
from engagement.people.roles import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SOMEBODY: dict[str, "StrOrPromise"] = {
    Role.OFFICER: gettext_lazy("an officer"),
    Role.SUPERVISOR: gettext_lazy("a supervisor"),
    Role.DISPATCHER: gettext_lazy("a dispatcher"),
    Role.MODERATOR: gettext_lazy("a moderator"),
    Role.CUSTODIAN: gettext_lazy("the records custodian"),
    Role.READER: gettext_lazy("a reader of the agency"),
}


@dataclass(frozen=True)
class Step:
    """One line of the history."""

    words: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True)
class Read:
    """Somebody of this role opened it on that day."""

    who: "StrOrPromise"
    on: date
    is_identity: bool = False


def with_owner_role(rows: ConcernQuerySet) -> ConcernQuerySet:
    """Let each concern say by which role its owner works, as `owner_role`; no further query."""
    roles = Grant.objects.filter(user_id=OuterRef("owner_id"), agency_id=OuterRef("agency_id"))
    on_casework = roles.filter(role__in=[str(role) for role in FURTHEST_FIRST])
    newest = on_casework.order_by("-from_on", "-id").values("role")[:1]
    return rows.annotate(owner_role=Subquery(newest))


def waits_with(concern: Concern) -> Handoff | None:
    """What was handed on and holds it up now, the newest. One query, and none while it waits for
    nobody outside."""
    if concern.state != State.WAITING or concern.waiting_on != WaitingOn.PARTNER:
        return None
    rows = Handoff.objects.under_way().select_related("organisation")
    return rows.filter(concern=concern).order_by("-id").first()


def who_has_it(concern: Concern, handed: Handoff | None = None) -> str:
    """The role of who works on it; the name only where the agency publishes names."""
    if handed is not None:
        return handed.organisation.name
    handler = str(concern.category.handler or concern.agency.name)
    if concern.state == State.WAITING and concern.waiting_on == WaitingOn.PARTNER:
        return handler
    if concern.owner_id is None:
        return _("Nobody yet. A supervisor gives it to an officer.")
    if concern.agency.publishes_officer_names and concern.owner and concern.owner.name:
        return concern.owner.name
    role = str(SOMEBODY.get(getattr(concern, "owner_role", None) or "", SOMEBODY[Role.OFFICER]))
    if concern.area is None:
        return _("%(role)s of %(agency)s") % {
            "role": _capital(role),
            "agency": concern.agency.short_name or concern.agency.name,
        }
    return _("%(role)s for %(area)s") % {"role": _capital(role), "area": concern.area.name}


def what_comes_next(concern: Concern, handed: Handoff | None = None) -> str:
    """One or two sentences about the next thing that happens, or that the reporter can do."""
    if handed is not None:
        return _(
            "It waits for %(name)s, who were asked to be done by %(day)s. They do not know who "
            "reported it. You read here when they are done."
        ) % {"name": handed.organisation.name, "day": long_day(handed.due_on)}
    looks = str(concern.agency.looks_at_reports or "")
    words = {
        State.RECEIVED: _("A person reads it and answers you."),
        State.ACCEPTED: _("It was read and taken on. Next, somebody works on it."),
        State.WORKING: _("Somebody works on it. You read here what they find or do."),
        State.RESOLVED: _(
            "Tell us whether it is fixed. Without a word from you it closes on its own."
        ),
        State.CLOSED: _("Nothing more happens by itself. Your code and secret go on opening it."),
    }
    if concern.outcome == Outcome.MERGED:
        return _("It goes on together with the other report, as you read above.")
    if concern.outcome == Outcome.SPAM:
        return _(
            "It looked like spam to the police, so they closed it. If it is none, write to them "
            "below: it is back in the queue then."
        )
    if concern.state == State.WAITING:
        if concern.waiting_on == WaitingOn.REPORTER:
            return _("Work goes on when you answer. Until then the clock stands still.")
        return _(
            "It waits for %(handler)s, who handle this kind. You read here when they are done."
        ) % {"handler": concern.category.handler or concern.agency.name}
    if concern.state == State.RECEIVED and looks:
        return (
            words[State.RECEIVED]
            + " "
            + _("When a person next looks: %(when)s.") % {"when": looks.rstrip(".")}
        )
    return words[State(concern.state)]


def closes_on(concern: Concern) -> date | None:
    """The day on which a resolved report closes without a word of its reporter."""
    if concern.state != State.RESOLVED or concern.resolved_at is None:
        return None
    return concern.agency.day_of(concern.resolved_at + timedelta(days=DAYS_TO_DISSENT))


@dataclass(frozen=True)
class Late:
    """Why it is late. `spoken` tells in which language staff said so and how the words were made,
    where that is not English."""

    words: str
    spoken: BesideLanguage | None = None


def lateness(concern: Concern, *, today: date) -> Late | None:
    """Why it is late, in words; None when it is not."""
    due = due_on(concern)
    if due is None or due >= today:
        return None
    said = concern.delay_reasons.select_related("spoken").order_by("-id").first()
    if said is not None:
        return Late(said.text, getattr(said, "spoken", None))
    if concern.state == State.RECEIVED:
        return Late(_("Nobody has taken it on yet. You can ask why below."))
    return Late(_("Nobody has said why yet. You can ask below."))


def steps(
    concern: Concern, corrections: Iterable[Any], replies: Iterable[Reply] = ()
) -> list[Step]:
    """What happened, oldest first; `replies` hold what the reporter was asked."""
    changes = list(concern.status_changes.order_by("id"))
    asked = {reply.at for reply in replies if reply.is_question}
    told = [
        Step(_moved(change, before, asked), change.at, _outcome(change))
        for change, before in zip(changes, [None, *changes], strict=False)
    ]
    told += [Step(_("You corrected the place."), each.at) for each in corrections]
    told += _visits(concern)
    # Whole hours: what the same hour holds keeps its order.
    return sorted(told, key=attrgetter("at"))


def _visits(concern: Concern) -> list[Step]:
    """The days on which somebody was there, each once. Nothing says why, or when on that day."""
    words = _("An officer was there.")
    if asks_for_service(concern.category.group):
        words = _("We came by, as you asked.")
    visits = concern.visits.filter(is_taken_back=False).order_by("was_at", "id")
    return [Step(words, visit.was_at) for visit in {visit.on: visit for visit in visits}.values()]


def readings(concern: Concern) -> list[Read]:
    """Which roles opened the page or an address, by the day, oldest first. Two queries."""
    somebody = _("permitted staff")
    return [
        Read(SOMEBODY.get(read.role, somebody), read.on, read.is_identity)
        for read in readings_of(concern)
    ]


def _moved(change: StatusChange, before: StatusChange | None, asked: Collection[datetime]) -> str:
    state, party = State(change.state), change.by_party
    if before is not None and before.outcome == Outcome.MERGED:
        return _("It is looked at for itself again.")
    if state == State.WORKING and before is not None:
        return _again(State(before.state), party)
    if state == State.CLOSED:
        return _closed(change)
    if state == State.RECEIVED and before is not None:
        return _("You said that it is not spam. It is back in the queue.")
    words = {
        State.RECEIVED: _("We got your report."),
        State.ACCEPTED: _("The police took it on."),
        State.WORKING: _("Work on it began."),
        State.WAITING: _("The police asked you something.")
        if change.at in asked
        else _("It waits for somebody outside the police."),
        State.RESOLVED: _("The police say it is resolved."),
    }
    return words[state]


def _again(before: State, party: str) -> str:
    if before in (State.RESOLVED, State.CLOSED):
        if party == Party.REPORTER:
            return _("You said it is not fixed. It was opened again.")
        return _("The police opened it again.")
    if before == State.WAITING:
        if party == Party.REPORTER:
            return _("You answered. Work goes on.")
        return _("Work goes on.")
    return _("Work on it began.")


def _closed(change: StatusChange) -> str:
    if change.outcome == Outcome.WITHDRAWN:
        return _("You took it back.")
    if change.outcome == Outcome.MERGED:
        return _("The police joined it with another report about the same thing.")
    if change.by_party == Party.REPORTER:
        return _("You said it is fixed. It is closed.")
    if change.by_party == Party.CLOCK:
        return _("It closed after 14 days without a word.")
    return _("The police closed it.")


def _outcome(change: StatusChange) -> str:
    is_own = change.by_party == Party.REPORTER
    return "" if is_own or not change.outcome else str(change.get_outcome_display())


def outcome_told(concern: Concern) -> str:
    """What came of it, said to the reporter themselves; "" while nothing did."""
    if concern.outcome == Outcome.WITHDRAWN:
        return _("You took it back")
    return str(concern.get_outcome_display()) if concern.outcome else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
