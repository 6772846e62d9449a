"""Whatever staff, the reporter and the clock do in whatever order, the rows stay true."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from concerns.actions import following, triage
from concerns.actions.casework import CannotMove, StaleEdit
from concerns.actions.sweeps import close_undisputed
from concerns.models import Concern, StatusChange
from concerns.published.models import PublicConcern
from concerns.workflow import MOVES, State
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.people.models import User
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report

# From which states each verb may be pressed, written down once more from the words of the design.
ACCEPTS = {"received"}
STARTS = {"accepted", "waiting"}
ASKS = {"accepted", "working"}
RESOLVES = {"accepted", "working", "waiting"}
CLOSES = {"received", "accepted", "working", "waiting", "resolved"}
REOPENS = {"resolved", "closed"}
ANSWERS = {"received", "accepted", "working", "waiting", "resolved"}
WITHDRAWS = {"received", "accepted", "working", "waiting"}


class Casework(RuleBasedStateMachine):
    agency: Agency
    officer: User
    reports = 0

    def __init__(self) -> None:
        super().__init__()
        Casework.reports += 1
        key = f"key-{Casework.reports}"
        self.concern = file_report(self.agency, submission_key=key).concern
        self.state, self.moves, self.reopened = "received", 1, 0
        self.said, self.was_withdrawn = 0, False
        self.now, self.resolved_at = NOW, NOW
        self.by = Actor.staff(self.officer.pk)

    def press(self, verb: Callable[..., Any], allowed: set[str], then: str, **words: str) -> bool:
        """Press a verb of the desk; it works from the allowed states, else changes nothing."""
        return self._try(
            lambda: verb(
                concern_id=self.concern.pk,
                seen_version=self.current.version,
                by=self.by,
                now=self.now,
                **words,
            ),
            self.state in allowed,
            then,
        )

    def say(self, verb: Callable[..., Any], *, may: bool, then: str, **words: str) -> bool:
        return self._try(
            lambda: verb(concern_id=self.concern.pk, by=Actor.reporter(), now=self.now, **words),
            may,
            then,
        )

    def _try(self, act: Callable[[], Any], may: bool, then: str) -> bool:
        entries = Entry.objects.count()
        if not may:
            with pytest.raises(CannotMove):
                act()
            assert Entry.objects.count() == entries
            return False
        act()
        assert Entry.objects.count() > entries
        self.moves += then != self.state
        self.state = then
        return True

    @property
    def current(self) -> Concern:
        return Concern.objects.get(pk=self.concern.pk)

    @rule()
    def accept(self) -> None:
        self.press(triage.accept, ACCEPTS, "accepted")

    @rule()
    def start(self) -> None:
        self.press(triage.start, STARTS, "working")

    @rule()
    def ask(self) -> None:
        self.press(triage.ask, ASKS, "waiting", text="Where?")

    @rule(outcome=st.sampled_from(["fixed", "referred", "no_action"]))
    def resolve(self, outcome: str) -> None:
        if self.press(triage.resolve, RESOLVES, "resolved", outcome=outcome, words="Done."):
            self.resolved_at = self.current.resolved_at or self.now

    @rule(outcome=st.sampled_from(["fixed", "referred", "no_action"]))
    def close(self, outcome: str) -> None:
        self.press(triage.close, CLOSES, "closed", outcome=outcome, words="Done.")

    @rule()
    def reopen_by_staff(self) -> None:
        may_open = set() if self.was_withdrawn else REOPENS
        self.reopened += self.press(triage.reopen, may_open, "working")

    @rule()
    def answer(self) -> None:
        then = "working" if self.state == "waiting" else self.state
        self.said += 1
        self.say(following.answer, may=self.state in ANSWERS, then=then, text=f"There {self.said}")

    @rule()
    def reopen_by_reporter(self) -> None:
        in_time = self.now < self.resolved_at + timedelta(days=14)
        may = self.state == "resolved" and self.reopened == 0 and in_time
        self.reopened += self.say(following.reopen, may=may, then="working", text="No.")

    @rule()
    def withdraw(self) -> None:
        may = self.state in WITHDRAWS
        self.was_withdrawn |= self.say(following.withdraw, may=may, then="closed")

    @rule()
    def confirm(self) -> None:
        self.say(following.confirm_fixed, may=self.state == "resolved", then="closed")

    @rule()
    def press_on_an_old_page(self) -> None:
        with pytest.raises(StaleEdit):
            triage.reply(
                concern_id=self.concern.pk,
                seen_version=self.current.version - 1,
                text="Late",
                by=self.by,
                now=self.now,
            )

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        close_undisputed(now=self.now)
        if self.state == "resolved" and self.now >= self.resolved_at + timedelta(days=14):
            self.state, self.moves = "closed", self.moves + 1

    @invariant()
    def the_row_tells_the_truth(self) -> None:
        row = self.current
        assert row.state == self.state
        assert bool(row.outcome) is (self.state in ("resolved", "closed"))
        assert (row.waiting_on == "reporter") is (self.state == "waiting")
        assert (row.closed_at is not None) is (self.state == "closed")
        assert row.reopened_count == self.reopened

    @invariant()
    def history_is_an_unbroken_walk_of_allowed_moves(self) -> None:
        walk = [
            State(state)
            for state in StatusChange.objects.filter(concern=self.concern)
            .order_by("id")
            .values_list("state", flat=True)
        ]
        assert len(walk) == self.moves
        assert walk[-1] == self.state
        assert all(new in MOVES[old] for old, new in pairwise(walk))

    @invariant()
    def the_public_reads_the_same_state(self) -> None:
        public = PublicConcern.objects.filter(pk=self.current.public_id).first()
        if public is not None:
            assert (public.state, public.outcome) == (self.state, self.current.outcome)


def test_no_order_of_steps_leaves_a_concern_in_a_false_state(agency: Agency, officer: User) -> None:
    Casework.agency, Casework.officer = agency, officer
    run_state_machine_as_test(
        Casework,
        settings=settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            # A failing walk is short enough to read; making it shorter takes minutes.
            phases=[Phase.generate],
        ),
    )
