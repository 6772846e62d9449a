"""Log lines name what failed and where, and repeat nobody."""

import json
import logging
import sys
from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from portal.logging import QuietFormatter

pytestmark = pytest.mark.privacy
CANARY = "canary-of-a-reporter"


def line_of(**extra: object) -> dict[str, object]:
    try:
        raise IntegrityError(f"Key (text)=({CANARY}) already exists")
    except IntegrityError:
        record = logging.getLogger("django.request").makeRecord(
            "django.request",
            logging.ERROR,
            f"/srv/{CANARY}.py",
            1,
            "Internal Server Error: /track/%s",
            (CANARY,),
            sys.exc_info(),
            "view",
            dict(extra),
        )
    found: dict[str, object] = json.loads(QuietFormatter().format(record))
    return found


def test_an_error_keeps_type_and_route_and_nothing_that_anyone_wrote() -> None:
    request = SimpleNamespace(
        resolver_match=SimpleNamespace(view_name="track"),
        path=f"/track/{CANARY}",
        META={"REMOTE_ADDR": CANARY},
    )

    line = line_of(request=request, status_code=500)

    assert (line["exception"], line["route"], line["status"]) == ("IntegrityError", "track", 500)
    assert CANARY not in json.dumps(line)


def test_our_own_extras_are_kept() -> None:
    line = line_of(event="worker restarted", ids={"message": 7}, user_agent=CANARY)

    assert line["event"] == "worker restarted"
    assert line["ids"] == {"message": 7}
    assert "user_agent" not in line
