"""Joining and taking out again is done whole or not at all, wherever the process dies."""

from typing import Any

import pytest

from concerns.actions import following, linking, merging, publishing, splitting, triage
from concerns.models import Concern, Merge
from concerns.published.models import PublicMove
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests.concerns.conftest import NOW, file_report
from tests.concerns.test_merging import fresh, join, press, publish
from tests.crashes import crash_everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(agency: Agency, officer: User) -> tuple[Concern, Concern, Concern]:
    """Two public cases, the second waiting for its reporter and followed by a third."""
    first, second, third = (
        file_report(
            agency, submission_key=f"k{n}", level="confidential", email=f"r{n}@example.org"
        ).concern
        for n in range(3)
    )
    publish(first, officer)
    publish(second, officer)
    press(publishing.publish_update, second, officer, text=Wording({"en": "A crew comes."}))
    press(triage.ask, second, officer, text="Which side?")
    join(third, second, officer)
    return first, second, third


def test_joining_dies_at_any_statement_and_leaves_nothing_half_done(
    family: tuple[Concern, Concern, Concern], officer: User
) -> None:
    first, second, third = family
    versions = {"seen_version": fresh(second).version, "into_version": fresh(first).version}
    statements = crash_everywhere(lambda: join(second, first, officer, **versions))
    assert statements > 20
    assert Merge.objects.get(concern=third).survivor_id == first.pk
    assert PublicMove.objects.count() == 1


def test_taking_out_dies_at_any_statement_and_leaves_nothing_half_done(
    family: tuple[Concern, Concern, Concern], officer: User
) -> None:
    first, second, third = family
    join(second, first, officer)
    shared: dict[str, Any] = {"by": Actor.staff(officer.pk), "now": NOW}
    version = fresh(second).version
    statements = crash_everywhere(
        lambda: merging.undo_merge(concern_id=second.pk, seen_version=version, **shared)
    )
    assert statements > 20
    assert fresh(second).state == "waiting"
    assert Merge.objects.get(concern=third).survivor_id == second.pk


def test_dissent_and_taking_back_die_at_any_statement_too(
    family: tuple[Concern, Concern, Concern], officer: User
) -> None:
    first, _second, third = family
    reporter: dict[str, Any] = {"by": Actor.reporter(), "now": NOW}
    crash_everywhere(lambda: merging.not_the_same(concern_id=third.pk, text="Another", **reporter))
    assert fresh(third).state == "received"
    join(third, first, officer)
    crash_everywhere(lambda: following.withdraw(concern_id=first.pk, **reporter))
    assert fresh(third).state == "received"


def test_splitting_and_telling_all_die_at_any_statement_too(
    family: tuple[Concern, Concern, Concern], officer: User
) -> None:
    _first, second, _third = family
    shared: dict[str, Any] = {"by": Actor.staff(officer.pk), "now": NOW}
    brief = splitting.Brief("Shouting there at night", second.category_id)
    version = fresh(second).version
    crash_everywhere(
        lambda: splitting.split(concern_id=second.pk, seen_version=version, brief=brief, **shared)
    )
    assert fresh(second).parts.count() == 1
    crash_everywhere(
        lambda: linking.tell_all(
            concern_id=second.pk, seen_version=version + 1, text="A crew comes.", **shared
        )
    )
    assert fresh(second).words_for_all.count() == 1
