"""Take in a file of calls: what it says of numbers on cases, and which cases it may be about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from concerns.calls_file import Call
from concerns.calls_fitting import Case, by_street, fitting
from concerns.models import (
    CallMapping,
    CallSuggestion,
    OutsideCall,
    OutsideNumber,
)
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject

# Calls that no case names are of no use here, and tell where the police were.
UNUSED_KEPT = timedelta(days=30)
CHANGING = ["kind", "on", "block", "street", "disposition", "read_on"]


@dataclass(frozen=True)
class Taken:
    """How many calls were new or known, how many numbers on cases they fill, and how many
    suggestions were made."""

    new: int
    known: int
    filled: int
    suggested: int


@transaction.atomic(durable=True)
def take_calls(
    mapping: CallMapping,
    calls: Sequence[Call],
    *,
    cases: Sequence[Case],
    now: datetime,
) -> Taken:
    """Store a batch of calls, tie them to the numbers of cases, and suggest them to cases that
    have none. The same batch again changes nothing but the day on which it was read."""
    agency = mapping.agency
    today = agency.day_of(now)
    known = set(
        _of(mapping)
        .filter(number__in=[call.number for call in calls])
        .order_by("number")
        .values_list("number", flat=True)
    )
    OutsideCall.objects.bulk_create(
        [
            OutsideCall(
                agency=agency,
                system=mapping.system,
                number=call.number,
                kind=call.kind,
                on=call.on,
                block=call.block,
                street=call.street,
                disposition=call.disposition,
                read_on=today,
            )
            for call in calls
        ],
        update_conflicts=True,
        unique_fields=["agency", "system", "number"],
        update_fields=CHANGING,
    )
    stored = _of(mapping).filter(number__in=[call.number for call in calls])
    by_number = {row.number: row for row in stored.order_by("id")}
    return Taken(
        new=len(by_number) - len(known),
        known=len(known),
        filled=_fill(mapping, by_number),
        suggested=_suggest(mapping, by_number, cases),
    )


@transaction.atomic(durable=True)
def finish(mapping: CallMapping, *, rows: int, bad: int, by: Actor, now: datetime) -> int:
    """Write down that a file was read and drop calls that no case names; return how many went."""
    today = mapping.agency.day_of(now)
    unused = OutsideCall.objects.filter(
        agency=mapping.agency, read_on__lt=today - UNUSED_KEPT, numbers__isnull=True
    )
    dropped, _by_model = OutsideCall.objects.filter(pk__in=unused.values("pk")).delete()
    record(
        "CALLS_READ",
        by=by,
        subject=Subject("agency", mapping.agency.slug),
        agency_id=mapping.agency_id,
        now=now,
        payload={"rows": rows, "bad": bad},
    )
    return dropped


def _of(mapping: CallMapping) -> QuerySet[OutsideCall]:
    return OutsideCall.objects.filter(agency=mapping.agency, system=mapping.system)


def _fill(mapping: CallMapping, by_number: Mapping[str, OutsideCall]) -> int:
    waiting = OutsideNumber.objects.filter(
        agency=mapping.agency, system=mapping.system, number__in=list(by_number), call__isnull=True
    )
    rows = list(waiting.select_for_update().order_by("id"))
    for row in rows:
        row.call = by_number[row.number]
    OutsideNumber.objects.bulk_update(rows, ["call"], batch_size=500)
    return len(rows)


def _suggest(
    mapping: CallMapping, by_number: Mapping[str, OutsideCall], cases: Sequence[Case]
) -> int:
    """A person decides; a suggestion that was refused stays refused."""
    streets = by_street(cases)
    made = [
        CallSuggestion(agency=mapping.agency, concern_id=case.id, call=call)
        for call in by_number.values()
        for case in fitting(call, streets, mapping.pairs)
    ]
    before = CallSuggestion.objects.filter(agency=mapping.agency).count()
    CallSuggestion.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    return CallSuggestion.objects.filter(agency=mapping.agency).count() - before
