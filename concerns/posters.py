"""A link as a square for phones' cameras. Pure."""

from dataclasses import dataclass

import segno

QUIET = 4


@dataclass(frozen=True)
class Square:
    """`size` modules with the quiet edge; `path` is SVG path data of the dark ones."""

    size: int
    path: str


def square_of(link: str) -> Square:
    """The QR code of a link (ISO/IEC 18004), with error correction that outlives a torn corner."""
    rows = list(segno.make(link, error="q", micro=False).matrix_iter(border=QUIET))
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return Square(len(rows), path)
