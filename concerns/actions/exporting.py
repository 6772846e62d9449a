"""Everything that is held about one report, for whoever reported it.

Each table that leads to a concern stands here with each of its columns: shown, or left out for a
reason that the export names. A test walks the tables and fails on one that is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from concerns import notices
from concerns.actions.export_beside import tables_beside
from concerns.actions.export_handed_on import tables_handed_on
from concerns.actions.export_judged import judged_tables
from concerns.actions.export_shape import MISUSE, OTHERS, Table
from concerns.actions.export_tables import own_tables
from concerns.models import Concern, Reporter
from concerns.outside_registry import PROTECTING, PROTECTING_EVENTS
from concerns.queries import readings_of
from engagement.audit.actors import ActorKind
from engagement.audit.models import Entry
from engagement.audit.registry import known_events
from engagement.keys.references import spaced
from engagement.outbox.models import Message
from engagement.people.roles import ROLE_WORDS, Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Value = str | int | float | bool | None
Row = list[tuple[str, "StrOrPromise", Value]]


# Days on which one neighbor joined would tell who it was; a check against misuse stays unseen.
UNTOLD = (
    "CONCERN_JOINED",
    "CONCERN_LEFT",
    "CONCERN_SUSPECTED",
    "CONCERN_RELEASED",
    "CONCERN_TOOK_IN",
    "CONCERN_GAVE_BACK",
    "CONCERN_LINKED",
    "CONCERN_UNLINKED",
    *(event.name for event in PROTECTING_EVENTS),
)


@dataclass(frozen=True)
class Section:
    """Rows of one kind; each row is a list of (code, label, value)."""

    code: str
    heading: "StrOrPromise"
    rows: list[Row]
    # What these rows also hold and the export does not show, and why.
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Held:
    """The whole of one report."""

    code: str
    sections: list[Section]

    @property
    def spaced_code(self) -> str:
        """As the receipt writes it."""
        return spaced(self.code)

    @property
    def empty_sections(self) -> list[Section]:
        """Those of which nothing is held."""
        return [one for one in self.sections if not one.rows and not one.left_out]

    def as_json(self) -> dict[str, Any]:
        """The same, for machines: codes instead of labels, ISO 8601 days and moments."""
        return {
            section.code: {
                "rows": [{code: value for code, _label, value in row} for row in section.rows],
                "left_out": section.left_out,
            }
            for section in self.sections
        }


def tables() -> list[Table]:
    """Every table that leads to a concern, in the order of the export."""
    return [*own_tables(), *tables_beside(), *tables_handed_on(), *judged_tables()]


def held_about(concern: Concern) -> Held:
    """Read everything that the portal holds about the report; changes nothing."""
    sections = [_section(table, concern) for table in tables() if not table.is_told_elsewhere]
    sections += [_readings(concern), _deliveries(concern), _history(concern)]
    return Held(concern.tracking_code, sections)


def _section(table: Table, concern: Concern) -> Section:
    rows = list(table.rows(concern))
    shown = [] if table.is_withheld else [_row(table, row) for row in rows]
    reasons = [str(reason) for reason in dict.fromkeys(table.left_out.values()) if rows]
    return Section(table.code, table.heading, shown, reasons)


def _row(table: Table, row: models.Model) -> Row:
    return [
        (name, label, plain(table.special[name](row) if name in table.special else _of(row, name)))
        for name, label in table.fields.items()
    ]


def _of(row: models.Model, name: str) -> Any:
    told: Callable[[], Any] | None = getattr(row, f"get_{name}_display", None)
    return told() if told else getattr(row, name)


def plain(value: Any) -> Value:
    """A value as JSON holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bool(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def _readings(concern: Concern) -> Section:
    rows: list[Row] = [
        [
            ("role", _("Who"), str(ROLE_WORDS[Role(read.role)]) if read.role else ""),
            ("on", _("Day"), read.on.isoformat()),
            ("what", _("What"), _("Your address") if read.is_identity else _("The report")),
        ]
        for read in readings_of(concern)
    ]
    reason = _("Which person it was: known to their supervisor.")
    return Section("readings", _("Who of the staff opened it"), rows, [reason] if rows else [])


def _deliveries(concern: Concern) -> Section:
    """Messages to the reporter; those to staff are about the officer who got them."""
    contacts = Reporter.objects.filter(concern=concern, contact__isnull=False)
    sent = Message.objects.filter(
        agency_id=concern.agency_id,
        contact_id__in=contacts.values("contact_id"),
        subject_type="concern",
        subject_reference=concern.staff_reference,
    ).order_by("due_at", "position")
    words = {
        notices.RECEIVED: _("That it arrived"),
        notices.NEWS: _("That there is news"),
        notices.QUESTION: _("That a question waits"),
        notices.RESOLVED: _("That it is resolved"),
        notices.FRESH_LINK: _("A fresh link"),
    }
    rows: list[Row] = [
        [
            ("kind", _("Kind"), str(words.get(message.kind, message.kind))),
            ("on", _("Day"), concern.agency.day_of(message.due_at).isoformat()),
            ("state", _("State"), str(message.get_state_display())),
        ]
        for message in sent
    ]
    return Section("messages", _("Messages to you"), rows)


def _history(concern: Concern) -> Section:
    entries = Entry.objects.filter(
        agency_id=concern.agency_id,
        subject_type="concern",
        subject_reference=concern.staff_reference,
    )
    entries = entries.exclude(event__in=UNTOLD).order_by("id")
    words = known_events()
    by = {
        ActorKind.REPORTER: _("you"),
        ActorKind.STAFF: _("staff"),
        ActorKind.TASK: _("this site"),
    }
    rows: list[Row] = [
        [
            ("event", _("What happened"), _words_of(words, entry.event)),
            ("on", _("Day"), concern.agency.day_of(entry.at).isoformat()),
            ("by", _("By"), str(by.get(ActorKind(entry.actor_kind), entry.actor_kind))),
        ]
        for entry in entries
    ]
    left_out = [str(OTHERS), str(MISUSE), str(PROTECTING)] if rows else []
    return Section("history", _("History that cannot be changed"), rows, left_out)


def _words_of(known: Any, event: str) -> str:
    found: Promise | str = known[event].sentence if event in known else event
    return str(found)
