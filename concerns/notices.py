"""Who hears what about a concern, and what the mail may say: that something waits, no more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concerns import given_notices, wrong_door_notices
from concerns.calling import ask_for_call, way_of
from concerns.families import survivor_of, whole_of
from concerns.links import LIVES, new_token, token_digest
from concerns.models import (
    AccessLink,
    Concern,
    LanguageTask,
    Reply,
    Reporter,
    Suspicion,
    TeamMember,
)
from concerns.models.calls import Why
from concerns.models.contact_wishes import BY_HAND, Way
from concerns.workflow import DAYS_TO_DISSENT, OPEN_STATES, State, WaitingOn
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour
from engagement.keys.references import spaced
from engagement.outbox.actions.planning import queue_audience
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
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

STANDING = """
SELECT state, owner_id, team_id FROM concerns_concern
WHERE staff_reference = %s AND agency_id = %s"""


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


def register_kinds() -> None:
    """Make the notices known to the outbox; called once, when the apps are ready."""
    wrong_door_notices.register_kinds()
    given_notices.register_kinds()
    to_reporter = _("You get this because you left this address with a report.")
    to_owner = _("You get this because you are the officer of this concern.")
    month, week = timedelta(days=30), timedelta(days=7)
    _register(RECEIVED, to_reporter, context=_reporter_context, useful=week)
    _register(NEWS, to_reporter, context=_reporter_context, useful=month)
    _register(
        QUESTION,
        to_reporter,
        context=_reporter_context,
        useful=month,
        still_true=_still_waits_for_reporter,
    )
    _register(
        REMINDER,
        to_reporter,
        context=_reporter_context,
        useful=week,
        still_true=_same_question_waits,
    )
    _register(
        RESOLVED, to_reporter, context=_reporter_context, useful=month, still_true=_still_resolved
    )
    _register(FRESH_LINK, to_reporter, context=_reporter_context, useful=timedelta(hours=2))
    to_relay = _("You get this because your organisation relays for people of the neighborhood.")
    _register(RELAYED, to_relay, context=_relay_context, useful=week)
    _register(RELAY_WAITS, to_relay, context=_relay_context, useful=month)
    _register(NEW_FOR_OWNER, to_owner, context=_owner_context, useful=week, still_true=_still_owns)
    _register(
        QUESTION_LAPSED, to_owner, context=_owner_context, useful=week, still_true=_still_owns
    )
    to_writer = _("You get this because you said that you write this language.")
    _register(
        LANGUAGE_HELP, to_writer, context=_owner_context, useful=week, still_true=_still_needs_words
    )
    to_team = _("You get this because you are in the team that this concern was given to.")
    _register(
        NEW_FOR_TEAM, to_team, context=_owner_context, useful=week, still_true=_still_with_team
    )
    to_supervisor = _("You get this because you supervise the area of this concern.")
    _register(
        LATE_FOR_LONG, to_supervisor, context=_owner_context, useful=week, still_true=_still_open
    )
    _register(REPORTER_WROTE, to_owner, context=_owner_context, useful=week, still_true=_still_owns)


def _register(
    name: str,
    words: Promise,
    *,
    context: Callable[[Message], dict[str, Any]],
    useful: timedelta,
    still_true: Callable[[Message], bool] | None = None,
) -> None:
    register(
        Kind(
            name=name,
            template=f"concerns/mail/{name.removeprefix('concerns.')}",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=context,
            contexts=_reporter_contexts if context is _reporter_context else None,
            slots=frozenset({"link"}),
            still_true=still_true or _still_there,
            usefulness=useful,
            words=words,
            door="track",
        )
    )


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


def _reporter_contexts(messages: Sequence[Message]) -> dict[UUID, dict[str, Any]]:
    """Single-use links, minted now: they must not age while the mails wait for their turn."""
    about = Concern.objects.filter(
        agency_id__in={message.agency_id for message in messages},
        staff_reference__in={message.subject_reference for message in messages},
    )
    known: dict[tuple[int | None, str], Concern] = {
        (concern.agency_id, concern.staff_reference): concern
        for concern in about.select_related("agency").defer("search", "text")
    }
    contexts, links = {}, []
    for message in messages:
        concern = known.get((message.agency_id, message.subject_reference))
        if concern is None:
            continue
        token = new_token()
        links.append(_link(concern, token))
        contexts[message.id] = {
            "link": _address(concern, reverse("track_link", args=[token])),
            "minutes": int(LIVES.total_seconds() // 60),
            "days_to_dissent": DAYS_TO_DISSENT,
        }
    AccessLink.objects.bulk_create(links)
    return contexts


def _link(concern: Concern, token: str) -> AccessLink:
    return AccessLink(
        agency_id=concern.agency_id,
        concern=concern,
        token_digest=token_digest(token),
        expires_at=timezone.now() + LIVES,
    )


def _reporter_context(message: Message) -> dict[str, Any]:
    return _reporter_contexts([message])[message.id]


def _relay_context(message: Message) -> dict[str, Any]:
    """The tracking code alone: what the person kept to themselves, the secret, opens it."""
    concern = Concern.objects.select_related("agency").get(
        agency_id=message.agency_id or 0, staff_reference=message.subject_reference
    )
    return {
        "code": spaced(concern.tracking_code),
        "link": _address(concern, reverse("track")),
    }


def _owner_context(message: Message) -> dict[str, Any]:
    path = reverse("desk_concern", args=[message.subject_reference])
    return {"link": settings.ORIGIN + path}


@dataclass(frozen=True)
class Standing:
    state: str
    owner_id: int | None
    team_id: int | None


def _standing(message: Message) -> Standing | None:
    """What decides whether a notice is still true, read anew for every mail and so written out."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [message.subject_reference, message.agency_id])
        row = cursor.fetchone()
    return Standing(*row) if row else None


