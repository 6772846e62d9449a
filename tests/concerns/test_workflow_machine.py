"""Whatever staff, reporters, bulk steps and time do to several cases in whatever order, the rows
stay true, and the history can be verified. The verbs are found in the code, new ones too."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from django.core.exceptions import ObjectDoesNotExist
from hypothesis import HealthCheck, Phase
from hypothesis import settings as walks
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pytest_django import Settings

from concerns.actions import bulk, merging
from concerns.actions.casework import BadWords, CannotMove, StaleEdit
from concerns.actions.handoff_drafts import CannotHandOn
from concerns.actions.public_side import CannotPublish
from concerns.actions.sweeps import close_undisputed
from concerns.models import Concern, Merge, StatusChange
from concerns.models.bulk import Status
from concerns.published.models import PublicConcern, PublicMove
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.audit.verification import verify
from engagement.people.roles import Role
from tests.concerns.conftest import area_of, found_agency, hire
from tests.concerns.verbs import REPORTERS_VERBS, Verb, World, values_for, verbs
from tests.engagement.audit.conftest import seal_all

# What an action says instead of doing something; all else is a fault.
REFUSALS = (CannotMove, StaleEdit, BadWords, CannotPublish, CannotHandOn, ObjectDoesNotExist)
CASES = 3
ONE = st.integers(0, CASES - 1)


class Desk(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.world.now = self.start = self.world.now
        self.cases = [self.world.file().pk for _each in range(CASES)]
        self.versions = dict.fromkeys(self.cases, 1)
        self.before_joining: dict[int, tuple[Any, ...]] = {}

    def concern(self, number: int) -> Concern:
        return Concern.objects.select_related("agency", "category").get(pk=self.cases[number])

    def attempt(self, act: Callable[[], Any]) -> bool:
        """Whether the action did something; refused, it changed nothing."""
        stood = self.rows()
        try:
            act()
        except REFUSALS:
            assert self.rows() == stood
            return False
        return True

    def rows(self) -> tuple[Any, ...]:
        rows = Concern.objects.filter(pk__in=self.cases).order_by("pk")
        return (
            list(rows.values_list("version", "state", "outcome", "public_id", "owner_id")),
            Merge.objects.count(),
            StatusChange.objects.count(),
            Entry.objects.count(),
        )

    @rule(verb=st.sampled_from(verbs()), number=ONE)
    def staff_press(self, verb: Verb, number: int) -> None:
        concern = self.concern(number)
        given = values_for(verb, concern, self.world)
        self.attempt(lambda: self.world.press(verb, concern, **given))

    @rule(verb=st.sampled_from(verbs()), number=ONE)
    def somebody_is_late(self, verb: Verb, number: int) -> None:
        concern = self.concern(number)
        given = values_for(verb, concern, self.world)
        with pytest.raises(StaleEdit):
            self.world.press(verb, concern, **given, seen_version=concern.version + 1)

    @rule(verb=st.sampled_from(REPORTERS_VERBS), number=ONE)
    def reporter_says(self, verb: Verb, number: int) -> None:
        concern = self.concern(number)
        shared = {"concern_id": concern.pk, "by": Actor.reporter(), "now": self.world.now}
        self.attempt(lambda: verb(**shared))

    @rule(one=ONE, other=ONE)
    def join(self, one: int, other: int) -> None:
        concern, into = self.concern(one), self.concern(other)
        stood = self.standing(concern)
        given = {"into_id": into.pk, "into_version": into.version}
        if self.attempt(lambda: self.world.press(merging.merge, concern, **given)):
            self.before_joining[concern.pk] = stood

    @rule(number=ONE)
    def take_out(self, number: int) -> None:
        concern = self.concern(number)
        replies = concern.replies.count()
        if not self.attempt(lambda: self.world.press(merging.undo_merge, concern)):
            return
        stood = self.before_joining.get(concern.pk)
        if stood is not None and stood[-1] == replies:
            assert self.standing(self.concern(number)) == stood

    def standing(self, concern: Concern) -> tuple[Any, ...]:
        page = PublicConcern.objects.filter(pk=concern.public_id).values().first()
        return (
            concern.state,
            concern.outcome,
            concern.waiting_on,
            concern.resolve_by,
            concern.acknowledge_by,
            concern.waited_days,
            page,
            concern.replies.count(),
        )

    @rule(verb=st.sampled_from(["accept", "start"]), takes_back=st.booleans())
    def step_on_many(self, verb: str, takes_back: bool) -> None:
        user, now = self.world.officer, self.world.now
        rows = Concern.objects.visible_to(user).filter(pk__in=self.cases)
        run = bulk.prepare(agency=self.world.agency, user=user, verb=verb, rows=rows, now=now)
        bulk.choose(run=run, details={})
        run = bulk.begin(run=run, user=user, now=now)
        bulk.work(run, now=now, rows=10)
        run.refresh_from_db()
        assert run.status == Status.DONE
        if takes_back:
            bulk.work(bulk.undo(run=run, user=user, now=now), now=now, rows=10)

    @rule(days=st.sampled_from([1, 15]))
    def time_passes(self, days: int) -> None:
        self.world.now += timedelta(days=days)
        close_undisputed(now=self.world.now)

    @invariant()
    def joined_ones_follow_the_end_of_their_chain(self) -> None:
        standing = Merge.objects.filter(undone_at__isnull=True, concern__in=self.cases)
        chain = dict(standing.values_list("concern_id", "into_id"))
        for merge in standing:
            end = merge.into_id
            while end in chain:
                end = chain[end]
            assert merge.survivor_id == end
        merged = Concern.objects.filter(pk__in=self.cases, outcome="merged")
        assert set(merged.values_list("pk", flat=True)) == set(chain)

    @invariant()
    def one_thing_has_one_page(self) -> None:
        gone = Concern.objects.filter(outcome__in=["merged", "withdrawn", "spam"])
        assert not gone.filter(public__isnull=False).exists()
        for merge in Merge.objects.filter(undone_at__isnull=True, page_before__isnull=False):
            moves = PublicMove.objects.filter(reference=merge.page_before["page"]["reference"])
            page = Concern.objects.values_list("public_id", flat=True).get(pk=merge.survivor_id)
            assert list(moves.values_list("public_concern_id", flat=True)) == [page] * bool(page)

    @invariant()
    def history_ends_where_the_row_stands(self) -> None:
        for concern in Concern.objects.filter(pk__in=self.cases):
            last = concern.status_changes.order_by("-id")[0]
            assert (last.state, last.outcome) == (concern.state, concern.outcome)
            assert concern.version >= self.versions[concern.pk]
            self.versions[concern.pk] = concern.version

    def teardown(self) -> None:
        seal_all()
        assert verify().faults == []


def test_any_order_of_all_verbs_keeps_rows_true_and_history_whole(
    committed_database: str, settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_HEADS = tmp_path / "audit"
    agency = found_agency("riverton")
    west = area_of(agency, "district", "west")
    officer = hire("Officer West", Role.OFFICER, agency, leads=west)
    Desk.world = World(agency, officer, hire("Officer East", Role.OFFICER, agency))
    run_state_machine_as_test(
        Desk,
        settings=walks(
            max_examples=6,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    told = set(Entry.objects.values_list("event", flat=True))
    # Walks that are refused everywhere would prove nothing.
    assert {"CONCERN_MERGED", "CONCERN_UNMERGED", "CONCERN_ANSWERED"} <= told
