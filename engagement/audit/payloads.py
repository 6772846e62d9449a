"""What the details of an entry may hold: short codes, numbers, yes and no."""

import re
from collections.abc import Mapping

from engagement.audit.subjects import Subject

PayloadValue = str | int | bool | None
LONGEST_TEXT = 80
LONGEST_LIST = 2000
BIGGEST_NUMBER = 10**9  # ten digits could be a telephone number

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
CODES = re.compile(r"[a-z0-9_.]{1,80}(, ?[a-z0-9_.]{1,80})+")
EMAIL = re.compile(r"\S@\S")
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
DIGITS = re.compile(r"(?<![\w-])[+(]{0,2}\d(?:[\s().-]*\d)*(?![\w-])")
COORDINATE = re.compile(r"\d{1,3}\.\d{3,}")
NETWORK_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


class CannotRecord(Exception):
    """The entry names an unknown event, or would hold what history must not."""


def refuse_private(payload: Mapping[str, PayloadValue]) -> None:
    """Raises CannotRecord unless every value is a short code, a number, yes, no or nothing.

    The message names the key and never the value, which must not reach a log either.
    """
    for key, value in payload.items():
        if not isinstance(key, str) or not NAME.fullmatch(key):
            raise CannotRecord("a payload key must be a short lower-case name")
        fault = _fault(value)
        if fault:
            raise CannotRecord(f"payload {key}: {fault}")


def refuse_private_subject(subject: Subject) -> None:
    """Raises CannotRecord unless type and reference are short and hold no contact or place."""
    if not NAME.fullmatch(subject.type):
        raise CannotRecord("a subject's type must be a short lower-case name")
    fault = _text_fault(subject.reference)
    if fault or not subject.reference:
        raise CannotRecord(f"subject {subject.type}: {fault or 'the reference is empty'}")


def _fault(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return "" if abs(value) < BIGGEST_NUMBER else "the number is too long for an id"
    if isinstance(value, str):
        return _text_fault(value)
    return "only text, whole numbers, yes, no or nothing"


def _text_fault(text: str) -> str:
    if len(text) > LONGEST_TEXT and not _is_list_of_codes(text):
        return f"text longer than {LONGEST_TEXT} characters"
    if not text.isprintable():
        return "unprintable characters"
    if EMAIL.search(text):
        return "this looks like an e-mail address"
    if NETWORK_ADDRESS.search(text):
        return "this looks like a network address"
    days_apart = DAY.sub("", text)
    if any(_is_phone(found) for found in DIGITS.findall(days_apart)):
        return "this looks like a telephone number"
    if COORDINATE.search(days_apart):
        return "this looks like a coordinate"
    return ""


def _is_list_of_codes(text: str) -> bool:
    """Names of changed fields may be many; they are not free text."""
    return len(text) <= LONGEST_LIST and CODES.fullmatch(text) is not None


def _is_phone(found: str) -> bool:
    """Seven digits in groups, or ten in a row; a shorter plain number is an id."""
    digits = sum(symbol.isdigit() for symbol in found)
    return digits >= 10 or (digits >= 7 and not found.isdigit())
