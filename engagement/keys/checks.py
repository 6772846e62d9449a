from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

from engagement.keys import store


def keys_are_there(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Fail the start, not the first report, when a key is absent and none may be made."""
    absent = [] if settings.KEYS_MAY_BE_MADE else store.missing()
    if not absent:
        return []
    names = ", ".join(f"{purpose}.key" for purpose in absent)
    return [
        Error(
            f"Keys are missing in {settings.PORTAL_KEYS}: {names}. Restore them from your copy of "
            "the keys; on a new installation run manage.py make_keys.",
            id="keys.E001",
        )
    ]
