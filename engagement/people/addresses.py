"""The one spelling under which an address is stored and found. Pure."""

import re
import unicodedata

from engagement.people.models import ContactKind

NUMBERS = frozenset({ContactKind.TEXT, ContactKind.PHONE})
EXTENSION = ";ext="


def normalised(kind: str, value: str) -> str:
    """What is stored: e-mail in lower case, a number as E.164, a postal address line by line."""
    plain = unicodedata.normalize("NFKC", value).strip()
    if kind in NUMBERS:
        return _number(plain)
    if kind == ContactKind.LETTER:
        lines = (" ".join(line.split()) for line in plain.splitlines())
        return "\n".join(line for line in lines if line)
    return plain.lower()


def looked_up_as(kind: str, plain: str) -> str:
    """What is hashed to find a stored address again: capitals and lines do not count."""
    if kind == ContactKind.LETTER:
        return " ".join(plain.casefold().split())
    return plain


def _number(plain: str) -> str:
    """E.164, with the extension behind it as RFC 3966 writes one."""
    number, _mark, extension = plain.partition(EXTENSION)
    digits = re.sub(r"[^\d+]", "", number)
    # North American numbers are dialled without the country's 1.
    whole = f"+1{digits}" if re.fullmatch(r"\d{10}", digits) else f"+{digits.lstrip('+')}"
    behind = re.sub(r"\D", "", extension)
    return f"{whole}{EXTENSION}{behind}" if behind else whole
