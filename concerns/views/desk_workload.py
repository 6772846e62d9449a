"""How much lies with whom and where, for who leads the work."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from concerns.desk_numbers import Numbers, When, days_around, numbers_for
from concerns.desk_stuck import AROUND
from concerns.models.desk_counts import ANY, NONE, Kind
from concerns.registry import WORKLOAD
from concerns.views.desk_absence import Away, away_rows
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.models import User
from engagement.people.queries import staff_holding
from engagement.people.roles import Role
from engagement.places.models import Agency, Area
from engagement.places.queries import holidays_of


@dataclass(frozen=True)
class Cell:
    """A number and the address of exactly these rows in the queue."""

    number: int
    url: str


@dataclass(frozen=True)
class Load:
    """One officer, or one area: `unowned` is of areas only."""

    name: str
    note: str
    open: Cell
    late: Cell
    soon: Cell
    waiting: Cell
    unanswered: Cell
    unowned: Cell | None = None


@staff_page(WORKLOAD)
@require_GET
def workload(request: StaffRequest) -> HttpResponse:
    """Nine questions, however much work there is."""
    agency = request.agency
    today = agency.day_of(timezone.now())
    days = days_around(today, holidays_of(agency, since=today - AROUND))
    numbers = numbers_for(request.user, agency, days, areas=None, owners=None)
    away = away_rows(request, today)
    context = {
        "officers": _officers(agency, numbers, away),
        "areas": _areas(agency, numbers),
        "total": _load(numbers, _("Everybody"), "", {}),
        "away": away,
    }
    return render(request, "concerns/desk/workload.html", context)


def _officers(agency: Agency, numbers: Numbers, away: list[Away]) -> list[Load]:
    """Officers and supervisors, and whoever else has work; those with nothing too, as they can
    take some. Nobody stands last."""
    with_work = numbers.refs(of_owners=True)
    staff = staff_holding(roles=[Role.OFFICER, Role.SUPERVISOR], agency=agency, now=timezone.now())
    found = User.objects.filter(Q(pk__in=staff.values("pk")) | Q(pk__in=with_work))
    absent = {row.absence.user_id: row for row in away if row.is_now}
    loads = [
        _load(numbers, user.name, _away_note(absent.get(user.pk)), {"owner": user.pk})
        for user in found.order_by("name", "id")
    ]
    return [*loads, _load(numbers, _("With nobody"), "", {"owner": NONE})]


def _areas(agency: Agency, numbers: Numbers) -> list[Load]:
    with_work = numbers.refs(of_owners=False)
    rows = Area.objects.filter(agency=agency).filter(
        Q(layer=agency.responsible_layer) | Q(pk__in=with_work)
    )
    loads = [
        _load(numbers, area.name, "", {"area": area.pk}) for area in rows.order_by("name", "id")
    ]
    return [*loads, _load(numbers, _("Outside every area"), "", {"area": NONE})]


def _load(numbers: Numbers, name: str, note: str, at: dict[str, int]) -> Load:
    area, owner = at.get("area", ANY), at.get("owner", ANY)

    def cell(show: str, *kinds: Kind, when: tuple[When, ...] = tuple(When)) -> Cell:
        number = numbers.of(*kinds, area=area, owner=owner, when=when)
        return Cell(number, _url(show, at))

    unowned = None
    if owner == ANY:
        unowned = Cell(numbers.open(area=area, owner=NONE), _url("unowned", at))
    return Load(
        name=name,
        note=note,
        open=cell("open", Kind.CLOCK, Kind.WAITING),
        late=cell("late", Kind.CLOCK, when=(When.PAST,)),
        soon=cell("soon", Kind.CLOCK, when=(When.NEAR,)),
        waiting=cell("waiting", Kind.WAITING),
        unanswered=cell("answers", Kind.MESSAGE),
        unowned=unowned,
    )


def _away_note(away: Away | None) -> str:
    if away is None:
        return ""
    if away.stand_in_is_away:
        return _("away, and so is the stand-in")
    if not away.stand_in:
        return _("away, nobody stands in")
    return _("away, %(name)s stands in") % {"name": away.stand_in}


def _url(show: str, at: dict[str, int]) -> str:
    return f"{reverse('desk_concerns')}?{urlencode({'show': show, **at})}"
