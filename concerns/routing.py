"""Who gets a new concern. Pure: facts, rules and staff come in, a route goes out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class Duty:
    """One officer's assignment to one area, from the first day to the last."""

    user_id: int
    area_id: int
    is_lead: bool
    from_on: date
    until_on: date | None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


class Target(StrEnum):
    """To whom a rule sends: a team, a person, whoever looks after the area, or an organisation.

    Nothing leaves the agency by a rule: for an organisation the officer of the area gets it, with
    the proposal to hand it on.
    """

    TEAM = "team"
    PERSON = "person"
    AREA = "area"
    ORGANISATION = "organisation"


class Trouble(StrEnum):
    """Why a rule cannot send where it says, or not always."""

    PERSON_GONE = "person_gone"
    TEAM_RETIRED = "team_retired"
    TEAM_EMPTY = "team_empty"
    AREA_UNLED = "area_unled"
    ORGANISATION_GONE = "organisation_gone"
    CATEGORY_RETIRED = "category_retired"
    AREA_RETIRED = "area_retired"


@dataclass(frozen=True)
class Facts:
    """What rules ask of a concern.

    `area_id` is its responsible area, `area_ids` its areas in all layers. `weekday` counts from
    Monday as 0; it and `hour` (0 to 23) are the agency's, of the moment at which it came in.
    `answers` holds what was chosen by the code of the question, in English words.
    """

    category_id: int
    area_id: int | None
    area_ids: frozenset[int]
    weekday: int
    hour: int
    channel: str
    priority: str
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """Conditions that must all hold (an empty one always does), and where it then goes.

    `areas` may be of any layer, and one of them is enough. From `from_hour` to `until_hour` may
    lead over midnight; the weekday is that of the hour itself. Each code in `answers` needs one
    of its values.
    """

    id: int
    name: str
    version: int
    target: Target
    target_id: int | None = None
    categories: frozenset[int] = frozenset()
    areas: frozenset[int] = frozenset()
    from_hour: int | None = None
    until_hour: int | None = None
    weekdays: frozenset[int] = frozenset()
    channels: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()
    answers: tuple[tuple[str, frozenset[str]], ...] = ()
    gives_priority: str = ""
    tag_id: int | None = None

    def fits(self, facts: Facts) -> bool:
        return (
            (not self.categories or facts.category_id in self.categories)
            and (not self.areas or bool(self.areas & facts.area_ids))
            and (not self.weekdays or facts.weekday in self.weekdays)
            and (not self.channels or facts.channel in self.channels)
            and (not self.priorities or facts.priority in self.priorities)
            and self._holds_at(facts.hour)
            and all(values & facts.answers.get(code, frozenset()) for code, values in self.answers)
        )

    def _holds_at(self, hour: int) -> bool:
        if self.from_hour is None or self.until_hour is None:
            return True
        if self.from_hour < self.until_hour:
            return self.from_hour <= hour < self.until_hour
        return hour >= self.from_hour or hour < self.until_hour


@dataclass(frozen=True)
class Staff:
    """Who is there to get work today.

    `readers` are those of the rules' people who may read concerns, `teams` the teams in use with
    their members who may, `organisations` those in use. `stand_ins` names who takes the work of
    an absent person, and is there; None where nobody does.
    """

    duties: Sequence[Duty] = ()
    readers: frozenset[int] = frozenset()
    teams: Mapping[int, frozenset[int]] = field(default_factory=dict)
    organisations: frozenset[int] = frozenset()
    stand_ins: Mapping[int, int | None] = field(default_factory=dict)

    def present(self, user_id: int | None) -> int | None:
        """The person, or who stands in for them; nobody where that is nobody, so that new work
        lies where all see that it has no owner."""
        return user_id if user_id is None else self.stand_ins.get(user_id, user_id)


@dataclass(frozen=True)
class Skipped:
    """A rule that fits, and why it could not be followed."""

    rule: Rule
    why: Trouble


@dataclass(frozen=True)
class Route:
    """Where a concern goes: a team, a person, or nobody where the area has no clear officer.

    `rule` is None where none led there; `absent_id` is the person who would have it but is away;
    `organisation_id` is where the officer may hand it on.
    """

    user_id: int | None = None
    team_id: int | None = None
    organisation_id: int | None = None
    rule: Rule | None = None
    absent_id: int | None = None
    skipped: tuple[Skipped, ...] = ()

    @property
    def goes_to(self) -> tuple[int | None, int | None]:
        """Team and person."""
        return self.team_id, self.user_id


