"""A link as a picture for a phone's camera, as the outline of an SVG drawn by a template."""

from dataclasses import dataclass

import qrcode


@dataclass(frozen=True)
class Picture:
    """A square of `size` modules with its quiet edge; `path` is SVG path data of the dark ones."""

    size: int
    path: str


def picture_of(link: str) -> Picture:
    """The QR code of a link (ISO/IEC 18004), error correction level M."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(link)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return Picture(len(rows), path)
