"""Finding a place from what someone types: corners, streets, house numbers, areas."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import shapely
from rapidfuzz import fuzz, process

from engagement.places.index import AreaHit
from engagement.places.models import Agency
from engagement.places.names import StreetName, joined, key_of, parts, plain, without_house_number
from engagement.places.queries.addresses import doors
from engagement.places.queries.areas import area_index
from engagement.places.queries.streetmaps import street_map
from engagement.places.streetmap import NamedStreet, StreetMap

MAX_TYPED = 120
ENOUGH = 72.0
WELL_ENOUGH = 88.0
CANDIDATES = 12
# Beside a good find, what is so much less alike was not meant.
FARTHEST_BEHIND = 12.0
_NUMBERS = re.compile(r"\d+")


class PlaceHit(NamedTuple):
    """A place; `kind` is address, corner, street or area, `exact` means that the point is it."""

    label: str
    kind: str
    lon: float
    lat: float
    exact: bool


class Scored(NamedTuple):
    score: float
    street: NamedStreet


def search_places(*, agency: Agency, text: str, limit: int = 8) -> list[PlaceHit]:
    """Find corners, streets and areas of the agency for what someone typed, best first.

    Directions, street types, case, accents and small typing errors are forgiven. A house
    number is found where the agency's addresses have it, else put between its neighbors and
    marked as not exact; without address data it gives the middle of the street. What is typed
    beyond 120 characters is ignored. While the agency's revisions are known one query for a
    house number, else none.
    """
    typed = plain(text[:MAX_TYPED])
    if len(typed) < 2:
        return []
    streets = street_map(agency)
    found = _corners(streets, typed)
    if not found:
        found = _ranked_places(agency, streets, typed)
    return list(_told_apart(agency, dict.fromkeys(found)))[:limit]


def _told_apart(agency: Agency, hits: Iterable[PlaceHit]) -> Iterator[PlaceHit]:
    """Two streets can meet twice: then add the area that residents know to each corner's name."""
    places = list(hits)
    labels = Counter(hit.label for hit in places)
    seen: set[str] = set()
    for hit in places:
        label = hit.label
        if labels[label] > 1 and hit.kind == "corner":
            area = area_index(agency).at(hit.lon, hit.lat).get(agency.public_layer)
            label = f"{label} ({area.name})" if area else label
        if label not in seen or hit.kind != "corner":
            seen.add(label)
            yield hit._replace(label=label)


def _ranked_places(agency: Agency, streets: StreetMap, typed: str) -> list[PlaceHit]:
    number, name = without_house_number(typed)
    found = _streets(streets, name)
    if number:
        numbered = _doors(agency, found, int(number), name)
        if numbered:
            return numbered
    scored = [(hit.score, _street_hit(hit.street)) for hit in found]
    if not number:
        scored += _areas(agency, typed)
    if not any(score >= WELL_ENOUGH for score, _hit in scored):
        unmarked = _unmarked_corners(streets, name)
        if unmarked:
            return unmarked
    scored.sort(key=lambda pair: -pair[0])
    return [hit for _score, hit in scored]


def _doors(agency: Agency, streets: list[Scored], number: int, typed: str) -> list[PlaceHit]:
    """The house number on the streets that fit, those where it is known first.

    Who names one of the streets in full, "N Cedar Ave", did not mean "S Cedar Ave".
    """
    meant = key_of(parts(typed))
    by_key = {key_of(hit.street.parts): hit.street.name for hit in streets}
    found = doors(agency=agency, keys=list(by_key), number=number)
    ordered = [
        PlaceHit(
            f"{number} {name}",
            "address",
            door.lon,
            door.lat,
            door.is_known and (meant not in by_key or key == meant),
        )
        for key, name in by_key.items()
        if (door := found.get(key))
    ]
    return sorted(ordered, key=lambda hit: not hit.exact)


def _corners(streets: StreetMap, typed: str) -> list[PlaceHit]:
    """Read "a & b". When the two never meet, offer both streets, so the reader can go on."""
    pieces = joined(typed)
    if len(pieces) < 2:
        return []
    sides = [_streets(streets, without_house_number(piece)[1]) for piece in pieces[:3]]
    sides = [side for side in sides if side]
    if len(sides) < 2:
        return [_street_hit(hit.street) for side in sides for hit in side]
    met = _meetings(streets, sides[0], sides[1])
    if met:
        return met
    return [_street_hit(side[0].street) for side in sides]


