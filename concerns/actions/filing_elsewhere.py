"""Requests at the servers of others: filed once, then asked about until they are closed there.

The row says how far it got. Before anything is sent it says "sending", and what is found in that
state later may have arrived: it is looked for there, and never sent again by itself.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from concerns import partner_notices
from concerns.actions.casework import locked, locked_as_seen, log, save
from concerns.actions.handoff_answers import OUTSIDE, Words, back_to_work, tell
from concerns.models import Concern, Handoff, OutsideRequest, OutsideService
from concerns.models.handoffs import NUMBER_LIMIT, STATUS_LIMIT, HandoffState, Said, SaidBy
from concerns.models.outside_requests import CODE_LIMIT, NAME_LIMIT, FilingState
from concerns.open311.client import (
    Endpoint,
    Filed,
    NeverArrived,
    NoAnswer,
    Refused,
    Standing,
    Wanted,
    file,
    find,
    number_of,
    services,
    standing_of,
)
from concerns.words import clean_line, clean_words
from engagement.audit.actors import Actor
from engagement.groups.endpoint_keys import key_of
from engagement.groups.models import Organisation, TakesBy
from engagement.keys.moments import floor_to_hour

BATCH = 50
# Longer than one step can take; whoever is older has died.
HELD = timedelta(minutes=10)
POLL = timedelta(hours=1)
FIRST_RETRY = timedelta(minutes=2)
LONGEST_RETRY = timedelta(hours=6)
# About two days of a server that is away.
MOST_TRIES = 16
# Many servers show a request only once somebody has looked at it.
LOOK_AGAIN = timedelta(hours=2)
MOST_LOOKS = 12
# What may not have arrived; staff decide that it goes once more.
AGAIN = frozenset({FilingState.REFUSED, FilingState.UNSURE})
TROUBLE = (Refused, NeverArrived, NoAnswer)


class CannotFileAgain(Exception):
    """It is filed, or about to be."""


def endpoint_of(organisation: Organisation) -> Endpoint:
    """Its server, with the key opened; for one exchange. Raises CannotUnseal."""
    return Endpoint(organisation.endpoint_url, organisation.jurisdiction, key=key_of(organisation))


def learn_services(organisation: Organisation) -> int:
    """Take over what its server lists; return how many. What it lists no more goes.

    Raises Refused, NeverArrived, NoAnswer.
    """
    found = services(endpoint_of(organisation))
    with transaction.atomic(durable=True):
        codes = [each.code[:CODE_LIMIT] for each in found]
        OutsideService.objects.filter(organisation=organisation).exclude(code__in=codes).delete()
        OutsideService.objects.bulk_create(
            [
                OutsideService(
                    agency_id=organisation.agency_id,
                    organisation=organisation,
                    code=each.code[:CODE_LIMIT],
                    name=clean_line(each.name[:NAME_LIMIT]),
                )
                for each in found
            ],
            update_conflicts=True,
            unique_fields=["organisation", "code"],
            update_fields=["name"],
        )
    return len(found)


def learn_everywhere() -> int:
    """Ask every server in use for its list; return how many answered."""
    rows = Organisation.objects.in_use().filter(takes_by=TakesBy.OPEN311).order_by("pk")
    answered = 0
    for organisation in rows:
        try:
            learn_services(organisation)
            answered += 1
        except TROUBLE:
            continue
    return answered


def sweep(*, now: datetime, limit: int = BATCH) -> int:
    """Take the next step of each request that is due; return how many were looked at."""
    due = OutsideRequest.objects.filter(try_at__lte=now).order_by("try_at", "id")
    ids = list(due.values_list("pk", flat=True)[:limit])
    return sum(_step(request_id, now) for request_id in ids)


@transaction.atomic(durable=True)
def file_again(
    *, concern_id: int, seen_version: int, handoff_id: int, by: Actor, now: datetime
) -> None:
    """Staff found that it did not arrive: send it once more. Raises StaleEdit, CannotFileAgain."""
    concern = locked_as_seen(concern_id, seen_version)
    handoff = Handoff.objects.get(pk=handoff_id, concern=concern)
    request = OutsideRequest.objects.filter(handoff=handoff).first()
    if request is None or request.state not in AGAIN or not handoff.is_under_way:
        raise CannotFileAgain
    request.state, request.try_at, request.tries, request.looks = FilingState.WAITING, now, 0, 0
    request.save()
    save(concern)
    payload: dict[str, str | int | bool | None] = {"handoff": handoff.reference}
    log("HANDOFF_SENT_AGAIN", concern, by=by, at=floor_to_hour(now), payload=payload)


def follow_number(handoff: Handoff, *, now: datetime) -> None:
    """Ask about the number that staff typed in, in their transaction."""
    OutsideRequest.objects.filter(handoff=handoff).exclude(state=FilingState.CLOSED).update(
        state=FilingState.FILED, try_at=now
    )


def _step(request_id: int, now: datetime) -> bool:
    """Claim it by one conditional update, so that two sweeps never take the same step."""
    rows = OutsideRequest.objects.filter(pk=request_id, try_at__lte=now)
    if not rows.update(try_at=now + HELD):
        return False
    request = OutsideRequest.objects.select_related(
        "handoff__organisation", "handoff__agency", "handoff__concern__category"
    ).get(pk=request_id)
    if not request.handoff.can_be_answered:
        OutsideRequest.objects.filter(pk=request_id).update(try_at=None)
        return True
    STEPS[FilingState(request.state)](request, now)
    return True


def _file(request: OutsideRequest, now: datetime) -> None:
    claimed = OutsideRequest.objects.filter(pk=request.pk, state=FilingState.WAITING).update(
        state=FilingState.SENDING, tries=request.tries + 1
    )
    if not claimed:
        return
    request.tries += 1
    try:
        filed = file(endpoint_of(request.handoff.organisation), _wanted(request))
    except NeverArrived:
        _try_later(request, now)
    except Refused as refusal:
        _stuck(request, FilingState.REFUSED, refusal.code, now)
    except NoAnswer:
        _set(request, FilingState.UNSURE, try_at=now + FIRST_RETRY, code="no answer")
    else:
        _filed(request, filed, now)


def _found_sending(request: OutsideRequest, now: datetime) -> None:
    """Whoever sent it died before writing down what came of it."""
    _set(request, FilingState.UNSURE, try_at=now + FIRST_RETRY, code="broken off")


def _look(request: OutsideRequest, now: datetime) -> None:
    handoff = request.handoff
    try:
        number = find(
            endpoint_of(handoff.organisation),
            service_code=request.service_code,
            mark=handoff.reference,
            since=handoff.sent_at.date() - timedelta(days=1),
        )
    except TROUBLE:
        number = ""
    if number:
        _filed(request, Filed(number, ""), now)
        return
    request.looks += 1
    if request.looks >= MOST_LOOKS:
        _stuck(request, FilingState.UNSURE, "not found", now)
        return
    OutsideRequest.objects.filter(pk=request.pk).update(
        looks=request.looks, try_at=now + LOOK_AGAIN
    )


def _ask_number(request: OutsideRequest, now: datetime) -> None:
    try:
        number = number_of(endpoint_of(request.handoff.organisation), request.token)
    except TROUBLE:
        number = ""
    if number:
        _filed(request, Filed(number, request.token), now)
    else:
        OutsideRequest.objects.filter(pk=request.pk).update(try_at=now + POLL)


def _ask_standing(request: OutsideRequest, now: datetime) -> None:
    handoff = request.handoff
    if not handoff.number:
        OutsideRequest.objects.filter(pk=request.pk).update(try_at=None)
        return
    try:
        standing = standing_of(endpoint_of(handoff.organisation), handoff.number)
    except TROUBLE as trouble:
        code = trouble.code if isinstance(trouble, Refused) else "no answer"
        OutsideRequest.objects.filter(pk=request.pk).update(try_at=now + POLL, last_code=code[:20])
        return
    _stands(request, standing, now)


STEPS: dict[FilingState, Callable[[OutsideRequest, datetime], None]] = {
    FilingState.WAITING: _file,
    FilingState.SENDING: _found_sending,
    FilingState.UNSURE: _look,
    FilingState.NUMBERLESS: _ask_number,
    FilingState.FILED: _ask_standing,
}


def _wanted(request: OutsideRequest) -> Wanted:
    """Staff's words and the anchor; our reference finds it again, and leads nobody to the case."""
    handoff = request.handoff
    return Wanted(
        service_code=request.service_code,
        description=f"{handoff.brief}\n\n{handoff.asked}\n\nRef. {handoff.reference}",
        lon=handoff.lon,
        lat=handoff.lat,
        address=handoff.place_label or handoff.agency.name,
    )


