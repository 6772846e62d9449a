"""A corrected kind or place sends a concern on, and moves its dates and what is public."""

import pytest

from concerns.actions import triage
from concerns.actions.correcting import Place, correct_place, move_place
from concerns.actions.rules import RuleDraft, save_rule
from concerns.models import Concern, ConcernRoute, PlaceCorrection, Team, TeamMember
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.places.models import Agency
from tests.concerns.conftest import EAST_POINT, NOW, area_of, category_of, file_report
from tests.worlds import signed_in

pytestmark = pytest.mark.django_db

EAST = Place(*EAST_POINT, place_text="by the mill", place_source="map", is_home=False)


@pytest.fixture
def unit(agency: Agency, colleague: User) -> Team:
    """Gets what is filed as speeding."""
    team = Team.objects.create(agency=agency, name="Traffic unit")
    TeamMember.objects.create(agency=agency, team=team, user=colleague)
    draft = RuleDraft(
        name="Speed",
        target="team",
        team_id=team.pk,
        categories=(category_of(agency, "traffic_speed").pk,),
    )
    by = Actor.staff(colleague.pk)
    save_rule(agency=agency, rule_id=None, seen_version=0, draft=draft, by=by, now=NOW)
    return team


def refile(concern: Concern, code: str, by: User) -> Concern:
    return triage.correct_category(
        concern_id=concern.pk,
        seen_version=concern.version,
        category_id=category_of(concern.agency, code).pk,
        by=Actor.staff(by.pk),
        now=NOW,
    )


def test_a_corrected_kind_goes_to_the_team_of_its_rule_and_gets_new_dates(
    concern: Concern, officer: User, unit: Team
) -> None:
    before = (concern.resolve_by, concern.very_late_after)
    moved = refile(concern, "traffic_speed", officer)
    assert (moved.team_id, moved.owner_id) == (unit.pk, None)
    assert (moved.resolve_by, moved.very_late_after) != before
    assert Message.objects.filter(kind="concerns.new_for_team").count() == 1
    route = ConcernRoute.objects.filter(concern=concern).order_by("-id")[0]
    assert (route.cause, route.rule_name) == ("category", "Speed")


def test_back_under_its_first_kind_it_leaves_the_team_for_the_officer_of_its_area(
    concern: Concern, officer: User, unit: Team
) -> None:
    moved = refile(refile(concern, "traffic_speed", officer), "graffiti", officer)
    assert (moved.team_id, moved.owner_id) == (None, officer.pk)


def test_work_under_way_is_not_taken_from_whoever_has_it_where_no_rule_fits(
    concern: Concern, officer: User, colleague: User, unit: Team
) -> None:
    by = Actor.staff(officer.pk)
    given = triage.assign(
        concern_id=concern.pk, seen_version=1, officer_id=colleague.pk, by=by, now=NOW
    )
    assert refile(given, "illegal_dumping", officer).owner_id == colleague.pk


def test_staff_move_the_place_and_the_officer_there_gets_it(
    concern: Concern, officer: User, colleague: User
) -> None:
    by = Actor.staff(officer.pk)
    moved = move_place(concern_id=concern.pk, seen_version=1, place=EAST, by=by, now=NOW)
    assert moved.owner_id == colleague.pk
    assert set(moved.areas.values_list("area__code", flat=True)) == {"east"}
    assert PlaceCorrection.objects.get().place_text == "by the bakery"


def test_what_is_public_moves_along_when_staff_move_it_and_stays_when_the_reporter_does(
    concern: Concern, officer: User, colleague: User
) -> None:
    by = Actor.staff(officer.pk)
    shown = triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=NOW)
    assert shown.public is not None
    anchor = (shown.public.anchor_lon, shown.public.anchor_lat)
    told = correct_place(concern_id=concern.pk, place=EAST, by=Actor.reporter(), now=NOW)
    assert told.public is not None
    assert (told.public.anchor_lon, told.public.anchor_lat) == anchor
    near = Place(-90.151, 38.651, place_text="the mill", place_source="map", is_home=False)
    moved = move_place(concern_id=concern.pk, seen_version=told.version, place=near, by=by, now=NOW)
    assert moved.public is not None
    assert (moved.public.anchor_lon, moved.public.anchor_lat) != anchor
    assert moved.public.areas.filter(area=area_of(concern.agency, "district", "east")).exists()