def _unmarked_corners(streets: StreetMap, typed: str) -> list[PlaceHit]:
    """Read "gravois grand", where nothing says that these are two streets."""
    words = typed.split()[:8]
    best: list[PlaceHit] = []
    for cut in range(1, len(words)):
        left = _streets(streets, " ".join(words[:cut]), at_least=WELL_ENOUGH)
        right = _streets(streets, " ".join(words[cut:]), at_least=WELL_ENOUGH) if left else []
        best += _meetings(streets, left, right)
    return best


def _meetings(streets: StreetMap, left: list[Scored], right: list[Scored]) -> list[PlaceHit]:
    pairs = sorted(
        ((one.score + other.score, one.street, other.street) for one in left for other in right),
        key=lambda pair: (-pair[0], pair[1].name, pair[2].name),
    )
    best = pairs[0][0] if pairs else 0.0
    found: list[PlaceHit] = []
    for score, one, other in pairs:
        places = streets.meetings(one.name, other.name)
        # What was typed well must not bring up far-fetched corners behind it.
        if places and found and score < best - FARTHEST_BEHIND:
            break
        found += [
            PlaceHit(f"{one.name} & {other.name}", "corner", lon, lat, True) for lon, lat in places
        ]
    return found


def _streets(streets: StreetMap, typed: str, at_least: float = ENOUGH) -> list[Scored]:
    wanted = parts(typed)
    if len(wanted.core) < 1:
        return []
    scored = [
        Scored(score + _fit(wanted, street.parts), street)
        for core, score in _similar(wanted.core, streets.cores)
        for street in streets.by_core[core]
        if score >= at_least
    ]
    scored.sort(key=lambda hit: (-hit.score, hit.street.rank, -hit.street.length, hit.street.name))
    return scored[:CANDIDATES]


def _similar(core: str, cores: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Give names like this one with 0 to 100: equal, begun with it (still typing), or misspelt."""
    numbers = _NUMBERS.findall(core)
    by_letters = {
        name: score
        for name, score, _at in process.extract(
            core, cores, scorer=fuzz.ratio, score_cutoff=ENOUGH, limit=CANDIDATES
        )
        # A letter is easily mistyped, but 4th and 14th are different streets.
        if _NUMBERS.findall(name) == numbers
    }
    for name in cores:
        if name != core and len(core) >= 2 and (name.startswith(core) or f" {core}" in name):
            by_letters[name] = max(by_letters.get(name, 0), 90.0 if name.startswith(core) else 84.0)
    least = max(by_letters.values(), default=0.0) - FARTHEST_BEHIND
    for name, score in sorted(by_letters.items(), key=lambda pair: (-pair[1], pair[0])):
        if score >= least:
            yield name, score


def _fit(wanted: StreetName, street: StreetName) -> float:
    """Prefer the direction and type that were typed, but never insist on them."""
    fit = 0.0
    if wanted.direction:
        fit += 4 if wanted.direction == street.direction else -4
    if wanted.kind:
        fit += 3 if wanted.kind == street.kind else -2
    return fit


def _street_hit(street: NamedStreet) -> PlaceHit:
    return PlaceHit(street.name, "street", street.lon, street.lat, False)


def _areas(agency: Agency, typed: str) -> list[tuple[float, PlaceHit]]:
    index = area_index(agency)
    if not index.hits:
        return []
    names = [plain(hit.name) for hit in index.hits]
    found = process.extract(typed, names, scorer=fuzz.ratio, score_cutoff=ENOUGH, limit=CANDIDATES)
    scores = {position: score for _name, score, position in found}
    for position, name in enumerate(names):
        if name.startswith(typed) or f" {typed}" in name:
            scores[position] = max(scores.get(position, 0), 91.0 if name != typed else 100.0)
    return [
        (score + 1, _area_hit(index.hits[position], index.shapes[position]))
        for position, score in sorted(scores.items(), key=lambda pair: -pair[1])[:CANDIDATES]
    ]


def _area_hit(area: AreaHit, shape: shapely.Geometry) -> PlaceHit:
    inside = shapely.point_on_surface(shape)
    return PlaceHit(area.name, "area", round(inside.x, 6), round(inside.y, 6), False)
