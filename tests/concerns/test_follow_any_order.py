"""Whatever a reporter presses, in whatever order and by whichever way in, from two windows at once:
no false state, no lost word, no name, and a history that verifies."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count, pairwise
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import hypothesis.strategies as st
import pytest
import time_machine
from django.db import connections
from django.test import Client
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pytest_django import Settings

from concerns.actions import triage
from concerns.actions.casework import CannotMove, StaleEdit
from concerns.links import LIVES, new_token, token_digest
from concerns.models import (
    AccessLink,
    Concern,
    PlaceCorrection,
    RatingMark,
    RemovalRequest,
    Reply,
    StatusChange,
)
from concerns.workflow import MOVES, State
from engagement.audit.actions import seal
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.audit.verification import verify
from engagement.people.models import User
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.conftest import meet_user
from tests.engagement.audit.conftest import seal_all

NUMBERS = count()
PASS = re.compile(r'name="pass" value="([^"]+)"')
WAYS = st.sampled_from(["code", "link", "account"])
TALKING = ["answer", "removal", "reopen", "fixed", "rate", "withdraw"]
KEEPING = ["place", "adopt", "let_go", "export", "erase"]
VERBS = st.sampled_from([*TALKING, *KEEPING])
# Most of these must have happened, or the walks were too short to say anything.
MAY_HAPPEN = {
    *("CONCERN_ANSWERED", "CONCERN_REOPENED", "CONCERN_WITHDRAWN"),
    *("CONCERN_RATED", "CONCERN_REMOVAL_ASKED", "CONCERN_PLACE_CORRECTED", "CONCERN_ADOPTED"),
    *("CONCERN_LET_GO", "CONCERN_REPORTER_ERASED", "CONCERN_LINK_OPENED"),
}
BY_STAFF: list[Callable[..., Any]] = [triage.accept, triage.ask, triage.resolve, triage.reopen]
SAID: dict[Callable[..., Any], dict[str, str]] = {
    triage.ask: {"text": "Where?"},
    triage.resolve: {"outcome": "fixed", "words": "Done."},
}


class Following(RuleBasedStateMachine):
    agency: Agency
    officer: User
    resident: User
    pressed: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        receipt = worlds.reported(
            self.agency, level="confidential", email=f"ana{next(NUMBERS)}@home.example"
        )
        self.concern, self.secret = receipt.concern, receipt.secret
        self.nameless, self.signed_in = Client(), worlds.signed_in(self.resident)

    def pass_by(self, way: str) -> str:
        """Come in by this way; by code where the others lead nowhere now."""
        page = ""
        if way == "link":
            page = self._by_link()
        elif way == "account":
            listed = self.signed_in.get("/my/").content.decode().split(self.spaced_code)
            page = listed[1] if len(listed) > 1 else ""
        found = PASS.search(page) or PASS.search(self._by_code())
        assert found is not None
        return found.group(1)

    @property
    def spaced_code(self) -> str:
        code = self.concern.tracking_code
        return "-".join(code[at : at + 4] for at in range(0, len(code), 4))

    def _by_code(self) -> str:
        typed = {"code": self.concern.tracking_code, "secret": self.secret}
        return self.nameless.post("/track/", typed).content.decode()

    def _by_link(self) -> str:
        token = new_token()
        AccessLink.objects.create(
            agency=self.agency,
            concern=self.concern,
            token_digest=token_digest(token),
            expires_at=worlds.NOW + LIVES,
        )
        for _scanner in range(2):
            assert PASS.search(self.nameless.get(f"/track/link/{token}/").content.decode()) is None
        return self.nameless.post(f"/track/link/{token}/").content.decode()

    def typed(self, verb: str) -> dict[str, str]:
        number = next(NUMBERS)
        return {
            "verb": verb,
            "text": f"Words number {number} and no others",
            "save": "1",
            "lon": f"{worlds.LON + worlds.STEP * (0.5 + number % 2):.6f}",
            "lat": f"{worlds.LAT + worlds.STEP / 2:.6f}",
            "respect": "yes",
        }

    def press(self, client: Client, signed: str, typed: dict[str, str]) -> None:
        answer = client.post("/track/", {"pass": signed, **typed})
        assert answer.status_code == 200
        if typed["verb"] in ("answer", "reopen", "removal"):
            assert typed["text"] in answer.content.decode(), "stored or shown again, never lost"

    @rule(way=WAYS, verb=st.sampled_from(TALKING))
    def talk(self, way: str, verb: str) -> None:
        self.press(self.nameless, self.pass_by(way), self.typed(verb))

    @rule(way=WAYS, verb=st.sampled_from(KEEPING))
    def keep(self, way: str, verb: str) -> None:
        self.press(self.signed_in, self.pass_by(way), self.typed(verb))

    @rule(one=VERBS, other=VERBS)
    def press_in_two_windows(self, one: str, other: str) -> None:
        signed = self.pass_by("code")
        failed: list[BaseException] = []

        def tap(client: Client, typed: dict[str, str]) -> None:
            try:
                self.press(client, signed, typed)
            except BaseException as error:
                failed.append(error)
            finally:
                connections.close_all()

        pairs = [(self.nameless, self.typed(one)), (self.signed_in, self.typed(other))]
        threads = [Thread(target=tap, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert failed == []

    @rule(verb=st.sampled_from(BY_STAFF))
    def staff_act(self, verb: Callable[..., Any]) -> None:
        with suppress(CannotMove, StaleEdit):
            verb(
                concern_id=self.concern.pk,
                seen_version=self.current.version,
                by=Actor.staff(self.officer.pk),
                now=worlds.NOW,
                **SAID.get(verb, {}),
            )

    @property
    def current(self) -> Concern:
        return Concern.objects.get(pk=self.concern.pk)

    @invariant()
    def history_is_a_walk_of_allowed_moves(self) -> None:
        rows = StatusChange.objects.filter(concern=self.concern).order_by("id")
        walk = [State(state) for state in rows.values_list("state", flat=True)]
        assert walk[-1] == self.current.state
        assert all(new in MOVES[old] for old, new in pairwise(walk))

    @invariant()
    def what_happens_once_happened_once(self) -> None:
        assert RatingMark.objects.filter(concern=self.concern).count() <= 1
        opened = RemovalRequest.objects.filter(concern=self.concern, answered_at=None)
        assert opened.count() <= 1
        for model in (Reply, PlaceCorrection, StatusChange):
            for row in model.objects.filter(concern=self.concern):
                assert row.at.minute == row.at.second == 0

    @invariant()
    def nobody_but_the_officer_has_a_name(self) -> None:
        entries = Entry.objects.filter(subject_reference=self.concern.staff_reference)
        named = {entry.actor_user_id for entry in entries}
        assert named <= {None, self.officer.pk}
        assert {entry.actor_kind for entry in entries} <= {"reporter", "staff"}
        replies = Reply.objects.filter(concern=self.concern, direction="from_reporter")
        assert not replies.filter(by_user__isnull=False).exists()

    def teardown(self) -> None:
        # What other tests on this server hold back is sealed at the end.
        seal(worlds.NOW)
        assert verify().faults == []
        self.pressed |= set(Entry.objects.values_list("event", flat=True))


@pytest.fixture
def frozen() -> Iterator[None]:
    with time_machine.travel(worlds.NOW, tick=False):
        yield


def test_no_order_of_presses_loses_a_word_or_leaves_a_false_state(
    committed_database: str, settings_of_keys: None, frozen: None
) -> None:
    Following.agency = worlds.agency()
    Following.officer = worlds.officer(Following.agency)
    Following.resident = meet_user("Resident")
    run_state_machine_as_test(
        Following,
        settings=hypothesis_settings(
            max_examples=10, stateful_step_count=15, deadline=None, phases=[Phase.generate]
        ),
    )
    seal_all(worlds.NOW)
    assert verify().faults == []
    assert len(MAY_HAPPEN & Following.pressed) > len(MAY_HAPPEN) / 2


@pytest.fixture
def settings_of_keys(settings: Settings, tmp_path: Path) -> None:
    """Keys, heads and the list of erasures of this test's own."""
    settings.PORTAL_KEYS, settings.KEYS_MAY_BE_MADE = tmp_path / "keys", True
    settings.AUDIT_HEADS = tmp_path / "audit"
