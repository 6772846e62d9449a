"""Two officers press the same verb at once, each over a connection of their own.

One wins, and the other is told that it changed. Every verb is found in the code, so a new one is
covered by itself.
"""

import time
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction

from concerns.actions import merging
from concerns.models import Concern, Merge
from engagement.people.roles import Role
from tests.concerns.conftest import area_of, found_agency, hire
from tests.concerns.verbs import SITUATIONS, Verb, World, name_of, raw, values_for, verbs

PATIENCE_SECONDS = 20.0
# Not by the sessions: the portal's role does not see what others wait for there.
WAITING = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"


class Rollback(Exception):
    """Ends a trial."""


@pytest.fixture
def world(committed_database: str) -> World:
    agency = found_agency("riverton")
    officer = hire("Officer West", Role.OFFICER, agency, leads=area_of(agency, "district", "west"))
    return World(agency, officer, hire("Officer East", Role.OFFICER, agency))


def ready_for(verb: Verb, world: World, tried: dict[str, Concern]) -> Concern:
    """A new concern in the first situation in which the verb changes something. `tried` holds one
    for each situation, which nothing changes for good."""
    refusals = []
    for name, build in SITUATIONS.items():
        if name not in tried:
            tried[name] = build(world)
        concern = tried[name]
        try:
            with transaction.atomic():
                world.press(raw(verb), concern, **values_for(verb, concern, world))
                after = Concern.objects.get(pk=concern.pk).version
                raise Rollback
        except Rollback:
            if after > concern.version:
                return build(world)
        except Exception as refused:
            refusals.append(f"{name}: {refused!r}")
    raise AssertionError(f"no situation lets {name_of(verb)} through: {refusals}")


def at_once(concern: Concern, *calls: Any) -> list[BaseException | None]:
    """Carry the calls out over a connection each, all of them waiting for this concern before the
    first goes on; returns what each raised."""
    raised: list[BaseException | None] = [None] * len(calls)

    def run(place: int, call: Any) -> None:
        try:
            call()
        except BaseException as refused:
            raised[place] = refused
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    with transaction.atomic():
        Concern.objects.select_for_update().get(pk=concern.pk)
        for thread in threads:
            thread.start()
        _until_waiting(len(calls))
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return raised


def _until_waiting(number: int) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= number:
                return
            time.sleep(0.01)
    raise AssertionError("not both wait for the row: one of them takes no lock on it")


def test_of_two_officers_at_once_one_wins_and_the_other_is_told_whatever_they_press(
    world: World,
) -> None:
    wrong: list[object] = []
    tried: dict[str, Concern] = {}
    found = verbs()
    assert len(found) > 30
    for verb in found:
        concern = ready_for(verb, world, tried)
        given = values_for(verb, concern, world)
        raised = at_once(concern, *[lambda v=verb, c=concern, g=given: press(v, c, g, world)] * 2)
        told = sorted(type(one).__name__ for one in raised)
        if told != ["NoneType", "StaleEdit"]:
            wrong.append((name_of(verb), raised))
    assert wrong == [], "\n".join(map(str, wrong))


def press(verb: Verb, concern: Concern, given: dict[str, Any], world: World) -> None:
    shared = {"concern_id": concern.pk, "seen_version": concern.version}
    verb(**shared, by=world.by, now=world.now, **given)


def test_of_two_officers_who_join_each_with_the_other_one_wins(world: World) -> None:
    for turn in range(2):
        first, second = world.file(), world.file()
        held = (first, second)[turn]

        def joining(one: Concern, other: Concern) -> Any:
            return lambda: merging.merge(
                concern_id=one.pk,
                seen_version=one.version,
                into_id=other.pk,
                into_version=other.version,
                by=world.by,
                now=world.now,
            )

        raised = at_once(held, joining(first, second), joining(second, first))
        assert sorted(type(one).__name__ for one in raised) == ["NoneType", "StaleEdit"]
        standing = Merge.objects.filter(concern__in=[first.pk, second.pk])
        assert standing.count() == 1
