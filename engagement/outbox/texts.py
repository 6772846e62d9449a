"""One text message, written at sending: that something waits, and nothing else.

A text is read on locked screens and kept by carriers. So it holds no word of the matter, no code
and no link that opens anything: only where to come with one's own code.
"""

import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from engagement.outbox.models import Message
from engagement.outbox.registry import Kind
from engagement.people.identity import Address

# One message of the GSM 7-bit alphabet (3GPP TS 23.038 6.2.1); a longer one is cut into several.
LONGEST = 160
ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


class BadNumber(ValueError):
    """No gateway can be told this number."""


@dataclass(frozen=True)
class Text:
    """`number` is E.164; `mark` is the same at every try, so that a gateway can drop copies."""

    mark: str
    number: str
    words: str

    def __repr__(self) -> str:
        # A traceback or a log line must not show the number.
        return f"Text({self.mark})"


def compose_text(message: Message, kind: Kind, address: Address, *, asks: bool = False) -> Text:
    """The text for `message`, at most 160 characters of the GSM alphabet; with `asks` it asks
    whether texts are wanted at this number, and nothing else. Raises BadNumber."""
    number = address.value
    if not (number.startswith("+") and number[1:].isdigit()):
        raise BadNumber
    with translation.override(address.language):
        return Text(str(message.id), number, _question() if asks else _words(kind))


def specimen_text(kind: Kind, *, language: str) -> str:
    """The words of a text as its reader would get them; nothing is planned or sent."""
    with translation.override(language):
        return _words(kind)


def gsm(text: str) -> str:
    """The text in letters that every phone shows in one message: á becomes a."""
    return "".join(_letter(character) for character in unicodedata.normalize("NFC", text))


def _question() -> str:
    """Whoever typed the number may not be who holds the phone."""
    said = gettext(
        "%(name)s: Answer YES to get a text here when a message waits for you. Without a YES no "
        "more texts come. STOP ends them."
    )
    return gsm(said % {"name": gettext("Common Ground")})[:LONGEST]


def _words(kind: Kind) -> str:
    name = gettext("Common Ground")
    where = settings.ORIGIN + (reverse(kind.door) if kind.door else "")
    said = gettext(
        "%(name)s: A message waits for you at %(where)s Answer STOP and no more texts come."
    )
    whole = gsm(said % {"name": name, "where": where})
    if len(whole) <= LONGEST:
        return whole
    brief = gettext("%(name)s: A message waits for you. Answer STOP and no more texts come.")
    return gsm(brief % {"name": name})[:LONGEST]


def _letter(character: str) -> str:
    if character in ALPHABET:
        return character
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if plain in ALPHABET else "?"
