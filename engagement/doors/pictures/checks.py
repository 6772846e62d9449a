"""Before service: can this machine hold a decoder to what we demand of it?"""

import base64
import tempfile
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from engagement.doors.pictures.decoding import CannotDecode, NotConfined, decode

# The smallest PNG: one white point.
POINT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)


def photos_can_be_decoded(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Say so at the start, not with the first photo that somebody sends."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(POINT)
            decode(file)
    except NotConfined:
        advice = (
            "This kernel does not let the decoder of photos give up its powers (seccomp filters on "
            "x86_64 or aarch64 Linux), so no photo is taken."
        )
    except (CannotDecode, OSError):
        advice = "Photos cannot be decoded here; are Pillow and pillow-heif installed whole?"
    else:
        return []
    return [Error(advice, id="pictures.E001")]
