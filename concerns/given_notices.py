"""Many cases that somebody gets at once are told of once: those of a step on many when it is over,
those of a colleague who leaves with the first of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concerns.models import BulkRow, BulkRun, Concern, TeamMember
from concerns.models.bulk import Result, Status
from concerns.workflow import OPEN_STATES
from engagement.audit.subjects import Subject
from engagement.outbox.actions.planning import queue_audience
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.people.models import Contact

MANY_FOR_OWNER = "concerns.many_for_owner"
MANY_FOR_TEAM = "concerns.many_for_team"
HANDED_OVER = "concerns.handed_over"
GIVEN, GIVEN_BACK = "given", "given_back"
QUEUE = "desk_concerns"


@dataclass
class Given:
    """Who has a case by one press of a step; `note` stands where a single press tells them."""

    user_id: int | None = None
    team_id: int | None = None

    def note(self, concern: Concern, *, now: datetime) -> None:
        self.user_id = concern.owner_id
        self.team_id = concern.team_id if concern.owner_id is None else None


def tell_receivers(run: BulkRun, *, now: datetime) -> None:
    """Tell everybody who got cases by a step that is over, or got them back by undoing it: one
    notice each, however many cases. Two statements, in the transaction that ends the step."""
    event = GIVEN_BACK if run.status == Status.UNDONE else GIVEN
    rows = _given(run.pk, event)
    reachable = Contact.objects.filter(account__is_active=True)
    people = rows.filter(given_to__isnull=False).values("given_to")
    _queue(MANY_FOR_OWNER, reachable.filter(account__in=people), run, event, now)
    members = TeamMember.objects.filter(
        team__in=rows.filter(given_to_team__isnull=False).values("given_to_team"),
        hears_of_new=True,
    )
    _queue(MANY_FOR_TEAM, reachable.filter(account__in=members.values("user")), run, event, now)


def handed_over(concern: Concern, *, departure_id: int, now: datetime) -> None:
    """Tell the owner, once for one departure, that work of somebody who left is with them now.

    In the transaction of each case: whatever breaks off between two cases, who has one is told.
    """
    queue_audience(
        HANDED_OVER,
        audience=Contact.objects.filter(account=concern.owner_id, account__is_active=True),
        agency_id=concern.agency_id,
        subject=Subject("departure", str(departure_id)),
        event="handed_over",
        now=now,
    )


def _queue(kind: str, readers: QuerySet[Contact], run: BulkRun, event: str, now: datetime) -> None:
    queue_audience(
        kind,
        audience=readers,
        agency_id=run.agency_id,
        subject=Subject("bulk", str(run.pk)),
        event=event,
        now=now,
    )


def register_kinds() -> None:
    """Called once, with the other notices of concerns."""
    _register(MANY_FOR_OWNER, _("You get this because you are the officer of these concerns."))
    _register(
        MANY_FOR_TEAM,
        _("You get this because you are in the team that these concerns were given to."),
    )
    register(
        Kind(
            name=HANDED_OVER,
            template="concerns/mail/handed_over",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=_queue_context,
            still_true=_has_open_work,
            usefulness=timedelta(days=7),
            words=_("You get this because you are the officer of these concerns."),
            door=QUEUE,
        )
    )


def _register(name: str, words: Promise) -> None:
    register(
        Kind(
            name=name,
            template="concerns/mail/many_given",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=_context,
            still_true=_still_there,
            usefulness=timedelta(days=7),
            words=words,
            door=QUEUE,
        )
    )


def _given(run_id: int, event: str) -> QuerySet[BulkRow]:
    rows = BulkRow.objects.filter(run_id=run_id, result=Result.DONE)
    if event == GIVEN_BACK:
        return rows.filter(undone=Result.DONE)
    return rows.exclude(undone=Result.DONE)


def _still_theirs(message: Message) -> QuerySet[BulkRow]:
    """The rows by which this reader has open cases now: of what was given, some may be done, or
    with others already."""
    rows = _given(int(message.subject_reference), message.event).filter(
        agency_id=message.agency_id or 0, concern__state__in=OPEN_STATES
    )
    if message.kind == MANY_FOR_OWNER:
        return rows.filter(given_to__contact=message.contact_id, concern__owner_id=F("given_to_id"))
    teams = TeamMember.objects.filter(user__contact=message.contact_id).values("team_id")
    return rows.filter(
        given_to_team__in=teams,
        concern__team_id=F("given_to_team_id"),
        concern__owner__isnull=True,
    )


def _has_open_work(message: Message) -> bool:
    mine = Concern.objects.open().filter(agency_id=message.agency_id or 0)
    return mine.filter(owner__contact=message.contact_id).exists()


def _queue_context(message: Message) -> dict[str, Any]:
    return {"link": f"{settings.ORIGIN}{reverse(QUEUE)}?show=mine"}


def _still_there(message: Message) -> bool:
    return _still_theirs(message).exists()


def _context(message: Message) -> dict[str, Any]:
    """How many there are, and where: the one case, or the queue that holds them."""
    rows = _still_theirs(message).values_list("concern__staff_reference", "given_to_team_id")
    found = list(rows.order_by("id"))
    if len(found) == 1:
        path = reverse("desk_concern", args=[found[0][0]])
    else:
        teams = {team_id for _reference, team_id in found}
        asked = f"team={min(teams)}" if message.kind == MANY_FOR_TEAM and teams else "show=mine"
        path = f"{reverse(QUEUE)}?{asked}"
    return {"number": len(found), "link": settings.ORIGIN + path}