def _try_later(request: OutsideRequest, now: datetime) -> None:
    if request.tries >= MOST_TRIES:
        _stuck(request, FilingState.REFUSED, "unreachable", now)
        return
    wait = min(LONGEST_RETRY, FIRST_RETRY * 2 ** (request.tries - 1))
    _set(request, FilingState.WAITING, try_at=now + wait, code="no connection")


@transaction.atomic(durable=True)
def _set(
    request: OutsideRequest, state: FilingState, *, try_at: datetime | None, code: str
) -> None:
    OutsideRequest.objects.filter(pk=request.pk).update(
        state=state, try_at=try_at, last_code=code[:20]
    )


@transaction.atomic(durable=True)
def _stuck(request: OutsideRequest, state: FilingState, code: str, now: datetime) -> None:
    """A person must look: their officer is told."""
    concern = locked(request.handoff.concern_id)
    OutsideRequest.objects.filter(pk=request.pk).update(
        state=state, try_at=None, last_code=code[:20], looks=request.looks
    )
    event = f"outside:{request.pk}:{request.tries}:{state}"
    partner_notices.came_back(concern, event=event, now=now)


@transaction.atomic(durable=True)
def _filed(request: OutsideRequest, filed: Filed, now: datetime) -> None:
    handoff, concern = _locked(request.handoff_id)
    number = filed.number[:NUMBER_LIMIT]
    state = FilingState.FILED if number else FilingState.NUMBERLESS
    may_come = bool(number or filed.token)
    OutsideRequest.objects.filter(pk=request.pk).update(
        state=state, token=filed.token[:120], try_at=now + POLL if may_come else None, last_code=""
    )
    if handoff.state == HandoffState.OFFERED:
        handoff.state = HandoffState.ACCEPTED
    handoff.number = number
    handoff.save(update_fields=["state", "number"])
    tell(handoff, concern, Said.NUMBERED, way=SaidBy.SERVER, by=OUTSIDE, now=now)
    save(concern)


