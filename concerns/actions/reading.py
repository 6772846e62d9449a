"""Staff opened a concern: kept by role and day, for its reporter to read."""

from collections.abc import Sequence
from datetime import datetime

from concerns.models import Concern, Reading
from concerns.querysets import READ
from engagement.people.models import User
from engagement.people.rights import role_behind
from engagement.places.models import Agency


def note_reading(concern: Concern, *, by: User, now: datetime) -> None:
    """Remember that this member of staff opened the concern today; again on the same day nothing
    is written. One statement, outside of any other change: a page that fails later was read."""
    note_readings([concern], agency=concern.agency, by=by, now=now)


def note_readings(concerns: Sequence[Concern], *, agency: Agency, by: User, now: datetime) -> None:
    """The same for a list of this agency's concerns that shows what was reported. One statement."""
    role = role_behind(by, READ, agency_id=agency.pk)
    if role is None:
        return
    on = agency.day_of(now)
    Reading.objects.bulk_create(
        [
            Reading(agency=agency, concern=concern, by_user=by, role=role.value, on=on)
            for concern in concerns
        ],
        ignore_conflicts=True,
    )
