"""Sessions in the database that do not say at which minute somebody signed in.

An anonymous report is known to the hour; a session of the same minute would name its sender.
"""

from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from engagement.keys.moments import floor_to_hour
from engagement.people.models import Session
from engagement.people.shifts import note_of
from engagement.people.trust import factor_of

HOUR = 3600
# Where the account library notes how and when a session signed in.
METHODS = "account_authentication_methods"


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        methods = [_to_the_hour(method) for method in data.get(METHODS, ())]
        kept = {**data, METHODS: methods} if METHODS in data else data
        row = cast(Session, super().create_model_instance(kept))
        row.expire_date = floor_to_hour(row.expire_date)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.started_at = _first_moment(methods)
        row.factor = factor_of(data)
        shift = note_of(data)
        row.device_id = shift.device_id if shift else None
        return row


def _first_moment(methods: list[dict[str, Any]]) -> datetime | None:
    moments = [method["at"] for method in methods if "at" in method]
    return datetime.fromtimestamp(min(moments), UTC) if moments else None


def _to_the_hour(method: dict[str, Any]) -> dict[str, Any]:
    return {**method, "at": method["at"] // HOUR * HOUR} if "at" in method else method
