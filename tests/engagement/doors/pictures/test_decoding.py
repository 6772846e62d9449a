"""What becomes of pictures, good and bad, in a real child process."""

import base64
import io
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image

from engagement.doors.pictures import decoding
from engagement.doors.pictures.decoding import Box, CannotDecode, Picture, Trouble, a_place, decode
from tests import pictures

SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)


def decoded(content: bytes, **options: object) -> Picture:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        return decode(file, **options)  # type: ignore[arg-type]


def opened(picture: Picture) -> Image.Image:
    made = Image.open(io.BytesIO(picture.jpeg))
    made.load()
    return made


def trouble_of(content: bytes, **options: object) -> Trouble:
    with pytest.raises(CannotDecode) as caught:
        decoded(content, **options)
    return caught.value.trouble


@pytest.mark.privacy
def test_a_phones_jpeg_keeps_its_pixels_and_nothing_else() -> None:
    content = pictures.phone_jpeg()
    assert pictures.CANARY.encode() in content
    made = decoded(content)
    assert pictures.CANARY.encode() not in made.jpeg
    assert b"Exif" not in made.jpeg
    assert b"2026:11:22" not in made.jpeg
    assert set(opened(made).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert (made.width, made.height) == opened(made).size == (640, 480)


@pytest.mark.privacy
def test_a_phones_heic_becomes_a_jpeg_without_its_place() -> None:
    content = pictures.phone_heic()
    assert pictures.CANARY.encode() in content
    made = decoded(content)
    assert pictures.CANARY.encode() not in made.jpeg
    assert opened(made).format == "JPEG"
    red, green, blue = opened(made).getpixel((10, 10))  # type: ignore[misc]
    assert red > 200 > 60 > max(green, blue)


@pytest.mark.privacy
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_remarks_of_other_kinds_are_left_behind_too(kind: str) -> None:
    content = pictures.saved(pictures.colors(), kind, exif=pictures.telling_exif())
    assert pictures.CANARY.encode() in content
    assert pictures.CANARY.encode() not in decoded(content).jpeg


@pytest.mark.parametrize(
    ("orientation", "red_at"), [(1, "left top"), (3, "right bottom"), (6, "right top")]
)
def test_a_picture_is_turned_upright(orientation: int, red_at: str) -> None:
    made = opened(decoded(pictures.phone_jpeg(orientation)))
    assert made.size == ((480, 640) if orientation == 6 else (640, 480))
    across, down = red_at.split()
    x = 20 if across == "left" else made.width - 20
    y = 20 if down == "top" else made.height - 20
    red, _, blue = made.getpixel((x, y))  # type: ignore[misc]
    assert red > 200 > 60 > blue


def test_a_large_picture_is_made_smaller_and_a_small_one_stays() -> None:
    assert decoded(pictures.jpeg(pictures.colors(5200, 2600))).width == 2560
    assert decoded(pictures.jpeg(pictures.colors(30, 20))).width == 30


@pytest.mark.parametrize("mode", ["L", "CMYK", "I;16", "P", "RGBA", "LA", "1"])
def test_unusual_colors_become_plain_ones(mode: str) -> None:
    if mode == "I;16":
        content = pictures.saved(Image.new("I;16", (64, 48), 65535), "PNG")
    else:
        kind = "JPEG" if mode == "CMYK" else "PNG"
        content = pictures.saved(Image.new("RGB", (64, 48), "white").convert(mode), kind)
    made = opened(decoded(content))
    assert made.mode == "RGB"
    assert min(made.getpixel((32, 24))) > 240  # type: ignore[arg-type]


def test_only_the_first_frame_of_a_moving_picture_is_taken() -> None:
    frames = [Image.new("RGB", (64, 48), color) for color in ("red", "blue")]
    content = pictures.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    red, _, blue = opened(decoded(content)).getpixel((5, 5))  # type: ignore[misc]
    assert red > 200 > 60 > blue


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (SVG, Trouble.NOT_A_PHOTO),
        (b"", Trouble.NOT_A_PHOTO),
        (b"MZ" + bytes(500), Trouble.NOT_A_PHOTO),
        (pictures.saved(pictures.colors(), "GIF"), Trouble.NOT_A_PHOTO),
        (pictures.saved(pictures.colors(), "TIFF"), Trouble.NOT_A_PHOTO),
        (pictures.jpeg(pictures.colors(900, 900))[:3000], Trouble.DAMAGED),
        (pictures.png_that_claims(10_000, 6_000), Trouble.TOO_MANY_PIXELS),
        (pictures.png_that_claims(60_000, 60_000), Trouble.TOO_MANY_PIXELS),
    ],
    ids=["svg", "nothing", "program", "gif", "tiff", "cut", "60 MP", "bomb"],
)
def test_what_is_no_photo_is_refused_by_name(content: bytes, trouble: Trouble) -> None:
    assert trouble_of(content) == trouble


def test_a_page_hidden_in_a_photo_does_not_come_through() -> None:
    page = b"<html><script>alert(1)</script></html>"
    content = pictures.jpeg(comment=page) + page
    assert b"<script" not in decoded(content).jpeg


def test_a_photo_of_48_megapixels_fits_into_the_memory() -> None:
    large = Image.radial_gradient("L").resize((8000, 6000)).convert("RGBA")
    assert decoded(pictures.saved(large, "PNG", compress_level=1)).width == 2560


def test_more_memory_than_allowed_ends_as_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MEMORY_BYTES", 150 << 20)
    large = pictures.saved(Image.new("RGB", (7000, 7000)), "PNG", compress_level=1)
    assert trouble_of(large) == Trouble.TOO_MANY_PIXELS


def test_a_slow_child_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(decoding, "CHILD", str(slow))
    began = time.monotonic()
    assert trouble_of(b"any", seconds=0.5) == Trouble.SLOW
    assert time.monotonic() - began < 10


@pytest.mark.privacy
def test_a_child_that_was_taken_over_gets_no_words_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    liar = tmp_path / "liar.py"
    liar.write_text(
        f"import os, base64\nos.write(1, base64.b64decode({_base64(pictures.phone_jpeg())!r}))\n"
    )
    monkeypatch.setattr(decoding, "CHILD", str(liar))
    assert trouble_of(b"any") == Trouble.DAMAGED


def test_boxes_are_covered_with_more_than_was_asked() -> None:
    made = opened(decoded(pictures.jpeg(), boxes=[Box(100, 100, 300, 300)]))
    assert max(made.getpixel((68, 52))) < 10  # type: ignore[arg-type]
    assert max(made.getpixel((188, 140))) < 10  # type: ignore[arg-type]
    assert max(made.getpixel((400, 400))) > 200  # type: ignore[arg-type]


def test_a_full_server_says_so_and_keeps_a_thread_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LINE_SECONDS", 0.3)
    entered = threading.Event()

    def wait_in_line() -> None:
        entered.set()
        with pytest.raises(CannotDecode), a_place():
            pass

    with ExitStack() as stack:
        for _ in range(decoding.AT_ONCE):
            stack.enter_context(a_place())
        second = threading.Thread(target=wait_in_line)
        second.start()
        entered.wait()
        with pytest.raises(CannotDecode) as caught, a_place():
            pass
        assert caught.value.trouble == Trouble.BUSY
        second.join()
    with a_place():
        pass


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
