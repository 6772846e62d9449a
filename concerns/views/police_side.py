"""What the case page shows of officers' own work: visits, numbers, marks, services."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from concerns.models import (
    CallSuggestion,
    Concern,
    EmptyHome,
    OutsideNumber,
    OutsideSystems,
    SecuritySurvey,
    ServiceRequest,
    Visit,
    WrongDoor,
)
from concerns.models.outside_numbers import System
from concerns.models.services import Service
from concerns.models.wrong_doors import Ending, Wrong
from concerns.outside_registry import DUTY
from concerns.published.labels import nearest_street
from concerns.registry import TRIAGE
from concerns.rights import may
from concerns.sealed_services import away_of
from concerns.services import GATHERINGS, SEALED_CATEGORIES, Away, asks_for_service
from concerns.views.short_lists import ShortList, moment
from engagement.people.models import User

# PostgreSQL writes bytes into JSON as text that begins so.
HEX = "\\x"


@dataclass(frozen=True)
class VisitLine:
    id: int
    on: date
    was_at: datetime
    who: str
    user_id: int
    line: str


@dataclass(frozen=True)
class NumberLine:
    """`call_kind` and what follows are what the nightly file of calls says of it, if anything."""

    id: int
    system: str
    number: str
    call_kind: str
    call_on: date | None
    block: str
    disposition: str


@dataclass(frozen=True)
class MarkLine:
    id: int
    kind: str
    label: str
    marked_at: datetime
    marked_by: str
    accepted_by: str
    ending: str

    @property
    def is_open(self) -> bool:
        return not self.ending

    @property
    def hides(self) -> bool:
        """As `WrongDoorQuerySet.hiding` says it."""
        lasts = self.kind != Wrong.CRIME and self.ending == Ending.HANDLED
        return self.is_open or lasts


@dataclass(frozen=True)
class ServiceLine:
    kind: str
    label: str
    from_on: date | None
    until_on: date | None
    recheck_on: date | None
    is_gathering: bool


def _visits() -> QuerySet[Any]:
    return Visit.objects.filter(concern=OuterRef("pk"), is_taken_back=False)


def _hints() -> QuerySet[Any]:
    return CallSuggestion.objects.filter(concern=OuterRef("pk"), is_refused=False)


def _systems() -> QuerySet[Any]:
    return OutsideSystems.objects.filter(agency=OuterRef("agency_id"))


def _visit(one: dict[str, Any]) -> VisitLine:
    return VisitLine(
        **{**one, "on": date.fromisoformat(one["on"]), "was_at": moment(one["was_at"])}
    )


def _number(one: dict[str, Any]) -> NumberLine:
    on = date.fromisoformat(one["call_on"]) if one["call_on"] else None
    words = {name: one[name] or "" for name in ("call_kind", "block", "disposition")}
    label = str(System(one["system"]).label)
    return NumberLine(one["id"], label, one["number"], call_on=on, **words)


def _mark(one: dict[str, Any]) -> MarkLine:
    return MarkLine(
        id=one["id"],
        kind=one["kind"],
        label=str(Wrong(one["kind"]).label),
        marked_at=moment(one["at"]),
        marked_by=one["by"],
        accepted_by=one["accepted_by"] or "",
        ending=one["ending"],
    )


def _service(one: dict[str, Any]) -> ServiceLine:
    days = {
        name: date.fromisoformat(one[name]) if one[name] else None
        for name in ("from_on", "until_on", "recheck_on")
    }
    kind = Service(one["kind"])
    return ServiceLine(kind.value, str(kind.label), is_gathering=kind in GATHERINGS, **days)


def _hint(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "on": date.fromisoformat(one["on"])}


POLICE_PARTS = (
    ShortList(
        "visits",
        _visits,
        {
            "id": "id",
            "on": "on",
            "was_at": "was_at",
            "who": "by_user__name",
            "user_id": "by_user_id",
            "line": "line",
        },
        _visit,
    ),
    ShortList(
        "outside_numbers",
        lambda: OutsideNumber.objects.filter(concern=OuterRef("pk")),
        {
            "id": "id",
            "system": "system",
            "number": "number",
            "call_kind": "call__kind",
            "call_on": "call__on",
            "block": "call__block",
            "disposition": "call__disposition",
        },
        _number,
    ),
    ShortList(
        "call_hints",
        _hints,
        {
            "id": "id",
            "number": "call__number",
            "kind": "call__kind",
            "on": "call__on",
            "block": "call__block",
        },
        _hint,
        most=5,
    ),
    ShortList(
        "systems",
        _systems,
        {"cad": "cad_example", "rms": "rms_example", "copies_words": "copies_words"},
    ),
    ShortList(
        "marks",
        lambda: WrongDoor.objects.filter(concern=OuterRef("pk")),
        {
            "id": "id",
            "kind": "kind",
            "at": "marked_at",
            "by": "marked_by__name",
            "accepted_by": "accepted_by__name",
            "ending": "ending",
        },
        _mark,
    ),
    ShortList(
        "services",
        lambda: ServiceRequest.objects.filter(concern=OuterRef("pk")),
        {"kind": "kind", "from_on": "from_on", "until_on": "until_on", "recheck_on": "recheck_on"},
        _service,
    ),
    ShortList(
        "empty_homes",
        lambda: EmptyHome.objects.filter(concern=OuterRef("pk")),
        {"binding": "binding", "sealed": "sealed"},
    ),
    ShortList(
        "surveys",
        lambda: SecuritySurvey.objects.filter(concern=OuterRef("pk")),
        {"on": "done_on", "who": "by_user__name"},
        lambda one: {**one, "on": date.fromisoformat(one["on"])},
    ),
)


def police_side(user: User, concern: Concern, lists: dict[str, list[Any]]) -> dict[str, Any]:
    """Context of the parts beside the next step, from lists that were read already; no query."""
    may_work = may(user, TRIAGE, concern)
    systems = lists["systems"][0] if lists["systems"] else {}
    marks: list[MarkLine] = lists["marks"]
    # What is hidden is not shown by accepting it either.
    hidden = {"accepting_shows": None} if any(mark.hides for mark in marks) else {}
    return {
        **hidden,
        "may_visit": may_work and concern.is_open,
        "may_number": may_work,
        "may_take_over": may(user, DUTY, concern),
        "number_examples": {"cad": systems.get("cad", ""), "rms": systems.get("rms", "")},
        "copy_text": copy_text(concern, copies_words=bool(systems.get("copies_words"))),
        "wrong_kinds": list(Wrong.choices),
        "open_marks": [mark for mark in marks if mark.is_open],
        "service": lists["services"][0] if lists["services"] else None,
        "service_kinds": list(Service.choices),
        "may_plan_service": may_work and asks_for_service(concern.category.group),
        "away": _away(concern, lists["empty_homes"]) if may_work else None,
        "survey": lists["surveys"][0] if lists["surveys"] else None,
    }


def copy_text(concern: Concern, *, copies_words: bool) -> str:
    """Plain text to lay into CAD: no reporter, no contact, no code of theirs; "" for what must not
    be copied at all.

    CAD is read by more people, and kept longer, than this portal promised to the reporter. So the
    words are what staff wrote for everybody; the reporter's own only where the agency chose so. A
    home is not named by its point or words, which would name who reported.
    """
    if concern.category.code in SEALED_CATEGORIES:
        return ""
    lines = [
        _("Kind: %(kind)s") % {"kind": concern.category},
        _("Place: %(place)s") % {"place": _place(concern)},
        _("Reported: %(day)s") % {"day": concern.received_on.isoformat()},
        _("Number here: %(number)s") % {"number": concern.staff_reference},
    ]
    said = concern.text if copies_words else ""
    if not said and concern.public is not None:
        said = str(concern.public.summary)
    return "\n".join([*lines, *([_("What: %(words)s") % {"words": said}] if said else [])])


def _place(concern: Concern) -> str:
    area = concern.area.name if concern.area else ""
    if concern.lon is None or concern.lat is None:
        return ", ".join(part for part in (concern.place_text, area) if part)
    if concern.is_home:
        street = nearest_street(agency=concern.agency, lon=concern.lon, lat=concern.lat)
        near = _("near %(street)s") % {"street": street[0]} if street else ""
        return ", ".join(part for part in (near, area) if part)
    point = f"{concern.lat:.5f}, {concern.lon:.5f}"
    return ", ".join(part for part in (concern.place_text, area, point) if part)


def _away(concern: Concern, rows: list[dict[str, Any]]) -> Away | None:
    if not rows:
        return None
    row = EmptyHome(
        agency_id=concern.agency_id,
        binding=uuid.UUID(rows[0]["binding"]),
        sealed=bytes.fromhex(rows[0]["sealed"].removeprefix(HEX)),
    )
    return away_of(row)
