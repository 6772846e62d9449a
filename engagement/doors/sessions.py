"""Sessions in the database that do not say at which minute somebody signed in.

An anonymous report is known to the hour; a session of the same minute would name its sender.
"""

from typing import Any, cast

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from engagement.keys.moments import floor_to_hour

HOUR = 3600
# Where the account library notes how and when a session signed in.
METHODS = "account_authentication_methods"


class SessionStore(db.SessionStore):
    def create_model_instance(self, data: dict[str, Any]) -> Session:
        kept = {**data, METHODS: _to_the_hour(data[METHODS])} if METHODS in data else data
        row = cast(Session, super().create_model_instance(kept))
        row.expire_date = floor_to_hour(row.expire_date)
        return row


def _to_the_hour(methods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**method, "at": method["at"] // HOUR * HOUR} if "at" in method else method
        for method in methods
    ]