def test_the_desk_says_before_and_after_who_gets_it_and_by_when(
    concern: Concern, officer: User, unit: Team
) -> None:
    desk, path = signed_in(officer), f"/desk/concerns/{concern.staff_reference}/"
    data = {"seen_version": 1, "category": category_of(concern.agency, "traffic_speed").pk}
    page = desk.post(f"{path}category/look/", data).content.decode()
    assert "Team Traffic unit, by the rule “Speed”" in page
    concern.refresh_from_db()
    assert concern.team_id is None
    answer = desk.post(f"{path}category/", data, follow=True).content.decode()
    assert "It is with the team Traffic unit." in answer


def test_the_place_is_corrected_on_its_page_at_the_desk(
    concern: Concern, officer: User, colleague: User
) -> None:
    desk, path = signed_in(officer), f"/desk/concerns/{concern.staff_reference}/place/"
    assert desk.get(path).status_code == 200
    data = {"seen_version": 1, "lon": EAST_POINT[0], "lat": EAST_POINT[1], "place_query": "mill"}
    looked = desk.post(path, {**data, "look": "1"}).content.decode()
    assert "Officer East" in looked
    concern.refresh_from_db()
    assert concern.owner_id == officer.pk
    answer = desk.post(path, {**data, "save": "1"}, follow=True)
    assert "It is with Officer East." in answer.content.decode()
    assert desk.post(path, {**data, "lon": -90.16, "save": "1"}).status_code == 409


def test_another_agency_finds_none_of_these_pages(
    concern: Concern, stranger: User, unit: Team
) -> None:
    desk, path = signed_in(stranger), f"/desk/concerns/{concern.staff_reference}/"
    for verb in ("place/", "category/look/", "assign/"):
        data = {"seen_version": 1, "owner": f"team-{unit.pk}"}
        assert desk.post(f"{path}{verb}", data).status_code == 404
    concern.refresh_from_db()
    assert concern.version == 1


def test_a_case_is_given_to_a_team_on_its_page(agency: Agency, officer: User, unit: Team) -> None:
    concern = file_report(agency).concern
    desk = signed_in(officer)
    path = f"/desk/concerns/{concern.staff_reference}/"
    page = desk.get(path).content.decode()
    assert "Hand to another officer or a team" in page
    assert f'<option value="team-{unit.pk}">Traffic unit</option>' in page
    given = desk.post(
        f"{path}assign/", {"seen_version": 1, "owner": f"team-{unit.pk}"}, follow=True
    )
    assert "Handed over. It is with the team Traffic unit." in given.content.decode()
    concern.refresh_from_db()
    assert (concern.team_id, concern.owner_id) == (unit.pk, None)
    shown = desk.get(path).content.decode()
    assert f'<option value="team-{unit.pk}" selected>' in shown
    assert "<dd>the team Traffic unit</dd>" in shown
    desk.post(f"{path}assign/", {"seen_version": concern.version, "owner": "team-none"})
    concern.refresh_from_db()
    assert concern.team_id is None


def test_a_team_of_another_agency_or_out_of_use_is_no_choice_on_a_case(
    agency: Agency, elsewhere: Agency, officer: User, unit: Team
) -> None:
    concern = file_report(agency).concern
    theirs = Team.objects.create(agency=elsewhere, name="Their unit")
    Team.objects.filter(pk=unit.pk).update(is_active=False)
    desk = signed_in(officer)
    path = f"/desk/concerns/{concern.staff_reference}/assign/"
    for team in (theirs, unit):
        answer = desk.post(path, {"seen_version": 1, "owner": f"team-{team.pk}"})
        assert answer.status_code == 422
    concern.refresh_from_db()
    assert (concern.team_id, concern.version) == (None, 1)


def test_a_private_case_that_is_handed_over_leads_back_to_the_queue(
    agency: Agency, officer: User, colleague: User
) -> None:
    concern = file_report(agency).concern
    private = category_of(agency, "crime_tip")
    Concern.objects.filter(pk=concern.pk).update(category=private, owner=officer)
    desk = signed_in(officer)
    path = f"/desk/concerns/{concern.staff_reference}/"
    answer = desk.post(f"{path}assign/", {"seen_version": 1, "owner": colleague.pk})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/concerns/")
