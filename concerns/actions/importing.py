"""Past requests of another system, taken over in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from concerns.actions.intake import areas_of
from concerns.actions.routing import kept_route, lay
from concerns.deadlines import very_late_after
from concerns.models import (
    Category,
    Concern,
    ConcernArea,
    ConcernRoute,
    ConcernTag,
    StatusChange,
)
from concerns.models.casework import Party
from concerns.models.concern import Channel, Level, PlaceSource
from concerns.models.rules import Cause
from concerns.past_requests import PastRequest
from concerns.routing import Route, route
from concerns.routing_table import RoutingTable, as_facts, routing_table
from concerns.workflow import Outcome, State
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys.moments import floor_to_hour
from engagement.keys.references import mint
from engagement.places.models import Agency

# Older than any request: of an import all holidays count.
LONG_AGO = date(1950, 1, 1)


class CannotImport(ValueError):
    """A category of the map is missing, not in use, or not for reports."""


@dataclass(frozen=True)
class Importer:
    """What every batch of one import needs; made once by `prepare`."""

    agency: Agency
    categories: dict[str, Category]
    table: RoutingTable


@dataclass(frozen=True)
class Imported:
    """What became of a batch: how many were new, and how many had been taken over before."""

    new: int
    known: int


def prepare(*, agency: Agency, codes: Iterable[str], now: datetime) -> Importer:
    """Look up all that the batches share. Raises CannotImport with the codes that do not fit."""
    rows = Category.objects.of(agency).taken()
    categories = {row.code: row for row in rows}
    unfit = sorted(set(codes) - categories.keys())
    if unfit:
        raise CannotImport(", ".join(unfit))
    table = routing_table(agency, on=agency.day_of(now), since=LONG_AGO)
    return Importer(agency, categories, table)


@transaction.atomic(durable=True)
def import_batch(
    importer: Importer, requests: Sequence[PastRequest], *, by: Actor, now: datetime
) -> Imported:
    """Store the requests that are not there yet, with areas, status and why open ones went where
    they are; nobody is told.

    Safe to repeat, also while another import runs: the other system's number is unique.
    """
    drafts = _drafts(importer, requests)
    routes = _given(importer, drafts)
    Concern.objects.bulk_create(drafts.values(), ignore_conflicts=True)
    stored = dict(
        Concern.objects.filter(
            staff_reference__in=[draft.staff_reference for draft in drafts.values()]
        )
        .order_by("pk")
        .values_list("external_id", "pk")
    )
    fresh = [request for request in requests if request.external_id in stored]
    _store_areas(importer, fresh, stored)
    _store_status(importer, fresh, stored, drafts)
    _store_routes(importer, fresh, stored, routes)
    if fresh:
        record(
            "CONCERN_IMPORTED",
            by=by,
            subject=Subject("agency", importer.agency.slug),
            agency_id=importer.agency.pk,
            now=now,
            payload={"count": len(fresh)},
        )
    return Imported(new=len(fresh), known=len(requests) - len(fresh))


def _drafts(importer: Importer, requests: Sequence[PastRequest]) -> dict[str, Concern]:
    known = set(
        Concern.objects.filter(
            agency=importer.agency, external_id__in=[request.external_id for request in requests]
        )
        .order_by("pk")
        .values_list("external_id", flat=True)
    )
    return {
        request.external_id: _draft(importer, request)
        for request in requests
        if request.external_id not in known
    }


def _draft(importer: Importer, request: PastRequest) -> Concern:
    agency = importer.agency
    areas = areas_of(agency, request.lon, request.lat)
    closed = floor_to_hour(request.closed) if request.closed else None
    received_on = agency.day_of(request.opened)
    draft = Concern(
        agency=agency,
        staff_reference=mint(),
        tracking_code=mint(),
        external_id=request.external_id,
        category=importer.categories[request.category_code],
        text=request.text,
        lon=request.lon,
        lat=request.lat,
        place_text=request.place,
        place_source=PlaceSource.IMPORT,
        area_id=areas.get(agency.responsible_layer),
        state=_state(request),
        outcome=_outcome(request),
        level=Level.ANONYMOUS,
        channel=Channel.IMPORT,
        received_at=floor_to_hour(request.opened),
        received_on=received_on,
        resolve_by=request.target,
        very_late_after=very_late_after(received_on, request.target, importer.table.holidays),
        resolved_at=closed,
        closed_at=closed,
    )
    return draft


def _given(importer: Importer, drafts: Mapping[str, Concern]) -> dict[str, Route]:
    """Give what is still open to whom the rules would give it; return by which of them."""
    routes = {}
    for external_id, draft in drafts.items():
        if draft.closed_at is None:
            routes[external_id] = _give(importer.agency, draft, importer.table)
    return routes


def _give(agency: Agency, draft: Concern, table: RoutingTable) -> Route:
    """Nobody answered questions there, so no answers count."""
    areas = areas_of(agency, draft.lon, draft.lat)
    facts = as_facts(
        agency=draft.agency,
        category_id=draft.category_id,
        areas=areas,
        moment=draft.received_at,
        channel=draft.channel,
        priority=draft.priority,
        chosen=(),
    )
    found = route(facts, rules=table.rules, staff=table.staff, on=table.on)
    lay(draft, found)
    return found


def _store_routes(
    importer: Importer,
    requests: Sequence[PastRequest],
    stored: Mapping[str | None, int],
    routes: Mapping[str, Route],
) -> None:
    """As `routing.keep` does for one: which rule it was, and the tag that the rule puts on."""
    found = [
        (stored[request.external_id], routes[request.external_id])
        for request in requests
        if request.external_id in routes
    ]
    agency_id, on = importer.agency.pk, importer.table.on
    ConcernRoute.objects.bulk_create(
        kept_route(agency_id, concern_id, each, cause=Cause.IMPORTED, on=on)
        for concern_id, each in found
    )
    ConcernTag.objects.bulk_create(
        ConcernTag(agency_id=agency_id, concern_id=concern_id, tag_id=each.rule.tag_id)
        for concern_id, each in found
        if each.rule is not None and each.rule.tag_id is not None
    )


def _state(request: PastRequest) -> State:
    if request.closed:
        return State.CLOSED
    return State.RECEIVED if request.is_new else State.WORKING


def _outcome(request: PastRequest) -> str:
    if not request.closed:
        return ""
    return Outcome.NO_ACTION if request.is_cancelled else Outcome.FIXED


def _store_areas(
    importer: Importer, requests: Sequence[PastRequest], stored: dict[str | None, int]
) -> None:
    ConcernArea.objects.bulk_create(
        ConcernArea(agency=importer.agency, concern_id=stored[request.external_id], area_id=area_id)
        for request in requests
        for area_id in areas_of(importer.agency, request.lon, request.lat).values()
    )


def _store_status(
    importer: Importer,
    requests: Sequence[PastRequest],
    stored: dict[str | None, int],
    drafts: dict[str, Concern],
) -> None:
    """When it came in, and what it is now; what lay between stayed in the other system."""
    rows = []
    for request in requests:
        draft = drafts[request.external_id]
        steps = [(State.RECEIVED, "", draft.received_at)]
        if draft.state != State.RECEIVED:
            steps.append((State(draft.state), draft.outcome, draft.closed_at or draft.received_at))
        rows += [
            StatusChange(
                agency=importer.agency,
                concern_id=stored[request.external_id],
                state=state,
                outcome=outcome,
                at=at,
                by_party=Party.CLOCK,
            )
            for state, outcome, at in steps
        ]
    StatusChange.objects.bulk_create(rows)
