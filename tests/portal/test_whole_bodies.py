"""A request whose line broke is never taken for a whole one."""

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from portal.whole_bodies import WholeBody, whole_bodies_only

FORM = urlencode({"text": "The gate is broken.", "level": "anonymous"}).encode()


class Drops:
    """A line that brings at most three bytes at once, as slow ones do."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, size: int) -> bytes:
        return self._content.read(min(size, 3))

    def readline(self, size: int) -> bytes:
        return self._content.readline(size)


def posted(came: bytes, announced: int) -> WSGIRequest:
    """A form as Django sees it behind the door."""
    environ = RequestFactory().post("/", content_type="application/x-www-form-urlencoded").environ
    environ |= {"wsgi.input": Drops(came), "CONTENT_LENGTH": str(announced)}
    seen: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ)
        return []

    whole_bodies_only(application)(environ, print)
    return WSGIRequest(seen[0])


def test_a_slow_line_brings_its_whole_form() -> None:
    assert posted(FORM, len(FORM)).POST["level"] == "anonymous"


@pytest.mark.parametrize("kept", [0, 1, len(FORM) // 2, len(FORM) - 1])
def test_a_form_cut_anywhere_is_refused(kept: int) -> None:
    with pytest.raises(BadRequest, match="broke off"):
        _ = posted(FORM[:kept], len(FORM)).POST


def test_a_request_without_a_body_is_read_as_empty() -> None:
    assert not posted(b"", 0).POST


def test_a_missing_line_is_refused() -> None:
    body = WholeBody(io.BytesIO(b"one\n"))
    assert body.readline(100) == b"one\n"
    with pytest.raises(BadRequest):
        body.readline(100)
