"""Answers of GeoReport v2 servers as plain records, whether they speak JSON or XML. Pure.

Servers differ: one record stands alone or in a list, below a name or not; numbers come as numbers
or as text; XML has namespaces or none.
"""

import json
from typing import Any
from xml.etree import ElementTree

DEEPEST = 4
Record = dict[str, str]


class CannotRead(ValueError):
    """Neither JSON nor XML that holds records."""


def records(body: bytes) -> list[Record]:
    """The records of an answer in their order, their values as text. Raises CannotRead."""
    text = body.decode("utf-8-sig", errors="replace").strip()
    if text[:1] in ("{", "["):
        return _of_json(text)
    if text[:1] == "<":
        return _of_xml(text)
    raise CannotRead


def _of_json(text: str) -> list[Record]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise CannotRead from None
    return _records_in(found, 0)


def _records_in(value: Any, depth: int) -> list[Record]:
    if depth > DEEPEST:
        return []
    if isinstance(value, list):
        return [record for each in value for record in _records_in(each, depth + 1)]
    if not isinstance(value, dict):
        return []
    plain = {str(key): _plain(each) for key, each in value.items() if _is_plain(each)}
    below = [record for each in value.values() for record in _records_in(each, depth + 1)]
    return [plain, *below] if plain else below


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip()
    # What templates of servers make of nothing.
    return "" if text in ("None", "null", "nil") else text


def _of_xml(text: str) -> list[Record]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        # Entities can stand for files and for more text than memory holds.
        raise CannotRead
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 no document type, see above
    except ElementTree.ParseError:
        raise CannotRead from None
    return [
        {_name(child): _plain(child.text) for child in element}
        for element in root.iter()
        if len(element) and any(not len(child) for child in element)
    ]


def _name(element: ElementTree.Element) -> str:
    """Without the namespace."""
    return element.tag.rpartition("}")[2]
