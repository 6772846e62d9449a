"""What each notice about a concern says, and what must still be true when its mail leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concerns import given_notices, wrong_door_notices
from concerns.links import LIVES, new_token, token_digest
from concerns.models import AccessLink, Concern, LanguageTask, Reply, TeamMember
from concerns.notices import (
    FRESH_LINK,
    LANGUAGE_HELP,
    LATE_FOR_LONG,
    NEW_FOR_OWNER,
    NEW_FOR_TEAM,
    NEWS,
    QUESTION,
    QUESTION_LAPSED,
    RECEIVED,
    RELAY_WAITS,
    RELAYED,
    REMINDER,
    REPORTER_WROTE,
    RESOLVED,
)
from concerns.workflow import DAYS_TO_DISSENT, OPEN_STATES, State, WaitingOn
from engagement.keys.references import spaced
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.people.models import Contact

STANDING = """
SELECT state, owner_id, team_id FROM concerns_concern
WHERE staff_reference = %s AND agency_id = %s"""


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
