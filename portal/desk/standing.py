"""What the desk's first page needs to know before it counts: read in one question."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    DateField,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONObject

from concerns.composed import Composer, Given
from concerns.desk_search import areas_of
from concerns.desk_stuck import AROUND, lapsed, mail_shown_since, undelivered_since
from concerns.models import Absence, Concern, DeskLook, Escalation, SlowDown
from concerns.registry import SPAM
from concerns.rights import within
from concerns.rule_troubles import broken_rules
from engagement.people.models import User
from engagement.people.rights import rights_of
from engagement.places.models import Agency, Holiday
from portal.desk.marks import oldest_of, waiting_marks

# Whoever comes back within this time is still on the same visit.
VISIT = timedelta(minutes=30)

_composed = Composer()


@dataclass(frozen=True)
class AwayToday:
    """This person is away, or stands in for `name`, up to and with that day."""

    name: str
    until: date
    is_mine: bool


@dataclass(frozen=True)
class Standing:
    """Who sits at this desk and what is the matter; `since` is the end of their last visit.

    `marks` are rows of the few marks of the wrong door that waited longest, of `marked` in all.
    """

    areas: tuple[int, ...]
    holidays: frozenset[date]
    since: datetime | None
    looked_at: datetime | None
    keys_are_off: bool
    slowed: SlowDown | None
    absences: tuple["AwayToday", ...]
    marks: tuple[dict[str, Any], ...]
    marked: int
    suspected: int
    lapsed: int
    undelivered: int
    escalated: int
    broken_rules: int


def standing_of(user: User, agency: Agency, now: datetime) -> Standing:
    """As far as this person may read the agency. One query."""
    today = agency.day_of(now)
    question = _composed((rights_of(user), agency.pk), lambda: _question(user, agency))
    (row,) = question.values(
        {
            "today": today,
            "now": now,
            "first_holiday": today - AROUND,
            "last_holiday": today + AROUND,
            "mail_since": mail_shown_since(today),
        }
    )
    until = row["slowed_until"]
    return Standing(
        areas=tuple(sorted(set(row["its_areas"]))),
        holidays=frozenset(row["its_holidays"]),
        since=row["since"],
        looked_at=row["looked_at"],
        keys_are_off=bool(row["keys_are_off"]),
        absences=tuple(
            AwayToday(one["name"], date.fromisoformat(one["until"]), one["who"] == user.pk)
            for one in row["its_absences"]
        ),
        slowed=None if until is None else SlowDown(agency=agency, ends_at=until),
        marks=tuple(row["marks"] or ()),
        marked=row["marked"] or 0,
        suspected=row["suspected"] or 0,
        lapsed=row["lapsed"] or 0,
        undelivered=row["undelivered"] or 0,
        escalated=row["escalated"] or 0,
        broken_rules=row["broken_rules"] or 0,
    )


def _question(user: User, agency: Agency) -> QuerySet[Any, Any]:
    """One row of all that is asked; days and moments are given at each asking."""
    today, now = Given("today", DateField()), Given("now", DateTimeField())
    held_too = Concern.objects.visible_to(user).filter(agency=agency)
    readable = held_too.not_held()
    around = (Given("first_holiday", DateField()), Given("last_holiday", DateField()))
    holidays = Holiday.objects.filter(agency=agency, on__range=around)
    look = DeskLook.objects.filter(agency=agency, user=user)
    slowed = SlowDown.objects.filter(agency=agency, ends_at__gt=now).order_by("-ends_at")
    mail_since = Given("mail_since", DateTimeField())
    told = Escalation.objects.filter(concern=OuterRef("pk"))
    marks = waiting_marks(held_too, agency)
    return (
        Agency.objects.filter(pk=agency.pk)
        .order_by()
        .values(
            its_areas=ArraySubquery(areas_of(user, today)),
            its_holidays=ArraySubquery(holidays.values("on")),
            since=Subquery(look.values("since")),
            looked_at=Subquery(look.values("looked_at")),
            keys_are_off=Subquery(look.values("keys_are_off")),
            its_absences=ArraySubquery(_absences(user, agency, today)),
            slowed_until=Subquery(slowed.values("ends_at")[:1]),
            marks=ArraySubquery(oldest_of(marks)),
            marked=_number_of(marks),
            suspected=_number_of(held_too.filter(within(user, SPAM, agency.pk)).suspected()),
            lapsed=_number_of(lapsed(readable, user, date.min)),
            undelivered=_number_of(undelivered_since(readable, user, mail_since)),
            escalated=_number_of(readable.open().filter(Exists(told))),
            broken_rules=_number_of(broken_rules(agency, today)),
        )
    )


def look(user: User, agency: Agency, standing: Standing, now: datetime) -> datetime | None:
    """Note that this person looks now; return since when they have not, None the first time.

    Looking again within a visit hides nothing. One query at the begin of a visit, else none.
    """
    last = standing.looked_at
    if last is not None and now - last < VISIT:
        return standing.since
    since = last or now
    DeskLook.objects.update_or_create(
        agency=agency, user=user, defaults={"looked_at": now, "since": since}
    )
    return last


def _absences(user: User, agency: Agency, today: Any) -> QuerySet[Any]:
    rows = Absence.objects.filter(agency=agency).on(today)
    return (
        rows.filter(Q(user=user) | Q(stand_in=user))
        .order_by("until_on", "id")
        .values(row=JSONObject(who="user_id", name="user__name", until="until_on"))
    )


def _number_of(rows: QuerySet[Any]) -> Subquery:
    counted = rows.order_by().values("agency_id").annotate(number=Count("pk"))
    return Subquery(counted.values("number")[:1])
