"""The shift that a session on a registered device lasts for, as the session itself notes it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

# Without a dot, so that templates can ask for it.
NOTE = "people_shift"
# Sent to the account pages alone: never with a report, which a device must not mark.
COOKIE_PATH = "/account/"
COOKIE = "cg_device" if settings.DEMO else "__Secure-device"
COOKIE_LASTS = 365 * 24 * 3600


@dataclass(frozen=True)
class Shift:
    """`ends` is in seconds since 1970."""

    device_id: int
    device: str
    is_shared: bool
    ends: int

    @property
    def ends_at(self) -> datetime:
        return datetime.fromtimestamp(self.ends, UTC)

    @property
    def is_over(self) -> bool:
        return time.time() >= self.ends

    def as_note(self) -> dict[str, Any]:
        return {
            "device": self.device_id,
            "name": self.device,
            "shared": self.is_shared,
            "ends": self.ends,
        }


def note_of(session: Any) -> Shift | None:
    """The shift of this session, over or not; None in a session like any other."""
    kept = session.get(NOTE)
    if not kept:
        return None
    return Shift(int(kept["device"]), str(kept["name"]), bool(kept["shared"]), int(kept["ends"]))