def _still_there(message: Message) -> bool:
    return _standing(message) is not None


def _still_waits_for_reporter(message: Message) -> bool:
    found = _standing(message)
    return found is not None and found.state == State.WAITING


def _same_question_waits(message: Message) -> bool:
    """Whether the concern waits for its reporter, and for an answer to that very question."""
    newest = (
        Reply.objects.filter(
            concern__agency_id=message.agency_id or 0,
            concern__staff_reference=message.subject_reference,
            concern__waiting_on=WaitingOn.REPORTER,
            is_question=True,
        )
        .order_by("-id")
        .values_list("pk", flat=True)
        .first()
    )
    return newest is not None and message.event == f"reply:{newest}"


def _still_needs_words(message: Message) -> bool:
    return LanguageTask.objects.filter(
        pk=int(message.event.partition(":")[2]),
        agency_id=message.agency_id or 0,
        colleague__contact=message.contact_id,
        done_on__isnull=True,
    ).exists()


def _still_resolved(message: Message) -> bool:
    found = _standing(message)
    return found is not None and found.state == State.RESOLVED


def _still_owns(message: Message) -> bool:
    found = _standing(message)
    if found is None or found.owner_id is None:
        return False
    return Contact.objects.filter(pk=message.contact_id, account=found.owner_id).exists()


def _still_with_team(message: Message) -> bool:
    """Until one of the team takes it; the reader may have left the team in the meantime."""
    found = _standing(message)
    if found is None or found.team_id is None or found.owner_id is not None:
        return False
    members = TeamMember.objects.filter(team=found.team_id)
    readers = Contact.objects.filter(account__in=members.values("user_id"))
    return readers.filter(pk=message.contact_id).exists()


def _still_open(message: Message) -> bool:
    found = _standing(message)
    return found is not None and found.state in OPEN_STATES and found.state != State.WAITING


def _address(concern: Concern, path: str) -> str:
    """The configured origin's address of a page, in the name of the concern's own agency."""
    agency = concern.agency
    is_implied = agency.is_default or urlsplit(settings.ORIGIN).hostname in agency.hosts
    return settings.ORIGIN + path + ("" if is_implied else f"?agency={agency.slug}")
