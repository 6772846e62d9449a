"""How much open work there is, as far as one member of staff may read it; never row by row."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db import connections

from concerns.models.desk_counts import ANY, NONE, Kind
from concerns.querysets import READ_PRIVATE
from engagement.people.models import User
from engagement.people.rights import Everywhere, areas_with
from engagement.places.business import add_business_days, is_business_day
from engagement.places.models import Agency

SOON = 2
# Words of a reporter lie too long when they are older than so many business days.
PATIENCE = 2


class When(StrEnum):
    """Where the day of a number lies, seen from today."""

    PAST = "past"
    NEAR = "near"
    LATER = "later"


@dataclass(frozen=True)
class Days:
    """What "soon" and "too long" mean on this day of the agency.

    `soon` is the last day that is about to be late; what waits since before `patient` has waited
    too long.
    """

    today: date
    soon: date
    patient: date


def days_around(today: date, holidays: set[date]) -> Days:
    """Pure; `holidays` from about two weeks before `today` on."""
    patient = today
    for _day in range(PATIENCE):
        patient -= timedelta(days=1)
        while not is_business_day(patient, holidays):
            patient -= timedelta(days=1)
    return Days(today, add_business_days(today, SOON, holidays), patient)


@dataclass(frozen=True)
class Fact:
    """So many of one kind, with an area and an owner (or ANY, or NONE)."""

    area: int
    owner: int
    is_private: bool
    kind: Kind
    when: When
    number: int


TOLD = """
SELECT area_ref, owner_ref, is_private, kind, CASE
        WHEN kind = 'message' AND "on" < %(patient)s THEN 'past'
        WHEN kind = 'clock' AND "on" < %(today)s THEN 'past'
        WHEN kind = 'clock' AND "on" <= %(soon)s THEN 'near'
        ELSE 'later' END AS lies, SUM(number)
FROM (
    SELECT area_ref, owner_ref, is_private, kind, "on", number FROM concerns_deskcount
    WHERE agency_id = %(agency)s
        AND (%(areas)s::bigint[] IS NULL OR area_ref = ANY(%(areas)s))
        AND (%(owners)s::bigint[] IS NULL OR owner_ref = ANY(%(owners)s))
    UNION ALL
    SELECT area_ref, owner_ref, is_private, kind, "on", number FROM concerns_deskchange
    WHERE agency_id = %(agency)s
        AND (%(areas)s::bigint[] IS NULL OR area_ref = ANY(%(areas)s))
        AND (%(owners)s::bigint[] IS NULL OR owner_ref = ANY(%(owners)s))
) AS told
GROUP BY 1, 2, 3, 4, 5"""


class Numbers:
    """Exact numbers for one reader; each is what `visible_to` and `not_held` would count."""

    def __init__(
        self,
        facts: Iterable[Fact],
        *,
        reader: int,
        private: Everywhere | frozenset[int],
    ) -> None:
        self._reader, self._private = reader, private
        self._told: Counter[tuple[int, int, bool, Kind, When]] = Counter()
        for fact in facts:
            self._told[fact.area, fact.owner, fact.is_private, fact.kind, fact.when] += fact.number

    def of(
        self, *kinds: Kind, area: int = ANY, owner: int = ANY, when: Collection[When] = tuple(When)
    ) -> int:
        """How many of these kinds lie in this area with this owner; ANY is all, NONE is none."""
        return sum(self._one(area, owner, kind, each) for kind in kinds for each in when)

    def open(self, *, area: int = ANY, owner: int = ANY) -> int:
        return self.of(Kind.CLOCK, Kind.WAITING, area=area, owner=owner)

    def refs(self, *, of_owners: bool) -> list[int]:
        """Return every owner, or every area, that has a number; ascending, without ANY."""
        found = {
            owner if of_owners else area
            for (area, owner, *_rest), number in self._told.items()
            if number
        }
        return sorted(found - {ANY})

    def _one(self, area: int, owner: int, kind: Kind, when: When) -> int:
        def told(area: int, owner: int, *, is_private: bool) -> int:
            return self._told[area, owner, is_private, kind, when]

        found = told(area, owner, is_private=False)
        if isinstance(self._private, Everywhere) or owner == self._reader:
            return found + told(area, owner, is_private=True)
        readable = self._private if area == ANY else self._private & {area}
        found += sum(told(each, owner, is_private=True) for each in readable)
        if owner == ANY:
            # Their own private ones, without those counted just now with their area.
            found += told(area, self._reader, is_private=True)
            found -= sum(told(each, self._reader, is_private=True) for each in readable)
        return found


def numbers_for(
    user: User,
    agency: Agency,
    days: Days,
    *,
    areas: Collection[int] | None = (),
    owners: Collection[int] | None = (),
) -> Numbers:
    """Read the numbers of the whole agency, of this person, of nobody, and of these areas and
    owners (None: of all). One query; its cost follows days, areas and people, not concerns."""
    private = areas_with(user, READ_PRIVATE, agency.pk)
    theirs = frozenset() if isinstance(private, Everywhere) else private
    asked: dict[str, Any] = {
        "agency": agency.pk,
        "today": days.today,
        "soon": days.soon,
        "patient": days.patient,
        "areas": None if areas is None else sorted({ANY, NONE, *areas, *theirs}),
        "owners": None if owners is None else sorted({ANY, NONE, user.pk, *owners}),
    }
    with connections["default"].cursor() as cursor:
        cursor.execute(TOLD, asked)
        facts = [
            Fact(area, owner, is_private, Kind(kind), When(lies), int(number))
            for area, owner, is_private, kind, lies, number in cursor.fetchall()
        ]
    return Numbers(facts, reader=user.pk, private=private)