@transaction.atomic(durable=True)
def _stands(request: OutsideRequest, standing: Standing, now: datetime) -> None:
    handoff, concern = _locked(request.handoff_id)
    notes = clean_words(standing.notes[:STATUS_LIMIT])
    status = clean_line(f"{standing.status}: {notes}" if notes else standing.status)
    is_news = status[:STATUS_LIMIT] != handoff.status
    handoff.status = status[:STATUS_LIMIT]
    if standing.is_closed and handoff.can_be_answered:
        handoff.state, handoff.ended_at = HandoffState.DONE, floor_to_hour(now)
    handoff.save(update_fields=["status", "state", "ended_at"])
    OutsideRequest.objects.filter(pk=request.pk).update(
        state=FilingState.CLOSED if standing.is_closed else FilingState.FILED,
        try_at=None if standing.is_closed else now + POLL,
        last_code="",
    )
    if standing.is_closed:
        words = Words(notes)
        tell(handoff, concern, Said.DONE, way=SaidBy.SERVER, words=words, by=OUTSIDE, now=now)
        back_to_work(concern, by=OUTSIDE, now=now)
    elif is_news:
        tell(handoff, concern, Said.NUMBERED, way=SaidBy.SERVER, by=OUTSIDE, now=now)
        save(concern)


def _locked(handoff_id: int) -> tuple[Handoff, Concern]:
    concern = locked(Handoff.objects.values_list("concern_id", flat=True).get(pk=handoff_id))
    rows = Handoff.objects.select_related("organisation", "agency")
    return rows.get(pk=handoff_id), concern
