"""Languages that people speak with staff; the portal itself is written in fewer. Pure."""

from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

# Those that Missouri's agencies meet most, by ISO 639.
FURTHER = {
    "ar": _("Arabic"),
    "bs": _("Bosnian"),
    "zh": _("Chinese"),
    "fa": _("Dari or Persian"),
    "fr": _("French"),
    "ps": _("Pashto"),
    "so": _("Somali"),
    "sw": _("Swahili"),
    "uk": _("Ukrainian"),
    "vi": _("Vietnamese"),
    "ase": _("American Sign Language"),
    "und": _("Another language"),
}


def name_of(code: str) -> str:
    """The language's name in the reader's own."""
    if code in dict(settings.LANGUAGES):
        return str(get_language_info(code)["name_translated"])
    return str(FURTHER.get(code, code))


def choices() -> list[tuple[str, str]]:
    """Code and name: the portal's own first, then the others by name."""
    own = [(code, name_of(code)) for code, _label in settings.LANGUAGES]
    return [*own, *((code, str(words)) for code, words in FURTHER.items())]
