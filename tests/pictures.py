"""Pictures as phones and attackers send them."""

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image

CANARY = "CanaryOfThePhone7F3A"
GPS_IFD = 0x8825


def colors(width: int = 640, height: int = 480) -> Image.Image:
    """Red in the upper left quarter, blue elsewhere, so that turning can be seen."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height // 2))
    return picture


def telling_exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes about itself, its place and its moment."""
    exif = Image.Exif()
    exif[0x010F] = CANARY
    exif[0x0112] = orientation
    exif[0x0132] = "2026:11:22 03:04:05"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (38.0, 36.0, 12.34), 3: "W", 4: (90.0, 15.0, 1.0)})
    return exif


def jpeg(picture: Image.Image | None = None, **options: Any) -> bytes:
    return saved(picture or colors(), "JPEG", **options)


def phone_jpeg(orientation: int = 1) -> bytes:
    """With maker, place and moment, a comment and a color profile that name the phone."""
    return jpeg(
        exif=telling_exif(orientation), comment=CANARY.encode(), icc_profile=CANARY.encode() * 9
    )


def phone_heic(width: int = 640, height: int = 480) -> bytes:
    target = io.BytesIO()
    heif = pillow_heif.from_pillow(colors(width, height))
    heif.save(target, quality=60, exif=telling_exif().tobytes())
    return target.getvalue()


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that unpack to all of width x height."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1 + 3 * width) * min(height, 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
