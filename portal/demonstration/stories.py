"""The concerns of the invented city and what became of each (words in stories.json)."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Story:
    """One report and its later steps, told as of the day it was filed, `days_ago`.

    `x`, `y` are meters from the city's corner (see `city.lonlat`); `steps` are taken in order,
    each a verb of the casework; `summary` and `update` are (English, Spanish). By its `name` more
    is done with it afterwards (see desk_work).
    """

    category: str
    x: float
    y: float
    place: str
    text: str
    days_ago: int
    level: str = "anonymous"
    language: str = "en"
    summary: tuple[str, str] = ("", "")
    update: tuple[str, str] = ("", "")
    reply: str = ""
    name: str = ""
    steps: tuple[str, ...] = ()


def stories() -> list[Story]:
    written = json.loads(Path(__file__).with_name("stories.json").read_text(encoding="utf-8"))
    return [Story(**story) for story in written]
