"""What somebody wants to see of the queue: one value that a form, a link, a saved filter and a
bulk step all carry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from concerns import spoken
from concerns.desk_stuck import due_soon, lapsed, overlooked, undelivered
from concerns.desk_words import WORDS_LIMIT
from concerns.models import ConcernTag
from concerns.models.concern import NEVER, Channel, Priority
from concerns.querysets import ConcernQuerySet
from concerns.workflow import OPEN_STATES, State
from engagement.people.models import AreaAssignment, User

# Stands in a list of owners, teams or areas for those that have none.
NONE = 0
MOST_VALUES = 50
LARGEST_NUMBER = 2**63 - 1
SOON = timedelta(days=3)

Narrowed = Callable[[ConcernQuerySet, User, date], ConcernQuerySet]


def areas_of(user: User, today: Any) -> Any:
    """Return ids of the areas this officer looks after today, as a subquery; the day may be an
    expression."""
    return AreaAssignment.objects.in_force(today).filter(user=user).values("area_id")


def _in_areas_of(user: User, today: date) -> Q:
    """The same as a condition; of the one area that most look after, an index knows the order."""
    ids = [row["area_id"] for row in areas_of(user, today)]
    return Q(area_id=ids[0]) if len(ids) == 1 else Q(area_id__in=ids)


@dataclass(frozen=True)
class Tab:
    """A ready-made queue; `is_open_work` says that it holds nothing that is done. One that is not
    listed is reached from the desk's first page. To narrow one that `looks_up` asks the database
    first, so what it wants changes with what is found there."""

    label: str | Promise
    narrow: Narrowed
    is_open_work: bool = True
    is_listed: bool = True
    looks_up: bool = False


TABS: dict[str, Tab] = {
    "open": Tab(_("All open"), lambda rows, user, today: rows.open()),
    "first": Tab(_("Read first"), lambda rows, user, today: rows.calls_for_help()),
    "mine": Tab(_("Mine"), lambda rows, user, today: rows.open().owned_by(user)),
    "areas": Tab(
        _("My areas"),
        lambda rows, user, today: rows.open().filter(_in_areas_of(user, today)),
        looks_up=True,
    ),
    "unowned": Tab(_("With nobody"), lambda rows, user, today: rows.open().unowned()),
    "waiting": Tab(_("Waiting"), lambda rows, user, today: rows.open().filter(state=State.WAITING)),
    "answers": Tab(
        _("New answers"),
        lambda rows, user, today: rows.open().filter(unanswered_since__isnull=False),
    ),
    "late": Tab(_("Late"), lambda rows, user, today: rows.overdue(today)),
    "soon": Tab(_("Due soon"), due_soon, looks_up=True),
    "take": Tab(
        _("With nobody in my areas"),
        lambda rows, user, today: rows.open().unowned().filter(_in_areas_of(user, today)),
        is_listed=False,
        looks_up=True,
    ),
    "overlooked": Tab(_("Unanswered too long"), overlooked, is_listed=False, looks_up=True),
    "lapsed": Tab(_("Not taken up outside"), lapsed, is_listed=False),
    "undelivered": Tab(_("Mail not delivered"), undelivered, is_listed=False),
    "moved": Tab(_("Changed hands"), lambda rows, user, today: rows.changed_hands(today)),
    "done": Tab(_("Done"), lambda rows, user, today: rows.done(), is_open_work=False),
    "all": Tab(_("Open and done"), lambda rows, user, today: rows, is_open_work=False),
}
OPEN_TAB = "open"

AGES: dict[str, tuple[str | Promise, int, int | None]] = {
    # Label, and received at least and at most so many days ago.
    "day": (_("Since yesterday"), 0, 1),
    "week": (_("In the last 7 days"), 0, 7),
    "month": (_("In the last 30 days"), 0, 30),
    "over_week": (_("More than 7 days ago"), 8, None),
    "over_month": (_("More than 30 days ago"), 31, None),
    "over_quarter": (_("More than 90 days ago"), 91, None),
}
DEADLINES: dict[str, str | Promise] = {
    "late": pgettext_lazy("deadline", "Late"),
    "very_late": pgettext_lazy("deadline", "Very late"),
    "soon": pgettext_lazy("deadline", "Due within 3 days"),
    "later": pgettext_lazy("deadline", "Due later"),
    "none": pgettext_lazy("deadline", "No deadline"),
}


@dataclass(frozen=True)
class Wanted:
    """Each field narrows further; several values of one field mean any of them.

    Numbers are row ids; 0 among owners, teams or areas means without one. Equal values want the
    same rows.
    """

    tab: str = OPEN_TAB
    states: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()
    areas: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    age: str = ""
    deadline: str = ""
    priorities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[int, ...] = ()
    words: str = ""

    @classmethod
    def from_query(cls, query: QueryDict, *, words: str = "") -> "Wanted":
        """Read it from an address or a form; what is unknown there is left out.

        Words never stand in an address: whoever calls hands them over, or they come in a form.
        """
        values: dict[str, Any] = {NAMES[name]: query.getlist(name) for name in NAMES}
        values["words"] = words
        return _tidy(values)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Wanted":
        """Read what `as_json` wrote; what is unknown there by now is left out."""
        return _tidy({name: _listed(kept[name]) for name in FIELDS if name in kept} | _words(kept))

    def as_json(self) -> dict[str, Any]:
        """Return plain values for storage, only those that differ from wanting all open work."""
        kept = {
            name: getattr(self, name) for name in FIELDS if getattr(self, name) != NOTHING[name]
        }
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()
        }

    def as_pairs(self) -> list[tuple[str, str]]:
        """Return name and value of each choice as an address carries them, without the words."""
        pairs = [("show", self.tab)]
        for name, field in NAMES.items():
            value = getattr(self, field)
            if field != "tab":
                pairs += [
                    (name, str(one)) for one in ([value] if isinstance(value, str) else value)
                ]
        return [(name, value) for name, value in pairs if value]

    def as_query(self) -> str:
        return urlencode(self.as_pairs())

    def without(self, field: str, value: Any = None) -> "Wanted":
        """The same with one value less, or without any of the field."""
        held = getattr(self, field)
        less: Any = NOTHING[field]
        if isinstance(held, tuple) and value is not None:
            less = tuple(one for one in held if one != value)
        changed: dict[str, Any] = {field: less}
        return replace(self, **changed)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked beyond the tab."""
        return self != Wanted(tab=self.tab)

    @property
    def is_open_work(self) -> bool:
        """Whether it can hold open work only, which further orders are kept for."""
        return TABS[self.tab].is_open_work or bool(
            self.states and OPEN_STATES.issuperset(State(one) for one in self.states)
        )

    def apply(self, rows: ConcernQuerySet, *, user: User, today: date) -> ConcernQuerySet:
        """Narrow rows that this person may read; `today` is a day of the agency."""
        rows = TABS[self.tab].narrow(rows, user, today)
        if self.is_open_work and not TABS[self.tab].is_open_work:
            # Said in the words of the index of open work, beside the states themselves.
            rows = rows.open()
        rows = rows.filter(self._plain(), self._days(today))
        for tag in self.tags:
            rows = rows.filter(pk__in=ConcernTag.objects.filter(tag_id=tag).values("concern_id"))
        return rows.matching(self.words) if self.words else rows

    def _plain(self) -> Q:
        return (
            _any_of("state", self.states)
            & _any_of("category_id", self.categories)
            & _or_none("area", self.areas)
            & _or_none("owner", self.owners)
            & _or_none("team", self.teams)
            & _any_of("priority", self.priorities)
            & _any_of("channel", self.channels)
            & _any_of("language", self.languages)
        )

    def _days(self, today: date) -> Q:
        days = Q()
        if self.age:
            _label, least, most = AGES[self.age]
            days &= Q(received_on__lte=today - timedelta(days=least)) if least else Q()
            days &= Q(received_on__gte=today - timedelta(days=most)) if most else Q()
        return days & _due(self.deadline, today)


