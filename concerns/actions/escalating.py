"""What is late for long is told to the supervisors of its area, once for each stage."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from concerns import notices
from concerns.actions.casework import log
from concerns.deadlines import days_back
from concerns.models import ClockSettings, Concern, Escalation
from concerns.models.clocks import MOST_DAYS, USUAL_DAYS, Stage
from concerns.workflow import OPEN_STATES, State
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.people.models import Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from engagement.places.queries import holidays_of

BATCH = 200
BY = Actor.task("concerns.escalate")
# The holidays of a quarter reach further back than any number of days that can be set.
LOOK_BACK_DAYS = MOST_DAYS * 2


def escalate(*, now: datetime, limit: int = BATCH) -> int:
    """Tell supervisors of what came to be late for long, at most `limit` in each agency; return
    how many were told of. Each in its own transaction."""
    return sum(_escalate_at(agency, now, limit) for agency in Agency.objects.order_by("pk"))


def late_for_long(agency: Agency, stage: Stage, cutoff: date) -> QuerySet[Concern]:
    """Open concerns that wait for nobody, were due on `cutoff` or before, and nobody was told of.

    What looks like spam and nobody looked at is left out.
    """
    told = Escalation.objects.filter(concern=OuterRef("pk"), stage=stage)
    rows = Concern.objects.not_held().filter(~Exists(told), agency=agency)
    if stage == Stage.UNANSWERED:
        due = Q(state=State.RECEIVED, acknowledge_by__lte=cutoff)
    else:
        due = Q(state__in=sorted(OPEN_STATES - {State.WAITING}), resolve_by__lte=cutoff)
    return rows.filter(due)


def supervisors_of(concern: Concern, today: date) -> QuerySet[User]:
    """Return the supervisors whose grant covers its area; where none does, all of the agency."""
    grants = Grant.objects.in_force(today).filter(
        role=Role.SUPERVISOR.value, agency_id=concern.agency_id, user__is_active=True
    )
    here = grants.filter(Q(grant_areas__area_id=concern.area_id) | Q(grant_areas__isnull=True))
    if concern.area_id is None:
        here = grants.filter(grant_areas__isnull=True)
    found = here if here.exists() else grants
    return User.objects.filter(pk__in=found.values("user_id"))


def _escalate_at(agency: Agency, now: datetime, limit: int) -> int:
    row = ClockSettings.objects.filter(agency=agency).first()
    days = USUAL_DAYS if row is None else row.escalate_after
    if days is None:
        return 0
    today = agency.day_of(now)
    since = date.fromordinal(today.toordinal() - LOOK_BACK_DAYS)
    cutoff = days_back(today, days, holidays_of(agency, since=since))
    number = 0
    for stage in Stage:
        due = late_for_long(agency, stage, cutoff).order_by("acknowledge_by", "resolve_by", "id")
        ids = list(due.values_list("pk", flat=True)[:limit])
        number += sum(_tell(concern_id, stage, cutoff, now) for concern_id in ids)
    return number


@transaction.atomic(durable=True)
def _tell(concern_id: int, stage: Stage, cutoff: date, now: datetime) -> bool:
    """Look again under the lock: it may have been answered in the meantime."""
    rows = Concern.objects.select_related("agency").defer("search")
    concern = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=concern_id).first()
    if (
        concern is None
        or not late_for_long(concern.agency, stage, cutoff).filter(pk=concern_id).exists()
    ):
        return False
    today = concern.agency.day_of(now)
    supervisors = supervisors_of(concern, today)
    told = notices.late_for_supervisors(concern, supervisors, stage=stage, now=now)
    Escalation.objects.create(
        agency_id=concern.agency_id, concern=concern, stage=stage, on=today, told=told
    )
    payload: dict[str, str | int | bool | None] = {"stage": stage.value, "told": told}
    log("CONCERN_ESCALATED", concern, by=BY, at=floor_to_hour(now), payload=payload)
    return True
