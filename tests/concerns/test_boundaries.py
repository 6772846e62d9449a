"""Open concerns follow the newest map of their agency."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread

import pytest
import time_machine
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoAssertNumQueries
from shapely.geometry import box, mapping

from concerns.actions import boundaries, following, triage
from concerns.actions.boundaries import Step, follow_everywhere, follow_new_boundaries
from concerns.models import BoundaryFollowing, Concern
from concerns.queries import agencies_with_new_boundaries
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Message
from engagement.people.models import AreaAssignment, User
from engagement.people.roles import Role
from engagement.places.actions import store_boundaries
from engagement.places.importing.boundaries import read_areas
from engagement.places.importing.geojson import read_geojson
from engagement.places.importing.refusal import AREA_LIMITS
from engagement.places.models import Agency
from engagement.places.queries import areas
from tests import worlds
from tests.concerns.conftest import (
    LONG_AGO,
    NOW,
    OUTSIDE,
    area_of,
    file_report,
    found_agency,
    hire,
)

LATER = NOW + timedelta(days=1, minutes=7)
MINUTE = timedelta(minutes=1)
BORDER = -90.20
# West of the point that reports name, so that it falls to district east.
MOVED_BORDER = -90.27


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def fresh_memory() -> Iterator[None]:
    """Another database counts its agencies and revisions from one again."""
    areas._areas.forget()
    yield
    areas._areas.forget()


def new_map(
    agency: Agency, border: float, *, layer: str = "district", south: float = 38.60
) -> None:
    """Import the two areas of a layer with their border at another longitude."""
    shapes = {
        "west": box(-90.30, south, border, 38.70),
        "east": box(border, south, -90.10, 38.70),
    }
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"{layer} {code}"},
            "geometry": mapping(shape),
        }
        for code, shape in shapes.items()
    ]
    found = read_geojson(
        json.dumps({"type": "FeatureCollection", "features": features}).encode(), AREA_LIMITS
    )
    read = read_areas(found, layer=layer, name_field="name", code_field="code")
    by = Actor.task("tests")
    store_boundaries(agency_id=agency.pk, layer=layer, areas=read, source="tests", by=by, now=LATER)
    agency.refresh_from_db()


def walk(agency: Agency, *, now: datetime = LATER, limit: int = 500) -> list[Step]:
    """Follow to the end, from a minute after the map was first noticed."""
    follow_new_boundaries(agency_id=agency.pk, now=now)
    steps = [Step(looked_at=1)]
    while steps[-1].looked_at and not steps[-1].is_done:
        steps.append(follow_new_boundaries(agency_id=agency.pk, now=now + MINUTE, limit=limit))
    return steps[1:]


def several(agency: Agency, number: int) -> list[Concern]:
    return [file_report(agency, submission_key=f"key-{n}").concern for n in range(number)]


def lying_in(concern: Concern) -> list[str]:
    rows = concern.areas.order_by("area__layer")
    return [f"{layer} {code}" for layer, code in rows.values_list("area__layer", "area__code")]


def changes_of(concern: Concern) -> list[Entry]:
    rows = Entry.objects.filter(
        event="CONCERN_AREA_CHANGED", subject_reference=concern.staff_reference
    )
    return list(rows.order_by("id"))


def told(concern: Concern, officer: User) -> int:
    rows = Message.objects.filter(
        subject_reference=concern.staff_reference, kind="concerns.new_for_owner"
    )
    return rows.filter(contact=officer.contact).count()


def test_a_concern_goes_to_the_officer_of_its_new_district_and_the_former_is_on_record(
    agency: Agency, officer: User, colleague: User, concern: Concern
) -> None:
    follow_everywhere(now=LATER)
    new_map(agency, MOVED_BORDER)
    assert walk(agency) == [Step(looked_at=1, changed=1, is_done=True)]
    moved = Concern.objects.get()
    west, east = area_of(agency, "district", "west"), area_of(agency, "district", "east")
    assert (moved.area, moved.owner, moved.version) == (east, colleague, concern.version + 1)
    assert lying_in(moved) == ["district east", "neighborhood west"]
    [entry] = changes_of(moved)
    assert entry.payload.body == {
        "from": west.pk,
        "to": east.pk,
        "owner_from": officer.pk,
        "owner_to": colleague.pk,
    }
    assert (entry.actor_kind, entry.actor_name) == ("task", "new boundaries")
    assert told(moved, colleague) == 1


def test_what_happens_to_an_anonymous_concern_is_kept_to_the_hour(
    agency: Agency, colleague: User, concern: Concern
) -> None:
    new_map(agency, MOVED_BORDER)
    walk(agency)
    [entry] = changes_of(concern)
    assert entry.at == floor_to_hour(LATER)
    message = Message.objects.get(contact=colleague.contact)
    assert message.due_at == floor_to_hour(LATER)


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_a_done_concern_keeps_the_area_and_the_officer_of_its_day(
    agency: Agency, officer: User, colleague: User, concern: Concern, state: str
) -> None:
    Concern.objects.update(
        state=state,
        outcome="fixed",
        resolved_at=NOW,
        closed_at=NOW if state == "closed" else None,
    )
    new_map(agency, MOVED_BORDER)
    walk(agency)
    kept = Concern.objects.get()
    assert (kept.area, kept.owner) == (area_of(agency, "district", "west"), officer)
    assert kept.version == concern.version
    assert lying_in(kept) == ["district west", "neighborhood west"]
    assert not changes_of(kept)
    assert told(kept, colleague) == 0


def test_a_concern_opened_again_follows_the_map_that_came_while_it_was_done(
    agency: Agency, officer: User, colleague: User, concern: Concern
) -> None:
    by = Actor.staff(officer.pk)
    triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=LATER)
    triage.resolve(
        concern_id=concern.pk, seen_version=2, outcome="fixed", words="Gone.", by=by, now=LATER
    )
    new_map(agency, MOVED_BORDER)
    walk(agency)
    opened = following.reopen(
        concern_id=concern.pk, text="It is back", by=Actor.reporter(), now=LATER
    )
    assert (opened.area, opened.owner) == (area_of(agency, "district", "east"), colleague)
    [entry] = changes_of(opened)
    assert entry.at == floor_to_hour(LATER)


def test_a_concern_without_a_point_is_left_alone(agency: Agency, officer: User) -> None:
    named = file_report(agency, lon=None, lat=None, area_code="west").concern
    new_map(agency, MOVED_BORDER, layer="neighborhood")
    assert walk(agency) == [Step(is_done=True)]
    assert lying_in(named) == ["district west", "neighborhood west"]


def test_an_owner_who_looks_after_the_new_area_too_keeps_the_concern(
    agency: Agency, officer: User, colleague: User, concern: Concern
) -> None:
    east = area_of(agency, "district", "east")
    AreaAssignment.objects.create(
        agency=agency, user=officer, area=east, is_lead=False, from_on=LONG_AGO
    )
    new_map(agency, MOVED_BORDER)
    walk(agency)
    moved = Concern.objects.get()
    assert (moved.area, moved.owner) == (east, officer)
    assert told(moved, colleague) == 0


def test_nobody_loses_a_concern_to_an_area_without_an_officer(
    agency: Agency, officer: User, concern: Concern
) -> None:
    new_map(agency, MOVED_BORDER)
    walk(agency)
    moved = Concern.objects.get()
    assert (moved.area, moved.owner) == (area_of(agency, "district", "east"), officer)


def test_a_concern_outside_the_new_map_lies_in_no_area_and_keeps_its_officer(
    agency: Agency, officer: User, concern: Concern
) -> None:
    new_map(agency, BORDER, south=38.68)
    walk(agency)
    moved = Concern.objects.get()
    assert (moved.area, moved.owner) == (None, officer)
    assert lying_in(moved) == ["neighborhood west"]
    assert Concern.objects.outside_every_area().get() == moved


def test_a_concern_that_nobody_had_gets_the_officer_of_the_area_that_reaches_it(
    agency: Agency, officer: User
) -> None:
    found = file_report(agency, lon=-90.25, lat=38.55).concern
    assert found.owner is None
    new_map(agency, BORDER, south=38.50)
    walk(agency)
    moved = Concern.objects.get()
    assert (moved.area, moved.owner) == (area_of(agency, "district", "west"), officer)
    assert told(moved, officer) == 1


def test_another_neighborhood_changes_no_officer(
    agency: Agency, officer: User, colleague: User, concern: Concern
) -> None:
    new_map(agency, MOVED_BORDER, layer="neighborhood")
    walk(agency)
    moved = Concern.objects.get()
    assert lying_in(moved) == ["district west", "neighborhood east"]
    assert (moved.owner, moved.version) == (officer, concern.version + 1)
    assert moved.changed_hands_on is None
    assert len(changes_of(moved)) == 1


def test_what_the_public_reads_stays_as_it_was_published(
    agency: Agency, officer: User, colleague: User, concern: Concern
) -> None:
    triage.accept(concern_id=concern.pk, seen_version=1, by=Actor.staff(officer.pk), now=LATER)
    public = Concern.objects.get().public
    assert public is not None
    before = (public.anchor_lon, public.anchor_lat, set(public.areas.values_list("area_id")))
    new_map(agency, MOVED_BORDER)
    new_map(agency, MOVED_BORDER, layer="neighborhood")
    walk(agency)
    moved = Concern.objects.get()
    assert moved.owner == colleague
    public = moved.public
    assert public is not None
    after = (public.anchor_lon, public.anchor_lat, set(public.areas.values_list("area_id")))
    assert after == before


def test_an_interrupted_walk_goes_on_where_it_stopped(
    agency: Agency, officer: User, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = several(agency, 3)
    new_map(agency, MOVED_BORDER)
    follow_new_boundaries(agency_id=agency.pk, now=LATER)
    step = follow_new_boundaries(agency_id=agency.pk, now=LATER + MINUTE, limit=1)
    assert step == Step(looked_at=1, changed=1)
    looked_at = boundaries.look_again

    def cut_off(concern: Concern, **moment: datetime) -> bool:
        if concern.pk == third.pk:
            raise ConnectionError
        return looked_at(concern, **moment)

    with monkeypatch.context() as patch:
        patch.setattr(boundaries, "look_again", cut_off)
        with pytest.raises(ConnectionError):
            follow_new_boundaries(agency_id=agency.pk, now=LATER + MINUTE, limit=2)
    assert agencies_with_new_boundaries() == [agency.pk]
    step = follow_new_boundaries(agency_id=agency.pk, now=LATER + MINUTE, limit=3)
    assert step == Step(looked_at=2, changed=1, is_done=True)
    assert not agencies_with_new_boundaries()
    for concern in (first, second, third):
        assert len(changes_of(concern)) == 1
        assert told(concern, colleague) == 1


def test_a_new_map_during_the_walk_starts_it_anew(
    agency: Agency, officer: User, colleague: User
) -> None:
    first, second = several(agency, 2)
    new_map(agency, MOVED_BORDER)
    follow_new_boundaries(agency_id=agency.pk, now=LATER)
    follow_new_boundaries(agency_id=agency.pk, now=LATER + MINUTE, limit=1)
    new_map(agency, BORDER)
    steps = walk(agency, now=LATER + 2 * MINUTE)
    assert steps == [Step(looked_at=2, changed=1, is_done=True)]
    assert [one.owner for one in Concern.objects.order_by("id")] == [officer, officer]
    assert (len(changes_of(first)), len(changes_of(second))) == (2, 0)
    assert not agencies_with_new_boundaries()


def test_a_report_that_was_being_sent_while_the_map_changed_is_met_by_the_walk(
    agency: Agency, officer: User, colleague: User
) -> None:
    as_the_page_knew_it = Agency.objects.get(pk=agency.pk)
    file_report(as_the_page_knew_it, lon=-90.15)  # the process remembers the old map
    new_map(agency, MOVED_BORDER)
    assert follow_new_boundaries(agency_id=agency.pk, now=LATER) == Step()
    late = file_report(as_the_page_knew_it, submission_key="late").concern
    assert late.owner_id == officer.pk
    assert follow_new_boundaries(agency_id=agency.pk, now=LATER + MINUTE / 2) == Step()
    follow_new_boundaries(agency_id=agency.pk, now=LATER + MINUTE)
    assert Concern.objects.get(pk=late.pk).owner == colleague


def test_a_step_that_a_newer_map_overtook_leaves_nothing_out(
    agency: Agency, officer: User, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_report(agency)
    new_map(agency, MOVED_BORDER)
    follow_new_boundaries(agency_id=agency.pk, now=LATER)
    bring_over = boundaries._bring_over

    def overtaken(concern_id: int, now: datetime) -> bool:
        is_moved = bring_over(concern_id, now)
        new_map(agency, BORDER)
        follow_new_boundaries(agency_id=agency.pk, now=now)
        return is_moved

    with monkeypatch.context() as patch:
        patch.setattr(boundaries, "_bring_over", overtaken)
        follow_new_boundaries(agency_id=agency.pk, now=LATER + MINUTE)
    assert Concern.objects.get().owner == colleague
    walk(agency, now=LATER + MINUTE)
    assert Concern.objects.get().owner == officer


@pytest.mark.usefixtures("committed_database", "fresh_memory")
def test_two_sweeps_at_once_move_a_concern_once(monkeypatch: pytest.MonkeyPatch) -> None:
    agency = found_agency("riverton")
    hire("West", Role.OFFICER, agency, leads=area_of(agency, "district", "west"))
    east = hire("East", Role.OFFICER, agency, leads=area_of(agency, "district", "east"))
    filed = several(agency, 3)
    new_map(agency, MOVED_BORDER)
    follow_everywhere(now=LATER)
    read, looking, changed = Barrier(2), Barrier(2), list[int]()
    next_rows, look_again = boundaries._next_rows, boundaries.look_again

    def both_have_read(walk: BoundaryFollowing, limit: int) -> list[Concern]:
        rows = next_rows(walk, limit)
        read.wait()
        return rows

    def both_look_if_they_can(concern: Concern, **moment: datetime) -> bool:
        with suppress(BrokenBarrierError):
            looking.wait(timeout=0.3)
        return look_again(concern, **moment)

    monkeypatch.setattr(boundaries, "_next_rows", both_have_read)
    monkeypatch.setattr(boundaries, "look_again", both_look_if_they_can)

    def sweep() -> None:
        try:
            changed.append(follow_everywhere(now=LATER + MINUTE))
        finally:
            connections.close_all()

    sweeps = [Thread(target=sweep) for _ in range(2)]
    for thread in sweeps:
        thread.start()
    for thread in sweeps:
        thread.join()
    # A sweep that failed would not have said how many it changed.
    assert (len(changed), sum(changed)) == (2, 3)
    for concern in filed:
        assert len(changes_of(concern)) == 1
        assert told(concern, east) == 1
        concern.refresh_from_db()
        assert (concern.owner, concern.version) == (east, 2)
    assert not agencies_with_new_boundaries()


def test_a_sweep_without_a_new_map_asks_one_question(
    agency: Agency, concern: Concern, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Agency.objects.create(slug="bare", name="Without a map")
    walk(agency)
    with django_assert_num_queries(1):
        assert follow_everywhere(now=LATER + 2 * MINUTE) == 0
    new_map(agency, MOVED_BORDER)
    walk(agency)
    new_map(agency, MOVED_BORDER)  # the same again
    with django_assert_num_queries(1):
        assert follow_everywhere(now=LATER + 3 * MINUTE) == 0


def test_a_step_asks_no_more_when_more_concerns_stay_where_they_are(
    agency: Agency, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    several(agency, 4)
    new_map(agency, BORDER - 0.01)
    follow_new_boundaries(agency_id=agency.pk, now=LATER)
    # Notice, lock, agency; areas in memory; concerns, their areas; progress. Savepoints: 4.
    with django_assert_num_queries(11):
        step = follow_new_boundaries(agency_id=agency.pk, now=LATER + MINUTE)
    assert step == Step(looked_at=4, is_done=True)


def test_the_map_of_one_agency_moves_nothing_of_another(
    agency: Agency, officer: User, elsewhere: Agency
) -> None:
    there = file_report(elsewhere, submission_key="other").concern
    file_report(agency)
    for each in (agency, elsewhere):
        walk(each)
    new_map(agency, MOVED_BORDER)
    assert agencies_with_new_boundaries() == [agency.pk]
    before = BoundaryFollowing.objects.get(agency=elsewhere)
    follow_everywhere(now=LATER + MINUTE)
    follow_everywhere(now=LATER + 3 * MINUTE)
    assert Concern.objects.get(agency=agency).version == 2
    there.refresh_from_db()
    assert (there.version, there.area) == (1, area_of(elsewhere, "district", "west"))
    after = BoundaryFollowing.objects.get(agency=elsewhere)
    assert (after.revision_done, after.last_concern_id) == (
        before.revision_done,
        before.last_concern_id,
    )


def test_agencies_take_their_steps_in_turn_and_a_sweep_has_an_end(
    agency: Agency, elsewhere: Agency
) -> None:
    file_report(agency)
    file_report(elsewhere, submission_key="other")
    for each in (agency, elsewhere):
        new_map(each, MOVED_BORDER)
    assert follow_everywhere(now=LATER) == 0
    assert follow_everywhere(now=LATER + MINUTE, batches=1) == 1
    assert agencies_with_new_boundaries() == [elsewhere.pk]
    assert follow_everywhere(now=LATER + MINUTE, batches=1) == 1
    assert not agencies_with_new_boundaries()


def test_the_desk_lists_for_a_month_what_changed_hands(
    agency: Agency, officer: User, colleague: User, concern: Concern
) -> None:
    stays = file_report(agency, submission_key="east", lon=-90.15).concern
    new_map(agency, MOVED_BORDER)
    walk(agency)
    desk = worlds.signed_in(colleague)
    page = desk.get("/desk/concerns/?show=moved").content.decode()
    assert concern.staff_reference in page
    assert stays.staff_reference not in page
    day = agency.day_of(LATER)
    assert Concern.objects.changed_hands(day + timedelta(days=30)).exists()
    assert not Concern.objects.changed_hands(day + timedelta(days=31)).exists()


def test_the_import_says_how_much_open_work_it_may_move(
    agency: Agency, concern: Concern, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file_report(agency, submission_key="outside", lon=OUTSIDE[0], lat=OUTSIDE[1])
    shape = mapping(box(-90.30, 38.60, -90.10, 38.70))
    feature = {"type": "Feature", "properties": {"N": "All"}, "geometry": shape}
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))

    def imported() -> str:
        call_command("import_areas", path, agency=agency.slug, layer="district", name_field="N")
        return capsys.readouterr().out

    assert "2 open concerns will be looked at again" in imported()
    assert "looked at again" not in imported()
