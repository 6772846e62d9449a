"""Make one new JPEG of one picture, in a process that can reach nothing.

Run as a script by `decoding`, with a bare interpreter and no environment; it imports nothing of the
portal. The picture comes in on descriptor 0. The new JPEG leaves on descriptor 1, and the exit
status says how it went (see `decoding.ANSWERS`). A picture is a program for a large decoder written
in C, so we expect that one day a picture takes the decoder over. Before the first byte is read, the
process can therefore open no file and no socket, start no program and outgrow no limit.
"""

import argparse
import ctypes
import io
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterator

import pillow_heif
from PIL import (
    Image,
    ImageDraw,
    JpegImagePlugin,
    JpegPresets,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

# Loaded here, not at first need: then it would be too late, no file can be opened.
PLUGINS = (
    JpegImagePlugin,
    JpegPresets,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
GOOD, NOT_A_PHOTO, DAMAGED, TOO_MANY_PIXELS, UNCONFINED = 0, 10, 11, 12, 13

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
ORIENTATION = 0x0112
TURNS = {
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_270],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_90],
}
# JPEG keeps squares of up to 16 pixels together; a box that ends inside one would leave traces of
# what it covers in the rest of that square.
SQUARE = 16
PER_MILLE = 1000
QUALITIES = (85, 70, 50, 30)
PIECE = 1 << 20
STRIP = 64

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, PR_SET_DUMPABLE = 1, 22, 38, 4
SECCOMP_MODE_FILTER = 2
M_ARENA_MAX = -8
CLONE_THREAD = 0x00010000
ALLOW, REFUSE, NO_SUCH_CALL = 0x7FFF0000, 0x00050001, 0x00050026
LOAD, EQUAL, BITS, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16

# All that decoding, and ending, asks of the kernel; by machine: its audit mark, then numbers.
# read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn
# mremap madvise getpid gettid exit futex sched_getaffinity sched_yield exit_group clock_gettime
# clock_nanosleep set_robust_list getrandom rseq sigaltstack gettimeofday
CALLS = {
    "x86_64": (
        *(0xC000003E, 0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 25, 28, 39, 186, 60, 202, 204),
        *(24, 231, 228, 230, 273, 318, 334, 131, 96),
    ),
    "aarch64": (
        *(0xC00000B7, 63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 216, 233, 172, 178),
        *(93, 98, 123, 124, 94, 113, 115, 99, 278, 293, 132, 169),
    ),
}
# A decoder may start threads, never processes. clone3 hides its flags from a filter; told that it
# does not exist, the C library takes clone instead.
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def main() -> int:
    asked = _asked()
    if not _confine(asked) and asked.must_be_confined:
        return UNCONFINED
    try:
        content = _taken_in(most=asked.bytes)
        picture, status = _read(content, pixels=asked.pixels)
        if picture is None:
            return status
        made = _made(picture, asked)
    except MemoryError:
        return TOO_MANY_PIXELS
    except Exception:
        # Decoders raise nearly everything on a damaged picture.
        return DAMAGED
    _write(made)
    return GOOD


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("bytes", "pixels", "side", "memory", "seconds", "output"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--must-be-confined", action="store_true")
    parser.add_argument("--box", type=int, nargs=4, action="append", default=[])
    return parser.parse_args()


def _taken_in(*, most: int) -> bytes:
    pieces = []
    while piece := os.read(0, PIECE):
        pieces.append(piece)
        most -= len(piece)
        if most < 0:
            raise ValueError("more than was announced")
    return b"".join(pieces)


def _read(content: bytes, *, pixels: int) -> tuple[Image.Image | None, int]:
    """The picture as its header tells of it; nothing of it is decoded yet."""
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, MemoryError):
        return None, TOO_MANY_PIXELS
    except Exception:
        return None, NOT_A_PHOTO
    if picture.width * picture.height > pixels:
        return None, TOO_MANY_PIXELS
    return picture, GOOD


def _made(picture: Image.Image, asked: argparse.Namespace) -> bytes:
    turns = TURNS.get(_orientation(picture), [])
    side = (asked.side, asked.side)
    if picture.format in ("JPEG", "MPO"):
        picture.draft("RGB", side)  # decodes at a half or a quarter where that is enough
    pixels = _plain(picture, side)
    for turn in turns:
        pixels = pixels.transpose(turn)
    _paint(pixels, asked.box)
    return _packed(pixels, most=asked.output)


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1