def _due(deadline: str, today: date) -> Q:
    """What is due is open work; only that has an index of its deadlines."""
    soon = today + SOON
    wanted = {
        "": Q(),
        "late": Q(due_by__lt=today),
        "very_late": Q(due_by__lt=today, very_late_after__lt=today),
        "soon": Q(due_by__gte=today, due_by__lte=soon),
        "later": Q(due_by__gt=soon, due_by__lt=NEVER),
        "none": Q(due_by=NEVER),
    }[deadline]
    return wanted & Q(state__in=sorted(OPEN_STATES)) if deadline else wanted


def _any_of(name: str, values: tuple[Any, ...]) -> Q:
    if len(values) == 1:
        return Q(**{name: values[0]})
    return Q(**{f"{name}__in": values}) if values else Q()


def _or_none(name: str, ids: tuple[int, ...]) -> Q:
    named = _any_of(f"{name}_id", tuple(one for one in ids if one != NONE))
    if NONE not in ids:
        return named
    missing = Q(**{f"{name}__isnull": True})
    return named | missing if len(ids) > 1 else missing


FIELDS = tuple(field.name for field in fields(Wanted))
NOTHING = {field.name: field.default for field in fields(Wanted)}
# As addresses and forms call them.
NAMES = {
    "show": "tab",
    "state": "states",
    "category": "categories",
    "area": "areas",
    "owner": "owners",
    "team": "teams",
    "age": "age",
    "deadline": "deadline",
    "priority": "priorities",
    "channel": "channels",
    "language": "languages",
    "tag": "tags",
}
_NUMBERS = ("categories", "areas", "owners", "teams", "tags")
_CODES: dict[str, Callable[[], Any]] = {
    "states": lambda: State,
    "priorities": lambda: Priority.values,
    "channels": lambda: Channel.values,
    "languages": lambda: [code for code, _name in spoken.choices()],
}
_ONE_OF: dict[str, Mapping[str, Any]] = {"tab": TABS, "age": AGES, "deadline": DEADLINES}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _words(kept: Mapping[str, Any]) -> dict[str, str]:
    words = kept.get("words")
    return {"words": words if isinstance(words, str) else ""}


def _tidy(values: Mapping[str, Any]) -> Wanted:
    """Keep what means something, in an order of its own, so that equal wishes are equal."""
    kept: dict[str, Any] = {}
    for name in _NUMBERS:
        kept[name] = tuple(sorted(_numbers(values.get(name, ())))[:MOST_VALUES])
    for name, known in _CODES.items():
        kept[name] = _known(values.get(name, ()), [str(one) for one in known()])
    for name, choices in _ONE_OF.items():
        found = _known(values.get(name, ()), list(choices))
        kept[name] = found[0] if found else NOTHING[name]
    kept["words"] = " ".join(str(values.get("words") or "").replace("\0", "").split())[:WORDS_LIMIT]
    states = {State(one) for one in kept["states"]}
    if kept["tab"] == OPEN_TAB and states - OPEN_STATES:
        # Who asks for what is done does not mean open work alone.
        kept["tab"] = "all"
    return Wanted(**kept)


def _numbers(values: Any) -> set[int]:
    texts = {str(value) for value in values}
    found = {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 20}
    return {number for number in found if number <= LARGEST_NUMBER}


def _known(values: Any, known: list[str]) -> tuple[str, ...]:
    asked = {str(value) for value in values}
    return tuple(one for one in known if one in asked)