def route(facts: Facts, *, rules: Iterable[Rule], staff: Staff, on: date) -> Route:
    """Return where a concern goes: by the first rule that fits and can be followed, else to the
    officer of its area.

    A rule that would send it to somebody who is gone, or to a team that nobody is in, is skipped
    and named in the route, so that work never goes where nobody looks.
    """
    skipped: list[Skipped] = []
    for rule in rules:
        if not rule.fits(facts):
            continue
        why = trouble_at(rule, facts.area_id, staff=staff, on=on)
        if why is None:
            return _by(rule, facts, staff, on, tuple(skipped))
        skipped.append(Skipped(rule, why))
    return _to_officer(facts.area_id, staff, on, rule=None, skipped=tuple(skipped))


def trouble_at(rule: Rule, area_id: int | None, *, staff: Staff, on: date) -> Trouble | None:
    """Return why this rule cannot be followed for a concern in that area, None if it can."""
    if rule.target == Target.PERSON:
        is_there = staff.present(rule.target_id) in staff.readers
        return None if is_there else Trouble.PERSON_GONE
    if rule.target == Target.TEAM:
        members = staff.teams.get(rule.target_id or 0)
        if members is None:
            return Trouble.TEAM_RETIRED
        return None if members else Trouble.TEAM_EMPTY
    if rule.target == Target.ORGANISATION and rule.target_id not in staff.organisations:
        return Trouble.ORGANISATION_GONE
    owner = owner_for(area_id=area_id, duties=staff.duties, on=on)
    return Trouble.AREA_UNLED if owner is None else None


def owner_for(*, area_id: int | None, duties: Iterable[Duty], on: date) -> int | None:
    """Return the user id of the officer who owns a concern in this area on this day.

    The lead officer of the responsible area owns it; where two lead, the newer
    assignment wins. An area with one officer and no lead is that officer's.
    None means nobody: outside every area, or an area without a clear officer, goes
    to the queue for a person to decide.
    """
    if area_id is None:
        return None
    there = [duty for duty in duties if duty.area_id == area_id and duty.covers(on)]
    leads = [duty for duty in there if duty.is_lead]
    if leads:
        return max(leads, key=lambda duty: (duty.from_on, -duty.user_id)).user_id
    only = {duty.user_id for duty in there}
    return only.pop() if len(only) == 1 else None


def standing_troubles(
    rule: Rule, *, staff: Staff, categories: frozenset[int], areas: frozenset[int]
) -> Iterator[Trouble]:
    """Yield what is wrong with a rule whatever comes in; `categories` and `areas` are in use."""
    why = trouble_at(rule, None, staff=staff, on=date.min)
    # Whether an area has an officer is asked of each concern anew.
    if why is not None and why != Trouble.AREA_UNLED:
        yield why
    if rule.categories - categories:
        yield Trouble.CATEGORY_RETIRED
    if rule.areas - areas:
        yield Trouble.AREA_RETIRED


def _by(rule: Rule, facts: Facts, staff: Staff, on: date, skipped: tuple[Skipped, ...]) -> Route:
    if rule.target == Target.TEAM:
        return Route(team_id=rule.target_id, rule=rule, skipped=skipped)
    if rule.target == Target.PERSON:
        return _to_person(rule.target_id, staff, rule=rule, skipped=skipped)
    found = _to_officer(facts.area_id, staff, on, rule=rule, skipped=skipped)
    if rule.target == Target.ORGANISATION:
        return replace(found, organisation_id=rule.target_id)
    return found


def _to_officer(
    area_id: int | None,
    staff: Staff,
    on: date,
    *,
    rule: Rule | None,
    skipped: tuple[Skipped, ...],
) -> Route:
    owner = owner_for(area_id=area_id, duties=staff.duties, on=on)
    return _to_person(owner, staff, rule=rule, skipped=skipped)


def _to_person(
    user_id: int | None, staff: Staff, *, rule: Rule | None, skipped: tuple[Skipped, ...]
) -> Route:
    there = staff.present(user_id)
    absent_id = user_id if there != user_id else None
    return Route(user_id=there, rule=rule, absent_id=absent_id, skipped=skipped)
