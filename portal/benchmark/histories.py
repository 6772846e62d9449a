"""One invented concern after the other, oldest first, with what the public sees of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import numpy as np

from concerns.models import Category
from concerns.models.categories import MAPPED, Visibility
from concerns.models.concern import Channel, PlaceSource, Priority
from concerns.published.anchors import AREA
from concerns.workflow import DAYS_TO_DISSENT, Outcome, State, WaitingOn
from portal.benchmark import shape
from portal.benchmark.references import references
from portal.benchmark.towns import Spot, Town
from portal.benchmark.vocabulary import Writer

CHUNK = 20_000
CONCERN = (
    "id", "agency_id", "staff_reference", "tracking_code", "category_id", "text", "language",
    "lon", "lat", "place_text", "place_source", "is_home", "area_id", "state", "outcome",
    "waiting_on", "waiting_since", "waited_days", "owner_id", "priority", "level", "channel",
    "received_at", "received_on", "acknowledge_by", "resolve_by", "very_late_after",
    "resolved_at", "closed_at",
    "version", "public_id", "secret_digest", "reopened_count",
)  # fmt: skip
PUBLIC = (
    "id", "agency_id", "reference", "category_code", "category_label", "group", "state",
    "outcome", "anchor_lon", "anchor_lat", "precision", "place_label", "summary",
    "published_on", "received_on", "resolved_on",
)  # fmt: skip
CONCERN_AREA = ("agency_id", "concern_id", "area_id")
PUBLIC_AREA = ("agency_id", "public_concern_id", "area_id")
# Among open ones, and how many moves each state is away from the first.
OPEN_CHANCES = {State.RECEIVED: 0.3, State.ACCEPTED: 0.3, State.WORKING: 0.25, State.WAITING: 0.15}
MOVES = {
    State.RECEIVED: 0,
    State.ACCEPTED: 1,
    State.WORKING: 2,
    State.WAITING: 2,
    State.RESOLVED: 2,
    State.CLOSED: 3,
}
BUSINESS = 1.4  # calendar days to a business day
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Chunk:
    """Rows of four tables for the same concerns, in the column order named above."""

    concerns: Rows
    areas: Rows
    public: Rows
    public_areas: Rows


@dataclass(frozen=True)
class Fate:
    """How far a concern got, and when."""

    state: State
    outcome: str
    received_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class One:
    """All that was drawn for one concern; `codes` are its staff, tracking and public ones."""

    number: int
    town: Town
    kind: Category
    spot: Spot | None
    fate: Fate
    codes: tuple[str, str, str]
    level: str
    text: str
    chances: tuple[float, float, float]


class Historian:
    """Draws everything from one source of chance: the same order gives the same history."""

    def __init__(
        self, towns: list[Town], order: shape.Order, now: datetime, chance: np.random.Generator
    ) -> None:
        self._towns, self._order, self._now, self._chance = towns, order, now, chance
        self._writer = Writer(chance)
        self._shares = shape.agency_shares(order.agencies)
        self._labels = {
            kind.pk: json.dumps(kind.label.as_dict(), ensure_ascii=False)
            for town in towns
            for kind in town.kinds
        }

    def chunks(self) -> Iterator[Chunk]:
        for first in range(0, self._order.concerns, CHUNK):
            yield self._chunk(first, min(CHUNK, self._order.concerns - first))

    def _chunk(self, first: int, count: int) -> Chunk:
        chance = self._chance
        made = Chunk([], [], [], [])
        codes = [
            references(first + 1, count, series=series, seed=self._order.seed)
            for series in range(3)
        ]
        agencies = chance.choice(len(self._towns), count, p=self._shares).tolist()
        levels = chance.choice(list(shape.LEVELS), count, p=list(shape.LEVELS.values())).tolist()
        texts, summaries = self._writer.texts(count), self._writer.lines(2 * count)
        draws = chance.random((count, 8)).tolist()
        digests = [chance.bytes(32) for _ in range(count)]
        for place in range(count):
            draw = draws[place]
            town = self._towns[agencies[place]]
            number = first + place + 1
            one = One(
                number=number,
                town=town,
                kind=_of_rank(town.kinds, draw[0]),
                spot=_spot(town, draw[1], draw[2]),
                fate=self._fate(number, draw[3], draw[4]),
                codes=(codes[0][place], codes[1][place], codes[2][place]),
                level=levels[place],
                text=texts[place],
                chances=(draw[5], draw[6], draw[7]),
            )
            self._write(made, one, digests[place], summaries[2 * place : 2 * place + 2])
        return made

    def _write(self, made: Chunk, one: One, digest: bytes, words: list[str]) -> None:
        is_public = _may_be_public(one) and one.chances[1] < shape.PUBLISHED_SHARE
        made.concerns.append((*_concern(one), one.number if is_public else None, digest, 0))
        if one.spot is not None:
            made.areas.extend((one.town.agency.pk, one.number, area) for area in one.spot.areas)
            if is_public:
                self._publish(made, one, one.spot, words)

    def _publish(self, made: Chunk, one: One, spot: Spot, words: list[str]) -> None:
        agency_id, kind, fate = one.town.agency.pk, one.kind, one.fate
        place: tuple[float | None, float | None, str] = (None, None, AREA)
        if kind.visibility == Visibility.AREA:
            shown = spot.neighborhood or spot.district
            areas: tuple[int, ...] = (shown,) if shown else ()
        else:
            anchor, areas = spot.anchors[kind.visibility]
            place = (anchor.lon, anchor.lat, anchor.precision)
        made.public.append(
            (
                one.number,
                agency_id,
                one.codes[2],
                kind.code,
                self._labels[kind.pk],
                kind.group,
                fate.state,
                fate.outcome,
                *place,
                spot.label,
                json.dumps({"en": words[0], "es": words[1]}, ensure_ascii=False),
                min(fate.received_at + timedelta(days=1), self._now).date(),
                fate.received_at.date(),
                fate.resolved_at.date() if fate.resolved_at else None,
            )
        )
        made.public_areas.extend((agency_id, one.number, area) for area in areas)

    def _fate(self, number: int, draw: float, other: float) -> Fate:
        age = 1 - number / self._order.concerns  # 1 is the oldest
        today = self._now.date()
        day = today - timedelta(days=int(age * shape.YEARS * 365.25))
        # Afternoon in Greenwich: the same day at every agency.
        received = datetime.combine(day, time(14 + number % 5), tzinfo=UTC)
        received = min(received, self._now.replace(minute=0, second=0, microsecond=0))
        if draw < (shape.YOUNG_OPEN if age < shape.YOUNG_SHARE else shape.old_open()):
            return Fate(_among(OPEN_CHANCES, other), "", received, None, None)
        outcome = str(_among(shape.OUTCOMES, other))
        done = min(received + timedelta(days=1 + int(draw * 20), hours=2), self._now)
        if outcome != Outcome.WITHDRAWN and self._now - done < timedelta(days=DAYS_TO_DISSENT):
            return Fate(State.RESOLVED, outcome, received, done, None)
        closed = min(done + timedelta(days=DAYS_TO_DISSENT), self._now)
        return Fate(State.CLOSED, outcome, received, done, closed)


def _concern(one: One) -> tuple[Any, ...]:
    """The columns of CONCERN up to and with the version."""
    agency, kind, spot, fate, chances = one.town.agency, one.kind, one.spot, one.fate, one.chances
    return (
        one.number,
        agency.pk,
        one.codes[0],
        one.codes[1],
        kind.pk,
        one.text,
        "es" if chances[2] < 0.15 else "en",
        *((spot.lon, spot.lat, spot.label, PlaceSource.MAP) if spot else _NOWHERE),
        "f",
        spot.district if spot else None,
        *_standing(fate),
        _owner(one.town, spot, chances[0]),
        Priority.HIGH if chances[2] > 0.93 else Priority.NORMAL,
        one.level,
        Channel.WEB,
        fate.received_at,
        fate.received_at.date(),
        _due(fate, kind.ack_days),
        _due(fate, kind.target_days),
        _due(fate, kind.target_days and 3 * kind.target_days),
        fate.resolved_at,
        fate.closed_at,
        1 + MOVES[fate.state],
    )


_NOWHERE = (None, None, "", PlaceSource.WORDS)


def _of_rank(kinds: list[Category], draw: float) -> Category:
    """A kind with a chance of 1/rank: the inverse of the logarithm that such chances add up to."""
    return kinds[min(int((len(kinds) + 1) ** draw) - 1, len(kinds) - 1)]


def _spot(town: Town, draw: float, where: float) -> Spot | None:
    if draw < shape.WITHOUT_PLACE:
        return None
    if draw < shape.WITHOUT_PLACE + shape.HOT_SHARE:
        return town.spots[len(town.spots) // 2]
    return town.spots[int(where * len(town.spots))]


def _owner(town: Town, spot: Spot | None, draw: float) -> int | None:
    if spot is None or spot.district is None or draw > 0.85:
        return None
    return town.lead_of.get(spot.district)


def _among(chances: dict[Any, float], draw: float) -> Any:
    for found, chance in chances.items():
        draw -= chance
        if draw < 0:
            return found
    return next(iter(chances))


def _may_be_public(one: One) -> bool:
    return (
        one.spot is not None
        and one.kind.visibility in MAPPED
        and one.fate.state != State.RECEIVED
        and one.fate.outcome != Outcome.WITHDRAWN
    )


def _standing(fate: Fate) -> tuple[str, str, str, Any, int]:
    if fate.state == State.WAITING:
        since = fate.received_at.date()
        return fate.state, "", WaitingOn.REPORTER, since, 0
    return fate.state, fate.outcome, "", None, 0


def _due(fate: Fate, days: int | None) -> Any:
    if days is None:
        return None
    return (fate.received_at + timedelta(days=int(days * BUSINESS))).date()
