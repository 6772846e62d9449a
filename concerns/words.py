"""What people type, made safe to store. Pure."""

import re

TEXT_LIMIT = 5000
PLACE_LIMIT = 200
EMAIL_LIMIT = 254

# PostgreSQL refuses NUL in text, and no other control character but the line ends
# and the tab means anything in a report.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ud800-\udfff]")


class TooLong(ValueError):
    """The text has more characters than its field holds."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


def clean_words(text: str, *, limit: int = TEXT_LIMIT) -> str:
    """Return the text with plain line ends and without control characters.

    Raises TooLong instead of cutting: losing someone's last sentence without a word
    is worse than asking for a shorter one.
    """
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(plain) > limit:
        raise TooLong(limit)
    return plain


def clean_line(text: str, *, limit: int = PLACE_LIMIT) -> str:
    """Return the text on one line; raises TooLong like `clean_words`."""
    return " ".join(clean_words(text, limit=limit * 2).split())[:limit]
