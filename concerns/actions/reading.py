"""Staff opened a concern: kept by role and day, for its reporter to read."""

from datetime import datetime

from concerns.models import Concern, Reading
from concerns.querysets import READ
from engagement.people.models import User
from engagement.people.rights import role_behind


def note_reading(concern: Concern, *, by: User, now: datetime) -> None:
    """Remember that this member of staff opened the concern today; again on the same day nothing
    is written. One statement, outside of any other change: a page that fails later was read."""
    role = role_behind(by, READ, agency_id=concern.agency_id)
    if role is None:
        return
    reading = Reading(
        agency_id=concern.agency_id,
        concern=concern,
        by_user=by,
        role=role.value,
        on=concern.agency.day_of(now),
    )
    Reading.objects.bulk_create([reading], ignore_conflicts=True)
