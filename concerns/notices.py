"""Who hears what about a concern, and what the mail may say: that something waits, no more."""

from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import QuerySet

from concerns.calling import ask_for_call, way_of
from concerns.families import survivor_of, whole_of
from concerns.models import (
    Concern,
    LanguageTask,
    Reporter,
    Suspicion,
    TeamMember,
)
from concerns.models.calls import Why
from concerns.models.contact_wishes import BY_HAND, Way
from concerns.workflow import State
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour
from engagement.outbox.actions.planning import queue_audience
from engagement.people.models import Contact, User

RECEIVED = "concerns.received"
NEWS = "concerns.news"
QUESTION = "concerns.question"
REMINDER = "concerns.reminder"
RESOLVED = "concerns.resolved"
QUESTION_LAPSED = "concerns.question_lapsed"
LANGUAGE_HELP = "concerns.language_help"
RELAYED = "concerns.relayed"
RELAY_WAITS = "concerns.relay_waits"
FRESH_LINK = "concerns.fresh_link"
NEW_FOR_OWNER = "concerns.new_for_owner"
NEW_FOR_TEAM = "concerns.new_for_team"
LATE_FOR_LONG = "concerns.late_for_long"
REPORTER_WROTE = "concerns.reporter_wrote"

# The version of a concern that nobody has touched yet.
JUST_STORED = 1


class Tell(Protocol):
    """Tells whoever has the concern now: `new_for_owner`, or who tells of many at once."""

    def __call__(self, concern: Concern, *, now: datetime) -> None: ...


def received(concern: Concern, *, now: datetime, notes: Together | None = None) -> None:
    """Tell a reporter who left an address that the report arrived; here as below, mails are
    gathered in `notes` where these are given."""
    _to_reporter(RECEIVED, concern, event="received", now=now, notes=notes)


def news(concern: Concern, *, event: str, now: datetime, notes: Together | None = None) -> None:
    _to_reporter(NEWS, concern, event=event, now=now, notes=notes)


def followed_news(
    concern: Concern,
    *,
    event: str,
    now: datetime,
    is_worth_a_call: bool = False,
    notes: Together | None = None,
) -> None:
    """Tell a reporter that something moved in the case that their report was joined with."""
    if is_worth_a_call or way_of(concern) not in BY_HAND:
        _to_reporter(NEWS, concern, event=event, now=now, notes=notes)


def question(concern: Concern, *, event: str, now: datetime) -> None:
    _to_reporter(QUESTION, concern, event=event, now=now)


def reminder(concern: Concern, *, event: str, due_at: datetime, now: datetime) -> None:
    """Plan the one reminder of a question; it leaves only if that question still waits then."""
    if concern.is_anonymous or way_of(concern) not in (Way.EMAIL, Way.TEXT):
        return  # nobody to mail; calls and letters come back by themselves
    reporter = Reporter.objects.filter(concern=concern)
    readers = Contact.objects.filter(pk__in=reporter.values("contact_id"))
    _queue(REMINDER, concern, readers, event, now, due_at)


def question_lapsed(concern: Concern, *, event: str, now: datetime) -> None:
    """Tell the owner that nobody answered and that the clock runs again."""
    _to_owner(QUESTION_LAPSED, concern, event=event, now=now)


def language_help(task: LanguageTask, *, now: datetime) -> None:
    """Tell a colleague that words wait for their language."""
    if task.colleague_id is None:
        return
    reader = Contact.objects.filter(account=task.colleague_id, account__is_active=True)
    _queue(LANGUAGE_HELP, task.concern, reader, f"task:{task.pk}", now)


def resolved(concern: Concern, *, event: str, now: datetime, notes: Together | None = None) -> None:
    _to_reporter(RESOLVED, concern, event=event, now=now, notes=notes)


def fresh_link(concern: Concern, *, event: str, now: datetime) -> None:
    """Send a new way in to a reporter whose link ran out."""
    _to_reporter(FRESH_LINK, concern, event=event, now=now)


def new_for_owner(concern: Concern, *, now: datetime, notes: Together | None = None) -> None:
    """Tell the officer who owns the concern now, else those of its team who hear of new work."""
    due_at = _of_the_hour(concern, now) if concern.version == JUST_STORED else None
    if concern.owner_id is None and concern.team_id is not None:
        _to_team(concern, now=now, due_at=due_at, notes=notes)
    else:
        event = f"owner:{concern.version}"
        _to_owner(NEW_FOR_OWNER, concern, event=event, now=now, due_at=due_at, notes=notes)


