"""Answers of GeoReport v2 servers are read as they come, and nothing in them is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.open311.reading import CannotRead, records


@pytest.mark.parametrize(
    "body",
    [
        b'[{"service_request_id": 638344, "status": "open"}]',
        b'\xef\xbb\xbf [{"service_request_id": "638344", "status": "open", "notes": null}]',
        b'{"service_request_id": 638344, "status": "open"}',
        b'{"service_requests": [{"service_request_id": "638344", "status": "open"}]}',
        b'{"service_requests": {"request": {"service_request_id": "638344", "status": "open"}}}',
        b"<service_requests><request><service_request_id>638344</service_request_id>"
        b"<status>open</status></request></service_requests>",
        b'<?xml version="1.0" encoding="utf-8"?><service_requests xmlns="urn:x"><request>'
        b"<service_request_id> 638344\n</service_request_id><status>open</status>"
        b"<status_notes>None</status_notes></request></service_requests>",
    ],
)
def test_one_request_reads_the_same_however_it_is_told(body: bytes) -> None:
    (found,) = records(body)
    assert found["service_request_id"] == "638344"
    assert found["status"] == "open"
    assert not found.get("status_notes")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Bad gateway",
        b'{"a": ',
        b"OK",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><c>&b;</c></a>',
    ],
)
def test_what_is_neither_is_refused(body: bytes) -> None:
    with pytest.raises(CannotRead):
        records(body)


@given(st.binary(max_size=400) | st.text(alphabet='[]{}<>"a:,/&;1 ', max_size=200))
def test_nothing_makes_it_fail_otherwise(body: bytes | str) -> None:
    raw = body if isinstance(body, bytes) else body.encode()
    try:
        assert isinstance(records(raw), list)
    except CannotRead:
        return
