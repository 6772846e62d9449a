"""Say how the nightly file of calls is read."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from concerns.models import CallMapping
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.places.models import Agency

SIGNS = 16
COLUMNS = (
    "system",
    "number_column",
    "date_column",
    "type_column",
    "block_column",
    "disposition_column",
    "delimiter",
    "encoding",
    "kinds",
)


class MappingChanged(Exception):
    """Somebody else said how it is read since it was shown; `current` is how it is now."""

    def __init__(self, current: CallMapping) -> None:
        super().__init__(current.pk)
        self.current = current


def mapping_of(agency: Agency) -> CallMapping:
    """How the agency's file is read; an unsaved row with the usual signs where nobody said so."""
    return CallMapping.objects.filter(agency=agency).first() or CallMapping(agency=agency)


def standing_of(mapping: CallMapping) -> str:
    """Signs that are others as soon as anything of the mapping is; "" for an unsaved one."""
    if mapping.pk is None:
        return ""
    said = json.dumps([str(getattr(mapping, name)) for name in COLUMNS])
    return hashlib.sha256(said.encode()).hexdigest()[:SIGNS]


@transaction.atomic(durable=True)
def say_how_read(
    *, agency: Agency, values: Mapping[str, str], seen: str, by: Actor, now: datetime
) -> CallMapping:
    """Save the mapping of the calls file. `seen` is the `standing_of` it that was shown.

    Raises MappingChanged; the same again is written down as no change.
    """
    # The agency's row is held: two people may say it for the first time at once.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    mapping = mapping_of(agency)
    if standing_of(mapping) != seen:
        raise MappingChanged(mapping)
    changed = [
        name for name in COLUMNS if mapping.pk is None or values[name] != getattr(mapping, name)
    ]
    if not changed:
        return mapping
    for name in COLUMNS:
        setattr(mapping, name, values[name])
    mapping.save()
    record(
        "CALLS_MAPPING_CHANGED",
        by=by,
        subject=Subject("agency", agency.slug),
        agency_id=agency.pk,
        now=now,
        payload=dict.fromkeys(changed, True),
    )
    return mapping
