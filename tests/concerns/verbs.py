"""Every verb of the desk, found in the code itself, and what is needed to press it.

A verb is an action that takes `seen_version` of a concern. A new one is found by itself; where it
asks for something that nothing here is called, `values_for` says so.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from inspect import unwrap
from itertools import count
from typing import Any

from concerns import actions
from concerns.actions import (
    asking,
    correcting,
    following,
    handing_on,
    handoff_drafts,
    linking,
    merging,
    photos,
    publishing,
    referring,
    showing_photos,
    splitting,
    tagging,
    taking_back,
    triage,
)
from concerns.actions.photos import Kept
from concerns.models import Category, Concern, ConcernPhoto, Handoff, SeeAlso, Tag, Team
from engagement.audit.actors import Actor
from engagement.groups.models import Organisation
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests.concerns.conftest import EAST_POINT, NOW, WEST_POINT, file_report
from tests.concerns.handoffs.handing import organisation

Verb = Callable[..., Any]
NUMBERS = count(1)
WORDS = "A crew looks at it tomorrow."
PUBLIC_WORDS = Wording({"en": "Work on this begins soon."})
SHARED = {"concern_id", "seen_version", "by", "now"}


@dataclass
class World:
    agency: Agency
    officer: User
    colleague: User
    now: datetime = NOW
    organisation: Organisation = field(init=False)
    team: Team = field(init=False)

    def __post_init__(self) -> None:
        self.organisation = organisation(self.agency, takes_by="mail", now=NOW)
        self.team = Team.objects.create(agency=self.agency, name="Night team")

    @property
    def by(self) -> Actor:
        return Actor.staff(self.officer.pk)

    def file(self, **changes: Any) -> Concern:
        key = f"verbs-{next(NUMBERS)}"
        return file_report(self.agency, submission_key=key, **changes).concern

    def press(self, verb: Verb, concern: Concern, **more: Any) -> Any:
        version = Concern.objects.values_list("version", flat=True).get(pk=concern.pk)
        shared = {"concern_id": concern.pk, "seen_version": version, "by": self.by}
        return verb(**{**shared, "now": self.now, **more})


# Verbs for which no case here is ready: each needs a further table, agency or system, and has tests
# of its own beside those. Everything else must be pressed by two at once, and in any order.
ELSEWHERE = {
    "filing_elsewhere.file_again",  # a request that another system refused
    "languages.ask_for_help",  # a report in a language that its officer does not write
    "languages.drop_help",
    "moderating.decide_removal",  # a reason of the published list
    "referring.ask_consent",  # another agency of this installation
}


def verbs() -> list[Verb]:
    """Every public action on one concern that takes the version that was seen, by name."""
    found: dict[str, Verb] = {}
    for module in pkgutil.iter_modules(actions.__path__):
        loaded = importlib.import_module(f"{actions.__name__}.{module.name}")
        for name, verb in inspect.getmembers(loaded, inspect.isfunction):
            is_own = verb.__module__ == loaded.__name__ and not name.startswith("_")
            key = f"{module.name}.{name}"
            takes = {"concern_id", "seen_version", "by"} <= set(_parameters(verb))
            if is_own and takes and key not in ELSEWHERE:
                found[key] = verb
    return [found[name] for name in sorted(found)]


def name_of(verb: Verb) -> str:
    return f"{verb.__module__.rpartition('.')[2]}.{verb.__name__}"


def _parameters(verb: Verb) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(verb).parameters)


def values_for(verb: Verb, concern: Concern, world: World) -> dict[str, Any]:
    """What this verb asks for beside what all of them do, fit for this concern as it stands."""
    found: dict[str, Any] = {}
    for name, asked in _parameters(verb).items():
        if name in SHARED or asked.default is not inspect.Parameter.empty:
            continue
        if asked.annotation is Wording:
            found[name] = PUBLIC_WORDS
        elif asked.annotation in BY_TYPE:
            found[name] = BY_TYPE[asked.annotation](concern, world)
        elif name in BY_NAME:
            found[name] = BY_NAME[name](concern, world)
        else:
            raise AssertionError(f"say in BY_NAME or BY_TYPE what {name_of(verb)} gets as {name}")
    return found


def _other(concern: Concern, world: World) -> Concern:
    linked = SeeAlso.objects.filter(low=concern.pk).values_list("high", flat=True).first()
    if linked is not None:
        return Concern.objects.get(pk=linked)
    rows = Concern.objects.filter(agency=world.agency, pk__gt=concern.pk, state="received")
    return rows.order_by("pk").first() or world.file()


def _handoff(concern: Concern, world: World) -> int:
    newest = Handoff.objects.filter(concern=concern).order_by("-pk").first()
    return newest.pk if newest else 0


def _photo(concern: Concern, world: World) -> int:
    newest = ConcernPhoto.objects.filter(concern=concern).order_by("-pk").first()
    return newest.pk if newest else 0


def _tag(concern: Concern, world: World) -> int:
    return Tag.objects.get_or_create(agency=world.agency, name="night club")[0].pk


def _category(concern: Concern, world: World) -> int:
    others = Category.objects.of(world.agency).taken().exclude(pk=concern.category_id)
    return others.exclude(visibility="never").order_by("pk")[0].pk


def _before(concern: Concern, world: World) -> dict[str, Any]:
    """Serves both verbs that take something back: to where it was before, or to nobody."""
    held = taking_back.standing_of(concern)
    states = list(concern.status_changes.order_by("-id").values_list("state", flat=True)[:2])
    kept = {**held, "waiting_on": "", "waiting_since": None, "resolved_at": None}
    kept |= {"closed_at": None, "outcome": "", "state": states[-1] if states else "received"}
    return {**kept, "officer": world.colleague.pk, "team": None}


def _draft(concern: Concern, world: World) -> handoff_drafts.Draft:
    return handoff_drafts.Draft(
        organisation_id=world.organisation.pk,
        brief="Letters on a wall.",
        asked="Please clean it.",
        precision="area",
        due_on=_due(concern, world),
    )


def _due(concern: Concern, world: World) -> Any:
    return world.agency.day_of(world.now) + timedelta(days=10)


def _copy(concern: Concern, world: World) -> Kept:
    number = next(NUMBERS)
    return Kept(f"2026-11-03/{number:032x}", 60, 40, number.to_bytes(32, "big"))


def _place(concern: Concern, world: World) -> correcting.Place:
    lon, lat = EAST_POINT if concern.lon == WEST_POINT[0] else WEST_POINT
    return correcting.Place(lon, lat, f"corner {next(NUMBERS)}", "map", is_home=False)


def _brief(concern: Concern, world: World) -> splitting.Brief:
    return splitting.Brief("Shouting there at night.", concern.category_id)


Value = Callable[[Concern, World], Any]
BY_TYPE: dict[Any, Value] = {
    correcting.Place: _place,
    handoff_drafts.Draft: _draft,
    splitting.Brief: _brief,
    Kept: _copy,
    referring.Destination: lambda concern, world: referring.Destination(name="City parks"),
}
BY_NAME: dict[str, Value] = {
    "text": lambda concern, world: WORDS,
    "words": lambda concern, world: WORDS,
    "why": lambda concern, world: WORDS,
    "reason": lambda concern, world: WORDS,
    "number": lambda concern, world: "26-1234",
    "status": lambda concern, world: "In their queue",
    "said": lambda concern, world: "done",
    "name": lambda concern, world: "night club",
    "outcome": lambda concern, world: "no_action",
    "priority": lambda concern, world: "low" if concern.priority == "high" else "high",
    "officer_id": lambda concern, world: world.colleague.pk,
    "team_id": lambda concern, world: world.team.pk,
    "category_id": _category,
    "tag_id": _tag,
    "photo_id": _photo,
    "handoff_id": _handoff,
    "due_on": _due,
    "before": _before,
    "other_id": lambda concern, world: _other(concern, world).pk,
    "into_id": lambda concern, world: _other(concern, world).pk,
    "into_version": lambda concern, world: _other(concern, world).version,
}


def _received(world: World) -> Concern:
    return world.file()


def _after(*steps: Callable[[World, Concern], Any]) -> Callable[[World], Concern]:
    def build(world: World) -> Concern:
        concern = world.file()
        for step in steps:
            step(world, concern)
        return Concern.objects.get(pk=concern.pk)

    return build


def _step(verb: Verb, **more: Any) -> Callable[[World, Concern], Any]:
    return lambda world, concern: world.press(verb, concern, **more)


def _filled(verb: Verb) -> Callable[[World, Concern], Any]:
    return lambda world, concern: world.press(verb, concern, **values_for(verb, concern, world))


def _join_another(world: World, concern: Concern) -> None:
    other = world.file()
    current = Concern.objects.get(pk=concern.pk)
    world.press(merging.merge, other, into_id=concern.pk, into_version=current.version)


def _join_into(world: World, concern: Concern) -> None:
    other = world.file()
    world.press(merging.merge, concern, into_id=other.pk, into_version=other.version)


def _photographed(world: World, concern: Concern) -> None:
    kept = [_copy(concern, world)]
    photos.add(concern_id=concern.pk, photos=kept, by=Actor.reporter(), now=world.now)


def _ask_removal(world: World, concern: Concern) -> None:
    asking.ask_removal(concern_id=concern.pk, text=WORDS, by=Actor.reporter(), now=world.now)


_accept = _step(triage.accept)
_public = _step(publishing.publish, summary=PUBLIC_WORDS)
# From the plainest on; a verb is tried in each until one lets it through.
SITUATIONS: dict[str, Callable[[World], Concern]] = {
    "received": _received,
    "accepted": _after(_accept),
    "working": _after(_accept, _step(triage.start)),
    "waiting": _after(_accept, _step(triage.ask, text=WORDS)),
    "resolved": _after(_accept, _step(triage.resolve, outcome="fixed", words=WORDS)),
    "public": _after(_accept, _public),
    "tagged": _after(_filled(tagging.add_tag)),
    "linked": _after(_filled(linking.link)),
    "survivor": _after(_join_another),
    "joined": _after(_join_into),
    "handed on": _after(_accept, _filled(handing_on.hand_on)),
    "removal asked": _after(_ask_removal),
    "photographed": _after(_accept, _public, _photographed),
    "photo shown": _after(_accept, _public, _photographed, _filled(showing_photos.show_photo)),
}
# What reporters say, which takes no version.
REPORTERS_VERBS: list[Verb] = [
    partial(following.answer, text="It is still there."),
    partial(following.reopen, text="It is not fixed."),
    following.withdraw,
    following.confirm_fixed,
    partial(merging.not_the_same, text="Mine is another one."),
]


def raw(verb: Verb) -> Verb:
    """The verb without its own transaction, to be tried inside of another."""
    return unwrap(verb)
