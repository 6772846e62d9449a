"""The agency's own translator, where it runs one: asked for words before they leave, never after.

Speaks the API of LibreTranslate (POST /translate). Words go to no server that is not configured.
"""

from urllib.parse import urlsplit

from django.conf import settings

from engagement.outside.gateway import CannotReach, fetch
from engagement.places.wording import DEFAULT_LANGUAGE

OK = 200


class CannotTranslate(Exception):
    """There is no translator, it does not answer, or it does not know the language."""


def has_translator() -> bool:
    return bool(settings.TRANSLATOR_URL)


def translate(text: str, *, to: str) -> str:
    """Return the English text in the language `to`. Raises CannotTranslate."""
    if not has_translator():
        raise CannotTranslate
    document = {"q": text, "source": DEFAULT_LANGUAGE, "target": to, "format": "text"}
    if settings.TRANSLATOR_KEY:
        document["api_key"] = settings.TRANSLATOR_KEY
    host = urlsplit(settings.TRANSLATOR_URL).hostname or ""
    try:
        answer = fetch(settings.TRANSLATOR_URL, hosts=[host], document=document)
        found = answer.json().get("translatedText")
    except CannotReach:
        raise CannotTranslate from None
    if answer.status != OK or not isinstance(found, str) or not found.strip():
        raise CannotTranslate
    return found.strip()
