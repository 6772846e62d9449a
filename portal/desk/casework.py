"""The casework on the desk's first page: what to do next, how much there is, and what is stuck."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.composed import Composer
from concerns.desk_numbers import Numbers, When, days_around, numbers_for
from concerns.models import Concern
from concerns.models.desk_counts import NONE, Kind
from concerns.querysets import ConcernQuerySet
from concerns.registry import RULES, SPAM, WORKLOAD
from concerns.views.desk_queue import MOST_FIRST
from concerns.views.desk_rows import rows_for, with_what_a_row_shows
from concerns.workflow import State
from engagement.doors.requests import StaffRequest
from engagement.people.rights import allowed, rights_of
from portal.desk.changes import changes_since
from portal.desk.marks import mark_of
from portal.desk.standing import Standing, look, standing_of

LIST_SIZE = 10
# So many areas of one officer are looked through one by one, each along its index.
MOST_AREAS = 12

Tile = dict[str, Any]
Line = dict[str, Any]

_composed = Composer()


def casework(request: StaffRequest) -> dict[str, Any]:
    """At most six questions, whatever there is."""
    now = timezone.now()
    today = request.agency.day_of(now)
    standing = standing_of(request.user, request.agency, now)
    days = days_around(today, set(standing.holidays))
    numbers = numbers_for(request.user, request.agency, days, areas=standing.areas)
    calls, near = _next(request, standing)
    rights = (rights_of(request.user), request.agency.pk)
    others = _composed(("newest", *rights), lambda: _newest(request)).values({})
    newest = [*calls, *others][:LIST_SIZE]
    since = look(request.user, request.agency, standing, now)
    judges_spam = allowed(request.user, SPAM, agency_id=request.agency.pk)
    return {
        "keys_are_off": standing.keys_are_off,
        "marks": [mark_of(row, request.user, request.agency) for row in standing.marks],
        "marked": standing.marked,
        "suspected": standing.suspected if judges_spam else 0,
        "slowed": standing.slowed,
        "tiles": _own_tiles(numbers, request.user.pk, standing),
        "all_tiles": _all_tiles(numbers),
        "stuck": [*_stuck(numbers, standing), *_rules(request, standing)],
        "todo": rows_for(near, today),
        "newest": rows_for(newest, today),
        "since": since,
        "changes": _changes(request, since),
        "may_see_workload": allowed(request.user, WORKLOAD, agency_id=request.agency.pk),
        "absences": standing.absences,
    }


def _readable(request: StaffRequest) -> ConcernQuerySet:
    return Concern.objects.visible_to(request.user).filter(agency=request.agency).not_held()


def _newest(request: StaffRequest) -> Any:
    rows = with_what_a_row_shows(_readable(request).open().calls_for_no_help())
    return rows.newest_first()[:LIST_SIZE]


def _next(request: StaffRequest, standing: Standing) -> tuple[list[Line], list[Line]]:
    """Calls for help that nobody has answered, of all, as nobody may overlook them because they
    are another's; and what this person does next: such calls of theirs, then by deadline what is
    theirs or lies with nobody in their areas. One query of short parts, each along its index."""
    key = ("next", rights_of(request.user), request.agency.pk, standing.areas)
    rows = _composed(key, lambda: _nearest(request, standing.areas)).values({})
    urgent = [row for row in rows if row["danger"] and row["state"] == State.RECEIVED]
    urgent.sort(key=lambda row: (row["received_on"], row["id"]), reverse=True)
    due = [row for row in rows if not (row["danger"] and row["state"] == State.RECEIVED)]
    due.sort(key=lambda row: (row["due_by"], row["id"]))
    me, areas = request.user.pk, set(standing.areas)
    theirs = [
        row
        for row in urgent
        if row["owner_id"] == me or (row["owner_id"] is None and row["area_id"] in areas)
    ]
    return urgent, [*theirs, *due][:LIST_SIZE]


def _nearest(request: StaffRequest, areas: tuple[int, ...]) -> Any:
    shown = with_what_a_row_shows(_readable(request).open())
    calls = shown.calls_for_help().newest_first()[: MOST_FIRST + 1]
    quiet = shown.calls_for_no_help().exclude(state=State.WAITING).order_by("due_by", "id")
    parts = [quiet.owned_by(request.user)]
    if len(areas) > MOST_AREAS:
        parts.append(quiet.unowned().filter(area_id__in=areas))
    else:
        parts += [quiet.unowned().filter(area_id=area_id) for area_id in areas]
    together = calls.union(*(part[:LIST_SIZE] for part in parts), all=True)
    return together.order_by("id")


def _own_tiles(numbers: Numbers, me: int, standing: Standing) -> list[Tile]:
    """What is this person's, or for them to take."""
    take = sum(numbers.open(area=area, owner=NONE) for area in standing.areas)
    return [
        _tile(numbers.of(Kind.DANGER), _("to be read first"), show="first"),
        _tile(numbers.open(owner=me), _("open with you"), show="mine"),
        _tile(take, _("with nobody in your areas"), show="take"),
        _tile(_late(numbers, owner=me), _("late with you"), show="late", owner=me),
        _tile(_soon(numbers, owner=me), _("due soon with you"), show="soon", owner=me),
        _tile(numbers.of(Kind.MESSAGE, owner=me), _("new messages"), show="answers", owner=me),
        _tile(numbers.of(Kind.WAITING, owner=me), _("waiting on others"), show="waiting", owner=me),
    ]


