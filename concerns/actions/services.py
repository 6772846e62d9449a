"""What people ask the police to do for them: taken in, planned, surveyed, and forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import override

from concerns.actions.answers import GivenAnswer
from concerns.actions.casework import CannotMove, locked, log
from concerns.actions.visiting import note_visit
from concerns.models import Concern, EmptyHome, LegalHold, SecuritySurvey, ServiceRequest
from concerns.models.categories import Category
from concerns.models.services import Service
from concerns.sealed_services import away_of, seal_absence, seal_survey
from concerns.services import (
    AWAY_FROM,
    AWAY_UNTIL,
    FROM_QUESTION,
    SEALED_CATEGORIES,
    SERVICE_QUESTION,
    Away,
    asks_for_service,
    is_over,
    service_named,
)
from engagement.audit.actors import Actor
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour

BY = Actor.task("concerns.forget_absences")


class CannotPlan(CannotMove):
    """That is no service, it ends before it begins, or the concern asks for none."""


def is_sealed(category: Category) -> bool:
    """Whether nothing that is written under this category is stored in plain."""
    return category.code in SEALED_CATEGORIES


def words_instead(language: str) -> str:
    """What stands on the case in place of words that are sealed, in the reporter's language."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with override(known):
        return _("Please come by. What was written is kept apart and deleted afterwards.")


def away_from(text: str, given: Sequence[GivenAnswer]) -> Away:
    """What a sealed request says: its days, and everything written or chosen as lines."""
    days = {one.code: one.day for one in given if one.day is not None}
    rest = [one for one in given if one.code not in (AWAY_FROM, AWAY_UNTIL)]
    lines = [text, *(f"{one.label}: {one.words}" for one in rest)]
    return Away(days.get(AWAY_FROM), days.get(AWAY_UNTIL), tuple(lines))


def take(
    concern: Concern, given: Sequence[GivenAnswer], *, away: Away | None, writes: Together
) -> None:
    """Gather the service that a concern stored just now asks for, if it says which one, to be
    stored with the rest of the intake."""
    if not asks_for_service(concern.category.group):
        return
    kind = Service.VACATION if away is not None else _named(given)
    if kind is None:
        return
    from_on = next((one.day for one in given if one.code == FROM_QUESTION), None)
    asked = ServiceRequest(
        agency_id=concern.agency_id,
        concern=concern,
        kind=kind,
        from_on=None if kind == Service.VACATION else from_on,
    )
    writes.insert(asked)
    if away is not None:
        home = EmptyHome(agency_id=concern.agency_id, concern=concern)
        seal_absence(home, away)
        writes.insert(home)


@transaction.atomic(durable=True)
def plan(
    *,
    concern_id: int,
    kind: str,
    from_on: date | None,
    until_on: date | None,
    by: Actor,
    now: datetime,
) -> ServiceRequest:
    """Say which service it is and on which days, days included. The days of an absence are kept
    sealed, apart. Raises CannotPlan."""
    concern = locked(concern_id)
    if kind not in Service.values or not asks_for_service(concern.category.group):
        raise CannotPlan(concern)
    if from_on and until_on and until_on < from_on:
        raise CannotPlan(concern)
    is_away = kind == Service.VACATION
    service, _is_new = ServiceRequest.objects.update_or_create(
        concern=concern,
        defaults={
            "agency_id": concern.agency_id,
            "kind": kind,
            "from_on": None if is_away else from_on,
            "until_on": None if is_away else until_on,
        },
    )
    kept = EmptyHome.objects.filter(concern=concern).first()
    if is_away:
        before = away_of(kept) if kept else Away()
        _keep(concern, replace(before, from_on=from_on, until_on=until_on))
    elif kept is not None and not _is_held(concern.pk):
        # Under a hold the sweep deletes it later.
        kept.delete()
    log("SERVICE_PLANNED", concern, by=by, at=floor_to_hour(now), payload={"kind": str(kind)})
    return service


@transaction.atomic(durable=True)
def write_survey(
    *,
    concern_id: int,
    findings: Mapping[str, tuple[str, str]],
    recheck_on: date | None,
    by: Actor,
    now: datetime,
) -> SecuritySurvey:
    """Keep what an officer found, sealed, in place of what was found before.

    In an open case that is a visit, of which the reporter is told. Raises CannotPlan when the
    concern asks for no survey.
    """
    concern = locked(concern_id)
    service = ServiceRequest.objects.filter(concern=concern, kind=Service.SURVEY).first()
    if service is None or by.user_id is None:
        raise CannotPlan(concern)
    row = SecuritySurvey.objects.filter(concern=concern).first()
    row = row or SecuritySurvey(agency_id=concern.agency_id, concern=concern)
    row.done_on, row.by_user_id = concern.agency.day_of(now), by.user_id
    seal_survey(row, findings)
    row.save()
    service.recheck_on = recheck_on
    service.save(update_fields=["recheck_on"])
    log("SERVICE_SURVEYED", concern, by=by, at=floor_to_hour(now))
    if concern.is_open:
        note_visit(concern, moment=now, line="", by=by, now=now)
    return row


def forget_absences(*, now: datetime) -> int:
    """Delete what is kept of absences that are over, each on record; return how many. A legal hold
    keeps them until it is lifted."""
    held = LegalHold.objects.open().filter(concern=OuterRef("concern"))
    rows = EmptyHome.objects.filter(~Exists(held))
    ids = list(rows.order_by("id").values_list("pk", flat=True))
    return sum(_forget(absence_id, now) for absence_id in ids)


@transaction.atomic(durable=True)
def _forget(absence_id: int, now: datetime) -> bool:
    # The concern too: a hold is placed under its lock.
    rows = EmptyHome.objects.select_for_update(of=("self", "concern"), skip_locked=True)
    row = rows.select_related("concern__agency").filter(pk=absence_id).first()
    if row is None or _is_held(row.concern_id):
        return False
    concern = row.concern
    closed_on = concern.agency.day_of(concern.closed_at) if concern.closed_at else None
    today = concern.agency.day_of(now)
    if not is_over(away_of(row), closed_on=closed_on, asked_on=concern.received_on, today=today):
        return False
    row.delete()
    log("SERVICE_DATES_DELETED", concern, by=BY, at=floor_to_hour(now))
    return True


def _is_held(concern_id: int) -> bool:
    return LegalHold.objects.open().filter(concern_id=concern_id).exists()


def _named(given: Sequence[GivenAnswer]) -> Service | None:
    said = next((one.chosen for one in given if one.code == SERVICE_QUESTION), None)
    return service_named(said.text("en")) if said else None


def _keep(concern: Concern, away: Away) -> None:
    row = EmptyHome.objects.filter(concern=concern).first()
    row = row or EmptyHome(agency_id=concern.agency_id, concern=concern)
    seal_absence(row, away)
    row.save()