def _plain(picture: Image.Image, side: tuple[int, int]) -> Image.Image:
    """The first frame, made small, as bare red, green and blue on white: no attribute survives.

    A large one is made smaller strip by strip: a second copy of it would not fit into the memory.
    """
    picture.seek(0)
    picture.load()
    by = max(1, max(picture.size) // max(side))
    width, height = picture.size
    small = Image.new("RGB", (-(-width // by), -(-height // by)), "white")
    for top in range(0, height, STRIP * by):
        strip = picture.crop((0, top, width, min(height, top + STRIP * by)))
        strip.info.update(picture.info)
        small.paste(_on_white(strip).reduce(by), (0, top // by))
    small.thumbnail(side, Image.Resampling.LANCZOS)
    return small


def _on_white(strip: Image.Image) -> Image.Image:
    if strip.mode.startswith("I"):
        # 16 bits of gray: the upper 8 are what a screen shows.
        strip = strip.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if strip.mode in ("RGBA", "LA", "PA") or "transparency" in strip.info:
        strip = strip.convert("RGBA")
        white = Image.new("RGB", strip.size, "white")
        white.paste(strip, mask=strip.getchannel("A"))
        return white
    return strip.convert("RGB")


def _paint(pixels: Image.Image, boxes: list[list[int]]) -> None:
    """Cover each box (left, top, right, bottom in thousandths) with solid black, rather more."""
    draw = ImageDraw.Draw(pixels)
    for left, top, right, bottom in boxes:
        draw.rectangle(
            (
                left * pixels.width // PER_MILLE // SQUARE * SQUARE,
                top * pixels.height // PER_MILLE // SQUARE * SQUARE,
                -(-right * pixels.width // PER_MILLE // SQUARE) * SQUARE - 1,
                -(-bottom * pixels.height // PER_MILLE // SQUARE) * SQUARE - 1,
            ),
            fill="black",
        )


def _packed(pixels: Image.Image, *, most: int) -> bytes:
    for quality in QUALITIES:
        target = io.BytesIO()
        pixels.save(target, "JPEG", quality=quality)
        if target.tell() <= most:
            return target.getvalue()
    raise ValueError("it stays too large")


def _write(content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(1, left) :]


def _confine(asked: argparse.Namespace) -> bool:
    """Give up every power that decoding does not need; True when the kernel holds us to it."""
    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, by the header
    Image.init = lambda: True  # all formats that we read are here
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (asked.seconds, asked.seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (asked.memory, asked.memory))
    # Three are open, so a fourth cannot be: no file, no socket.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    return sys.platform == "linux" and _filter_calls()


def _filter_calls() -> bool:
    """Let the kernel refuse every call that is not listed, for good (seccomp(2))."""
    machine = platform.machine()
    if machine not in CALLS:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mallopt(M_ARENA_MAX, 1)  # each arena takes 64 MB of the addresses we may use
    # A child of a server that was killed would run on for its whole time.
    libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    code = b"".join(_instructions(machine))
    program = _Program(len(code) // 8, code)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    is_set = libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    return bool(is_set)


def _instructions(machine: str) -> Iterator[bytes]:
    mark, *allowed = CALLS[machine]
    yield _step(LOAD, value=ARCHITECTURE_AT)
    yield _step(EQUAL, yes=1, value=mark)
    yield _step(RETURN, value=REFUSE)
    yield _step(LOAD, value=NUMBER_AT)
    for number in allowed:
        yield _step(EQUAL, no=1, value=number)
        yield _step(RETURN, value=ALLOW)
    yield _step(EQUAL, no=1, value=CLONE3)
    yield _step(RETURN, value=NO_SUCH_CALL)
    yield _step(EQUAL, yes=1, value=CLONE[machine])
    yield _step(RETURN, value=REFUSE)
    yield _step(LOAD, value=FIRST_ARGUMENT_AT)
    yield _step(BITS, yes=1, value=CLONE_THREAD)
    yield _step(RETURN, value=REFUSE)
    yield _step(RETURN, value=ALLOW)


def _step(code: int, *, yes: int = 0, no: int = 0, value: int) -> bytes:
    """One instruction of the filter's little machine (struct sock_filter)."""
    return struct.pack("=HBBI", code, yes, no, value)


if __name__ == "__main__":
    # Nothing is left to clean up, and the usual way out would want to open files.
    os._exit(main())
