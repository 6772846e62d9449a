"""Names of the languages spoken at meetings, in the language of the reader."""

from babel import Locale
from django.utils.translation import get_language

# Those that agencies name most, American Sign Language ("ase") among them.
SPOKEN = ("en", "es", "ase", "ar", "bs", "fr", "my", "ps", "so", "sw", "uk", "vi", "zh")


def language_name(code: str) -> str:
    """The code itself when nobody knows a name for it."""
    names = Locale.parse((get_language() or "en").replace("-", "_")).languages
    name = str(names.get(code, code))
    return name[:1].upper() + name[1:]


def spoken_languages() -> list[tuple[str, str]]:
    """Codes and names, by name."""
    return sorted(((code, language_name(code)) for code in SPOKEN), key=lambda pair: pair[1])
