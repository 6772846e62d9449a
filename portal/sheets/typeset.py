"""Sheets as tagged PDF. The layouts are files of ours; what they print arrives as data only."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language

HERE = Path(__file__).parent
# More lines than this are a fault of the caller; a page holds some fifty.
MOST_CHARACTERS = 400_000


class TooMuchToPrint(ValueError):
    """The data would make more pages than anybody prints."""


@cache
def _layout(name: str) -> bytes:
    return (HERE / f"{name}.typ").read_bytes()


def pdf(layout: str, data: dict[str, Any]) -> bytes:
    """Return the PDF (PDF/UA-1) of a layout, such as "sheet", with this data (JSON types).

    Text is text: markup in it is printed as it was written. Raises TooMuchToPrint.
    """
    written = json.dumps({**data, "language": (get_language() or "en")[:2]}, ensure_ascii=False)
    if len(written) > MOST_CHARACTERS:
        raise TooMuchToPrint
    made = typst.compile(
        _layout(layout),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": written},
        pdf_standards="ua-1",
    )
    assert isinstance(made, bytes)
    return made
