"""Slows down guessing without locking anybody out; nothing but pseudonyms is counted.

Two counters per account and step. The narrow one belongs to one visitor: whoever guesses is
refused for some minutes, and the owner elsewhere notices nothing. The wide one adds up all
visitors. A flood over it refuses only what a guess could gain: a password that no second factor
backs, or a code. It never refuses a passkey, and it ends with a new password, because whoever
gets as far as codes knows the old one.

Without the cache everybody passes uncounted, as everywhere in the portal.
"""

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    amount: int
    seconds: int


@dataclass(frozen=True)
class Step:
    """What is tried: its name in the counters and how often that may fail."""

    name: str
    narrow: Limit
    wide: Limit | None


PASSWORD = Step("password", narrow=Limit(10, 300), wide=Limit(100, 3600))
CODE = Step("code", narrow=Limit(5, 300), wide=Limit(30, 3600))
# A key cannot be guessed; this only keeps one visitor from filling the table of sessions.
PASSKEY = Step("passkey", narrow=Limit(20, 60), wide=None)


class Attempt:
    """One try by one visitor. It counts as failed until `succeed` takes it back."""

    def __init__(self, step: Step, *, account: str, visitor: str) -> None:
        """`account` is a sign-in key or an id, `visitor` the pseudonym of the request."""
        who = hashlib.sha256(f"{step.name}:{account}".encode()).hexdigest()[:32]
        self._counted = [_counter(who, visitor, step.narrow)]
        self.is_refused = _added(self._counted[0], step.narrow) > step.narrow.amount
        self.is_in_flood = False
        # What one visitor is refused anyway must not fill everybody's measure.
        if step.wide and not self.is_refused:
            self._counted.append(_counter(who, "", step.wide))
            self.is_in_flood = _added(self._counted[1], step.wide) > step.wide.amount

    def succeed(self) -> None:
        for name in self._counted:
            _take_back(name)


def forget(step: Step, *, account: str) -> None:
    """Empty the wide counter of an account, whose owner has just proved to be one."""
    if step.wide:
        who = hashlib.sha256(f"{step.name}:{account}".encode()).hexdigest()[:32]
        cache.delete(_counter(who, "", step.wide))


def _counter(who: str, visitor: str, limit: Limit) -> str:
    return f"attempts:{who}:{visitor}:{int(time.time() // limit.seconds)}"


def _added(name: str, limit: Limit) -> int:
    cache.add(name, 0, timeout=limit.seconds)
    try:
        return cache.incr(name)
    except ValueError:
        # The window ended between the two.
        return 1


def _take_back(name: str) -> None:
    try:
        cache.incr(name, -1)
    except ValueError:
        return
