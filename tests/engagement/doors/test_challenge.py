"""Challenges are signed, good for one sending of one form to one agency, and refuse nobody."""

import time
from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import RedisError

from engagement.doors import challenge
from engagement.doors.cache import PatientCache
from engagement.doors.challenge import Judged, Verdict
from tests.challenges import solved

pytestmark = [pytest.mark.privacy, pytest.mark.challenge]
HOST = "cedar.example"


def made(**changes: Any) -> str:
    """A challenge of little work, whose page was opened just now."""
    values: dict[str, Any] = {"form": "report", "host": HOST, "agency": "cedar", "bits": 4}
    return challenge.new_challenge(**{**values, **changes})


def sent(token: str, *, work: str = "", later: float = 0, **changes: Any) -> Judged:
    query = {"proof": token, "work": work, **changes.pop("query", {})}
    values: dict[str, Any] = {"form": "report", "host": HOST, "now": time.time() + later}
    return challenge.judged(query, **{**values, **changes})


def test_work_or_some_seconds_are_enough() -> None:
    proven, waited, hasty = made(), made(), made()

    assert sent(proven, work=solved(proven)).verdict == Verdict.PROVEN
    assert sent(waited, later=challenge.LEAST_SECONDS).verdict == Verdict.WAITED
    assert sent(hasty).verdict == Verdict.HASTY


def test_a_proof_is_good_once() -> None:
    token = made()
    work = solved(token)

    assert sent(token, work=work).verdict == Verdict.PROVEN
    assert sent(token, work=work).verdict == Verdict.UNKNOWN
    assert sent(token, later=60).verdict == Verdict.UNKNOWN


@pytest.mark.parametrize(
    "elsewhere",
    [{"form": "track"}, {"host": "elm.example"}, {"query": {"agency": "elm"}}],
    ids=["another form", "another host", "another agency"],
)
def test_a_stolen_proof_is_worth_nothing_elsewhere(elsewhere: dict[str, Any]) -> None:
    token = made()

    assert sent(token, work=solved(token), **elsewhere).verdict == Verdict.UNKNOWN
    assert sent(token, work=solved(token)).verdict == Verdict.PROVEN


@pytest.mark.parametrize("part", range(5))
def test_a_challenge_that_was_touched_is_none(part: int) -> None:
    parts = made().split(".")
    parts[part] = {1: "0", 2: "1"}.get(part, "other")

    assert sent(".".join(parts), later=60).verdict == Verdict.UNKNOWN


@pytest.mark.parametrize("token", ["", ".", "....", "proof", "\0", "ñ.ñ", "a" * 10_000])
def test_nonsense_is_no_challenge(token: str) -> None:
    assert sent(token, later=60).verdict == Verdict.UNKNOWN


@pytest.mark.parametrize("work", ["", "0", ".".join("0" * 16), "." * 15, "9" * 10_000, "\0" * 31])
def test_nonsense_is_no_work(work: str) -> None:
    assert sent(made(bits=12), work=work).verdict == Verdict.HASTY


def test_a_challenge_is_good_for_a_day() -> None:
    assert sent(made(), later=challenge.LIVES_SECONDS - 60).verdict == Verdict.WAITED
    assert sent(made(), later=challenge.LIVES_SECONDS + 60).verdict == Verdict.UNKNOWN


def test_a_second_chance_never_counts_as_waiting_nor_as_work() -> None:
    token = made(bits=challenge.SECOND_CHANCE)

    assert sent(token, later=600, work=".".join("0" * 16)).verdict == Verdict.HASTY


def test_what_did_not_arrive_may_be_sent_again() -> None:
    token = made()
    work = solved(token)
    first = sent(token, work=work)
    challenge.give_back(first)

    assert sent(token, work=work).verdict == Verdict.PROVEN


def test_while_the_cache_is_away_everybody_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise RedisError

    monkeypatch.setattr(PatientCache, "muted_until", 0.0)
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.add", away)
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", away)
    token = made()

    assert sent(token, work=solved(token)).verdict == Verdict.PROVEN
    assert sent(token, work=solved(token)).verdict == Verdict.PROVEN
    assert sent(made(bits=None), later=60).verdict == Verdict.WAITED


def test_a_slowed_agency_asks_more_work_until_it_ends() -> None:
    def bits(agency: str) -> int:
        return int(made(agency=agency, bits=None).split(".")[2])

    challenge.slow_down("cedar", seconds=3600)
    assert (bits("cedar"), bits("elm")) == (challenge.BITS_WHEN_SLOWED, challenge.BITS)
    challenge.slow_down("cedar", seconds=0)
    assert bits("cedar") == challenge.BITS


def test_whoever_slows_a_calm_agency_down_is_heard_at_once() -> None:
    challenge.note_calm("cedar")
    assert challenge.is_known_calm("cedar")
    challenge.slow_down("cedar", seconds=3600)
    assert not challenge.is_known_calm("cedar")
    assert challenge.is_slowed("cedar")
    challenge.note_calm("cedar")  # by somebody who asked before it was slowed down
    assert challenge.is_slowed("cedar")


def test_the_mark_of_a_used_challenge_says_nothing_of_it() -> None:
    token = made()
    found = sent(token)

    assert cache.get(found.mark) == 1
    assert not any(part in found.mark for part in token.split(".")[3:])