def _all_tiles(numbers: Numbers) -> list[Tile]:
    """The same of the whole agency, as far as this person may read it."""
    return [
        _tile(numbers.open(), _("open"), show="open"),
        _tile(_late(numbers), _("late"), show="late"),
        _tile(_soon(numbers), _("due soon"), show="soon"),
        _tile(numbers.of(Kind.MESSAGE), _("new messages"), show="answers"),
        _tile(numbers.of(Kind.WAITING), _("waiting for someone"), show="waiting"),
    ]


def _stuck(numbers: Numbers, standing: Standing) -> list[Tile]:
    """Only what there is: each line is something that no clock brings forward by itself."""
    old = numbers.of(Kind.MESSAGE, when=[When.PAST])
    lines = [
        _tile(numbers.open(owner=NONE), _("with nobody"), show="unowned"),
        _tile(numbers.open(area=NONE), _("outside every area"), show="open", area=NONE),
        _tile(standing.lapsed, _("handed on, and not answered in time"), show="lapsed"),
        _tile(
            old, _("with a message unanswered for more than two business days"), show="overlooked"
        ),
        _tile(standing.undelivered, _("with mail that could not be delivered"), show="undelivered"),
        _tile(standing.escalated, _("late for long, and told to a supervisor"), show="late"),
    ]
    return [line for line in lines if line["count"]]


def _rules(request: StaffRequest, standing: Standing) -> list[Tile]:
    """Rules that send to nobody, for those who write rules."""
    number = standing.broken_rules
    if not number or not allowed(request.user, RULES, agency_id=request.agency.pk):
        return []
    return [
        {
            "count": number,
            "label": _("rules whose person or team is gone"),
            "url": reverse("desk_routing"),
        }
    ]


def _late(numbers: Numbers, **whose: int) -> int:
    return numbers.of(Kind.CLOCK, when=[When.PAST], **whose)


def _soon(numbers: Numbers, **whose: int) -> int:
    return numbers.of(Kind.CLOCK, when=[When.NEAR], **whose)


def _tile(count: int, label: str, **query: str | int) -> Tile:
    url = f"{reverse('desk_concerns')}?{urlencode(query)}"
    return {"count": count, "label": label, "url": url}


def _changes(request: StaffRequest, since: datetime | None) -> list[Any]:
    if since is None:
        return []
    return changes_since(agency=request.agency, by_others_than=request.user, since=since)
