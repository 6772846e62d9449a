"""What a first visit transfers: the page, and everything it names, as the portal sends them."""

import gzip
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from engagement.places.queries import agency_bounds
from tests.bench.stand import Stand
from tests.bench.timing import Line

KILOBYTE = 1_000
MOST, MOST_WITH_MAP = 100, 300
ACCEPT = {"Accept-Encoding": "gzip, br"}
# Status line and headers of one answer, about.
HEADERS = 700
# A phone held upright shows about this many tiles of 256 points, a desktop's map twice that.
TILES = 8


def measure(stand: Stand) -> Iterator[Line]:
    pages = [
        ("front page", "/", MOST),
        ("help first", "/report/", MOST),
        ("published list with map", "/concerns/", MOST_WITH_MAP),
        ("report form with map", "/report/new/", MOST_WITH_MAP),
    ]
    for name, path, most in pages:
        weight, (plain, packed) = first_visit(stand, path, with_map=most == MOST_WITH_MAP)
        words = f"{weight / 1000:.0f} kB (page {plain / 1000:.0f}, gzip {packed / 1000:.0f})"
        yield Line(f"weight: {name}", f"at most {most} kB", words, weight <= most * KILOBYTE)


def first_visit(stand: Stand, path: str, *, with_map: bool) -> tuple[int, tuple[int, int]]:
    """Bytes of everything, and of the page itself as sent and as gzip would make it."""
    answer = stand.visitor.get(path, headers=ACCEPT)
    page = answer.content
    plain = gzip.decompress(page) if answer.get("Content-Encoding") == "gzip" else page
    total = len(page) + HEADERS
    total += sum(weight_of_static(name) + HEADERS for name in named_files(plain.decode()))
    if with_map:
        total += sum(_sent(stand.visitor, path) for path in _map_paths(stand))
    return total, (len(page), len(gzip.compress(plain, 6)))


def named_files(page: str) -> set[str]:
    """Static files named by the page, and by its style sheets in turn."""
    soup = BeautifulSoup(page, "html.parser")
    links = [tag.get("href") for tag in soup.select("link[rel~=stylesheet], link[rel~=icon], use")]
    links += [tag.get("src") for tag in soup.select("script[src], img[src]")]
    prefix = settings.STATIC_URL
    found = {urlsplit(str(link)).path for link in links if str(link).startswith(prefix)}
    for name in [name for name in found if name.endswith(".css")]:
        style = (settings.STATIC_ROOT / name.removeprefix(prefix)).read_text()
        for inner in re.findall(r"url\([\"']?([^\"')]+)", style):
            if not inner.startswith("data:"):
                path = (settings.STATIC_ROOT / name.removeprefix(prefix)).parent / inner
                found.add(prefix + str(path.resolve().relative_to(settings.STATIC_ROOT)))
    return {name.split("#")[0] for name in found}


def weight_of_static(name: str) -> int:
    """As whitenoise sends it: the smallest of the plain file and its compressed ones."""
    path = settings.STATIC_ROOT / name.removeprefix(settings.STATIC_URL)
    ways = [path, Path(f"{path}.gz"), Path(f"{path}.br")]
    return min(way.stat().st_size for way in ways if way.exists())


def _map_paths(stand: Stand) -> list[str]:
    """What the map's script asks for at first: outlines, points, the tiles in sight."""
    agency = stand.agency
    bounds = agency_bounds(agency)
    assert bounds is not None
    zoom = 13
    x, y = _tile((bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2, zoom)
    tiles = [
        f"/places/streets/{agency.slug}/{zoom}/{x + across}/{y + down}.json"
        for across in (-1, 0, 1)
        for down in (-1, 0, 1)
    ][:TILES]
    bbox = f"{bounds.west},{bounds.south},{bounds.east},{bounds.north}"
    return [
        f"/places/areas/{agency.slug}/{agency.public_layer}.json",
        f"/concerns/map.json?zoom={zoom}&bbox={bbox}",
        *tiles,
    ]


def _tile(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    side = 2**zoom
    height = math.asinh(math.tan(math.radians(lat)))
    return int((lon + 180) / 360 * side), int((1 - height / math.pi) / 2 * side)


def _sent(client: Client, path: str) -> int:
    answer = client.get(path, headers=ACCEPT)
    assert answer.status_code == 200, path
    json.loads(answer.content) if not answer.get("Content-Encoding") else None
    return len(answer.content) + HEADERS