def late_for_supervisors(
    concern: Concern, supervisors: QuerySet[User], *, stage: str, now: datetime
) -> int:
    """Tell supervisors that it is late for long; return how many a mail was planned for."""
    readers = Contact.objects.filter(account__in=supervisors.values("pk"))
    return _queue(LATE_FOR_LONG, concern, readers, f"late:{stage}", now)


def reporter_wrote(concern: Concern, *, event: str, now: datetime) -> None:
    """Tell the owner that the reporter answered, disagreed, confirmed or took it back."""
    due_at = _of_the_hour(concern, now)
    if due_at is not None:
        # However much is written within the hour, one mail says that something waits.
        event = f"wrote:{due_at:%Y-%m-%dT%H}"
    # Whoever works on the case that it was joined with answers for it too.
    concern = survivor_of(concern) or concern
    _to_owner(REPORTER_WROTE, concern, event=event, now=now, due_at=due_at)


def _to_reporter(
    kind: str, concern: Concern, *, event: str, now: datetime, notes: Together | None = None
) -> None:
    if concern.is_anonymous:
        return  # they left no address, so there is nobody to look for
    if kind != RECEIVED and (whole := whole_of(concern)) is not None:
        # They have one code, and read of all that came of their report on its page.
        concern, kind = whole, NEWS
    way = way_of(concern)
    if way in BY_HAND:
        if why := _reason_to_call(kind, concern, event):
            ask_for_call(concern, way=way, why=why, now=now)
        return
    if way == Way.RELAY:
        # Their mail holds no link: whoever opened it would read what they only pass on.
        kind = RELAYED if kind == RECEIVED else RELAY_WAITS
    reporter = Reporter.objects.filter(concern=concern)
    reader = Contact.objects.filter(pk__in=reporter.values("contact_id"))
    _queue(kind, concern, reader, event, now, notes=notes)


def _reason_to_call(kind: str, concern: Concern, event: str) -> Why | None:
    """What a call is worth: words and results. That work began is told along with them."""
    if kind == QUESTION:
        return Why.QUESTION
    if kind == RESOLVED or (kind == NEWS and concern.state == State.CLOSED):
        return Why.RESOLVED
    return Why.REPLY if kind == NEWS and event.startswith("reply:") else None


def _to_owner(
    kind: str,
    concern: Concern,
    *,
    event: str,
    now: datetime,
    due_at: datetime | None = None,
    notes: Together | None = None,
) -> None:
    if concern.owner_id is None or _is_held(concern):
        return
    owner = Contact.objects.filter(account=concern.owner_id, account__is_active=True)
    _queue(kind, concern, owner, event, now, due_at, notes=notes)


def _to_team(
    concern: Concern, *, now: datetime, due_at: datetime | None, notes: Together | None
) -> None:
    if _is_held(concern):
        return
    members = TeamMember.objects.filter(team=concern.team_id, hears_of_new=True)
    readers = Contact.objects.filter(account__in=members.values("user_id"), account__is_active=True)
    _queue(NEW_FOR_TEAM, concern, readers, f"team:{concern.version}", now, due_at, notes=notes)


def _of_the_hour(concern: Concern, now: datetime) -> datetime | None:
    """When to mail what an anonymous reporter did: with the next full hour, as the mail's own date
    would else tell the minute. None, at once, for what calls for help and for everybody else."""
    if not concern.is_anonymous or concern.danger:
        return None
    return floor_to_hour(now) + timedelta(hours=1)


def _is_held(concern: Concern) -> bool:
    """Whether it looks like spam and nobody looked yet. Whoever just stored it has asked that."""
    if concern.version == JUST_STORED or concern.state != State.RECEIVED:
        return False
    return Suspicion.objects.filter(concern=concern, is_held=True).exists()


def _queue(
    kind: str,
    concern: Concern,
    reader: QuerySet[Contact],
    event: str,
    now: datetime,
    due_at: datetime | None = None,
    *,
    notes: Together | None = None,
) -> int:
    """Look the readers up and plan the notice in the same statement; return how many."""
    return queue_audience(
        kind,
        audience=reader,
        agency_id=concern.agency_id,
        subject=Subject("concern", concern.staff_reference),
        event=event,
        now=now,
        due_at=due_at,
        is_coarse=concern.is_anonymous,
        notes=notes,
    )
