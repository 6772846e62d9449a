"""Leads staff whose agency demands its directory to that directory, instead of to a closed door."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from engagement.people.directory_models import DirectoryConnection
from engagement.people.models import Grant, User
from engagement.places.models import Agency

# Written out, as every door that stays closed to staff asks it.
ANY_DEMANDED = """
SELECT EXISTS (
    SELECT FROM people_grant AS held
    JOIN people_directoryconnection AS required ON required.agency_id = held.agency_id
    WHERE held.user_id = %s AND required.is_active AND required.is_required
)"""


def demanded_at(agency: Agency | None) -> list[DirectoryConnection]:
    """The directories without which nobody works at this agency; said to everybody alike, so that
    a sign-in page tells nothing of any account."""
    if agency is None:
        return []
    return list(_demanding().filter(agency=agency).order_by("name", "id"))


def waits_for_directory(user: User, *, came_by: int | None, now: datetime) -> bool:
    """Whether an agency of this person lets them in through its directory only, and they came
    another way. `came_by` is the agency whose directory this session came from. One query where
    no agency of theirs demands any, as is usual, else two.

    Asked of the account alone, so the answer says nothing of what stands behind a door. Whoever
    works elsewhere too is asked for a second factor first: there it may be what is missing.
    """
    with connection.cursor() as cursor:
        cursor.execute(ANY_DEMANDED, [user.pk])
        if not cursor.fetchone()[0]:
            return False
    needs = Exists(_demanding().filter(agency=OuterRef("agency")))
    rows = Grant.objects.filter(user=user, agency__isnull=False).annotate(needs=needs)
    held = [
        (grant.agency_id, grant.needs)
        for grant in rows.select_related("agency").order_by("id")
        if grant.agency is not None and _is_in_force(grant, grant.agency, now)
    ]
    if not any(needs and agency_id != came_by for agency_id, needs in held):
        return False
    works_elsewhere = user.is_superuser or not all(needs for _agency, needs in held)
    return not works_elsewhere or settings.DEMO or user.has_fresh_factor


def connections_for(user: User, agency: Agency | None) -> list[DirectoryConnection]:
    """Those of the page's agency and of the agencies where this person works; each says as
    `is_linked` whether the account is connected to it."""
    grants = Grant.objects.filter(user=user).order_by()
    agency_ids: set[int | None] = set(grants.values_list("agency_id", flat=True))
    agency_ids.add(agency.pk if agency else None)
    return _with_links(user, {one for one in agency_ids if one is not None})


def _with_links(user: User, agency_ids: Iterable[int]) -> list[DirectoryConnection]:
    rows = DirectoryConnection.objects.filter(is_active=True, agency_id__in=sorted(agency_ids))
    linked = Exists(user.directory_links.filter(connection=OuterRef("pk")))
    return list(rows.annotate(is_linked=linked).order_by("name", "id"))


def _demanding() -> QuerySet[DirectoryConnection]:
    return DirectoryConnection.objects.filter(is_active=True, is_required=True)


def _is_in_force(grant: Grant, agency: Agency, now: datetime) -> bool:
    today = agency.day_of(now)
    return grant.from_on <= today and (grant.until_on is None or today <= grant.until_on)
