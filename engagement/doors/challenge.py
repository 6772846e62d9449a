"""A small test that a form passes unseen: some work for a script, some seconds for a person.

A page signs a challenge into the address that its form is sent to. A script adds the work of
under a second on a slow phone; who runs no script has had the page open for some seconds. What
comes back is judged from the address alone, before anything that was sent is parsed. Nobody is
refused: a sending that passes neither test is only looked at more closely.

A challenge holds no more than which form of which agency it is for, when the page was made, how
much work is asked, and a random number. It is good for one sending. That it was used is noted in
the cache that never writes to disk; while the cache is away nobody is asked.
"""

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.core.cache import cache
from django.utils.crypto import salted_hmac

SALT = "doors.challenge"
# The names of both in an address.
TOKEN, WORK = "proof", "work"
# As long as a form's own key: whoever takes a whole day is asked to check the report once more.
LIVES_SECONDS = 24 * 60 * 60
# Nobody reads a page and finds its button sooner.
LEAST_SECONDS = 3
# Several small riddles instead of a large one: their sum takes much the same time for everybody.
RIDDLES = 16
# So long an agency that asks for no more work is not asked again whether it does.
CALM, CALM_SECONDS = 0, 60
# Leading zero bits of each digest: 16 riddles of 512 and of 1,024 tries on average.
BITS, BITS_WHEN_SLOWED = 9, 10
# A challenge that was handed out together with the request to send once more.
SECOND_CHANCE = 0
# Stands for the agency where it does not matter which.
ANYWHERE = "*"


class Verdict(StrEnum):
    PROVEN = "proven"  # the work was done
    WAITED = "waited"  # no work, but the page was open for some seconds
    HASTY = "hasty"  # a challenge of ours, but neither work nor time
    UNKNOWN = "unknown"  # none, forged, used before, too old, or of another form


@dataclass(frozen=True)
class Judged:
    """`agency` is the slug for which the challenge was made, "" where no agency was known."""

    verdict: Verdict
    agency: str = ""
    mark: str = ""

    @property
    def is_known(self) -> bool:
        return self.verdict != Verdict.UNKNOWN


def new_challenge(
    *, form: str, host: str, agency: str, since: float | None = None, bits: int | None = None
) -> str:
    """A signed challenge for one sending of `form`; `since` is when its page was first opened.

    Without `bits` it asks as much work as the agency wants at the moment.
    """
    work = bits if bits is not None else _bits_for(agency)
    made = int(time.time() if since is None else since)
    body = f"{agency}.{made:x}.{work}.{secrets.token_urlsafe(9)}"
    return f"{body}.{_signature(body, form=form, host=host)}"


def judged(query: Mapping[str, str], *, form: str, host: str, now: float) -> Judged:
    """Judge a sending by its address; a good challenge is used up by it."""
    token = query.get(TOKEN, "")
    body, _dot, signature = token.rpartition(".")
    signed = _signature(body, form=form, host=host)
    if not hmac.compare_digest(signature.encode(), signed.encode()):
        return Judged(Verdict.UNKNOWN)
    # From the right: what somebody wrote into an address as the agency may hold dots.
    agency, made, bits, _nonce = body.rsplit(".", 3)
    age = now - int(made, 16)
    is_elsewhere = query.get("agency", agency) != agency
    mark = f"challenge:{hashlib.sha256(token.encode()).hexdigest()[:24]}"
    if is_elsewhere or age > LIVES_SECONDS or not cache.add(mark, 1, timeout=LIVES_SECONDS):
        return Judged(Verdict.UNKNOWN)
    return Judged(_verdict(token, query.get(WORK, ""), bits=int(bits), age=age), agency, mark)


def give_back(found: Judged) -> None:
    """Let the challenge be used again: what was sent did not arrive."""
    if found.mark:
        cache.delete(found.mark)


def is_slowed(agency: str) -> bool:
    """Whether the agency asks for more work just now."""
    return bool(cache.get(_slowed(agency)))


def is_known_calm(agency: str) -> bool:
    """Whether it was found within this minute that the agency asks for no more work."""
    return bool(cache.get(_slowed(agency)) == CALM)


def slow_down(agency: str, *, seconds: int) -> None:
    """Ask more work of everybody who sends to this agency, for so long; 0 ends it."""
    if seconds > 0:
        cache.set(_slowed(agency), 1, timeout=seconds)
    else:
        cache.delete(_slowed(agency))


def note_calm(agency: str) -> None:
    """Know for a minute that the agency asks for no more work; whoever slows it down meanwhile is
    heard at once."""
    cache.add(_slowed(agency), CALM, timeout=CALM_SECONDS)


def _verdict(token: str, work: str, *, bits: int, age: float) -> Verdict:
    if bits == SECOND_CHANCE:
        return Verdict.HASTY
    if is_solved(token, work, bits=bits):
        return Verdict.PROVEN
    return Verdict.WAITED if age >= LEAST_SECONDS else Verdict.HASTY


def is_solved(token: str, work: str, *, bits: int) -> bool:
    """Whether `work` holds an answer to each riddle: a number whose digest begins with zeros."""
    answers = work.split(".")
    if len(answers) != RIDDLES or len(work) > RIDDLES * 10:
        return False
    return all(
        _zeros(hashlib.sha256(f"{token}.{riddle}.{answer}".encode()).digest()) >= bits
        for riddle, answer in enumerate(answers)
    )


def _zeros(digest: bytes) -> int:
    return 256 - int.from_bytes(digest, "big").bit_length()


def _bits_for(agency: str) -> int:
    return BITS_WHEN_SLOWED if is_slowed(agency) else BITS


def _signature(body: str, *, form: str, host: str) -> str:
    signed = salted_hmac(SALT, f"{form}|{host}|{body}", algorithm="sha256").digest()
    return urlsafe_b64encode(signed[:15]).decode()


def _slowed(agency: str) -> str:
    return f"challenge:slowed:{agency}"
