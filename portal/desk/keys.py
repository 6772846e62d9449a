"""The keys of the desk, and that each person can switch them off.

Single letters can be pressed by mistake, and by speech input without anybody wanting it: they must
be possible to switch off (WCAG 2.2, 2.1.4).
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from concerns.models import DeskLook
from engagement.doors.requests import StaffRequest

# The frame of every staff page asks the session, so that no page asks the database for it.
NOTE = "desk_keys_off"

KEYS: list[tuple[str, Any]] = [
    ("j", _("Next row")),
    ("k", _("Row before")),
    ("o", _("Open the row (Enter does the same)")),
    ("a", _("Accept, or give to somebody")),
    ("r", _("Reply")),
    ("n", _("Next concern, or next page")),
    ("p", _("Concern or page before")),
    ("?", _("Show these keys")),
]


def are_off(request: StaffRequest) -> bool:
    return bool(request.session.get(NOTE, False))


def keep_in_session(request: StaffRequest, *, keys_are_off: bool) -> None:
    """Carry what was chosen on another device over; writes only where it differs."""
    if keys_are_off != are_off(request):
        request.session[NOTE] = keys_are_off


def switch(request: StaffRequest, *, to_be_off: bool, now: datetime) -> None:
    """Remember it for this person, wherever they sign in."""
    wish = {"keys_are_off": to_be_off}
    DeskLook.objects.update_or_create(
        agency=request.agency,
        user=request.user,
        defaults=wish,
        create_defaults={**wish, "looked_at": now, "since": now},
    )
    request.session[NOTE] = to_be_off
