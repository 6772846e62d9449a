"""Turn what somebody sent into a new JPEG, in a child process that can reach nothing.

The child gets the file on a descriptor and answers on a pipe. It has no environment, so no
passwords, inherits no connection, and takes from itself what it does not need; see `child`.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

from django.conf import settings

MEMORY_BYTES = 512 << 20
PIXELS = 50_000_000
SECONDS = 10.0
LONGEST_SIDE = 2560
UPLOAD_BYTES = 15 << 20
OUTPUT_BYTES = 4 << 20
PIECE = 1 << 16
CHILD = str(Path(__file__).with_name("child.py"))

# A web server answers with a few threads; two of them may wait for pictures and one more may stand
# in line, so that reports without pictures still get through.
AT_ONCE = 2
IN_LINE = 1
LINE_SECONDS = 10.0


class Trouble(StrEnum):
    """Why there is no picture."""

    NOT_A_PHOTO = "not_a_photo"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    SLOW = "slow"
    BUSY = "busy"


ANSWERS = {10: Trouble.NOT_A_PHOTO, 11: Trouble.DAMAGED, 12: Trouble.TOO_MANY_PIXELS}
UNCONFINED = 13


class CannotDecode(Exception):
    """`trouble` says why; nothing of the picture is kept."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class NotConfined(Exception):
    """This kernel does not let a process give up its powers, and in service we insist."""


@dataclass(frozen=True)
class Picture:
    """A JPEG of pixels alone. `width` and `height` in pixels, at most LONGEST_SIDE."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Box:
    """What to cover, in thousandths of width and height from the upper left corner."""

    left: int
    top: int
    right: int
    bottom: int


_places = BoundedSemaphore(AT_ONCE)
_tickets = BoundedSemaphore(AT_ONCE + IN_LINE)


@contextmanager
def a_place() -> Iterator[None]:
    """Hold one of this process's few places to decode. Raises CannotDecode(BUSY)."""
    if not _tickets.acquire(blocking=False):
        raise CannotDecode(Trouble.BUSY)
    try:
        if not _places.acquire(timeout=LINE_SECONDS):
            raise CannotDecode(Trouble.BUSY)
        try:
            yield
        finally:
            _places.release()
    finally:
        _tickets.release()


def decode(source: IO[bytes], *, boxes: Sequence[Box] = (), seconds: float = SECONDS) -> Picture:
    """Make the new picture of the first frame of `source`, a file with a descriptor.

    Accepts JPEG, PNG, WebP and HEIC. `boxes` are covered with solid black after turning upright.
    Call it inside `a_place`. Raises CannotDecode, NotConfined.
    """
    source.flush()
    os.lseek(source.fileno(), 0, os.SEEK_SET)
    child = subprocess.Popen(
        _command(boxes),
        stdin=source.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    try:
        answer = _answer(child, deadline=time.monotonic() + min(seconds, SECONDS))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdout:
            child.stdout.close()
    return _picture(answer)


def _command(boxes: Sequence[Box]) -> list[str]:
    limits = {
        "bytes": UPLOAD_BYTES,
        "pixels": PIXELS,
        "side": LONGEST_SIDE,
        "memory": MEMORY_BYTES,
        "seconds": int(SECONDS),
        "output": OUTPUT_BYTES,
    }
    command = [sys.executable, "-I", "-B", CHILD]
    for name, value in limits.items():
        command += [f"--{name}", str(value)]
    if not settings.DEMO:
        command.append("--must-be-confined")
    for box in boxes:
        command += ["--box", *(str(n) for n in (box.left, box.top, box.right, box.bottom))]
    return command


def _answer(child: "subprocess.Popen[bytes]", *, deadline: float) -> bytes:
    assert child.stdout
    pieces: list[bytes] = []
    room = OUTPUT_BYTES
    while piece := _next_piece(child.stdout, deadline):
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            raise CannotDecode(Trouble.DAMAGED)
    try:
        status = child.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise CannotDecode(Trouble.SLOW) from None
    if status == UNCONFINED:
        raise NotConfined
    if status == -signal.SIGXCPU:
        raise CannotDecode(Trouble.SLOW)
    if status:
        raise CannotDecode(ANSWERS.get(status, Trouble.DAMAGED))
    return b"".join(pieces)


def _next_piece(pipe: IO[bytes], deadline: float) -> bytes:
    ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
    if not ready:
        raise CannotDecode(Trouble.SLOW)
    return os.read(pipe.fileno(), PIECE)


def _picture(jpeg: bytes) -> Picture:
    """Believe the child only what can be seen from outside: a JPEG that carries no remarks."""
    width, height = _size_of_bare(jpeg)
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise CannotDecode(Trouble.DAMAGED)
    return Picture(jpeg, width, height)


def _size_of_bare(jpeg: bytes) -> tuple[int, int]:
    """Walk the markers (ITU-T T.81, annex B) up to the pixels; only tables may stand before them.

    Raises CannotDecode for a segment that could hold words: anything else of an application, a
    comment.
    """
    at, size = 2, (0, 0)
    if jpeg[:2] != b"\xff\xd8" or jpeg[-2:] != b"\xff\xd9":
        raise CannotDecode(Trouble.DAMAGED)
    while jpeg[at : at + 1] == b"\xff":
        kind = jpeg[at + 1]
        length = int.from_bytes(jpeg[at + 2 : at + 4])
        if kind == 0xDA:
            return size
        if kind == 0xC0:
            size = (int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7]))
        elif kind not in (0xDB, 0xC4) and not (kind == 0xE0 and length == 16):
            break
        at += 2 + length
    raise CannotDecode(Trouble.DAMAGED)
