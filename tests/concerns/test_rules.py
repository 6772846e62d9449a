"""Supervisors write rules, try them on what came in, order and switch them; history keeps all."""

from typing import Any

import pytest
from django.test import Client

from concerns.actions.rules import CannotSaveRule, RuleDraft, move_rule, save_rule, switch_rule
from concerns.models import (
    Category,
    Concern,
    ConcernRoute,
    ConcernTag,
    RoutingRule,
    Tag,
    Team,
    TeamMember,
)
from concerns.models.rules import Cause
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.models import Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.concerns.conftest import EAST_POINT, NOW, area_of, category_of, file_report, hire
from tests.worlds import signed_in

pytestmark = pytest.mark.django_db

HOME = "/desk/setup/routing/"


@pytest.fixture
def supervisor(agency: Agency) -> User:
    return hire("Sergeant Bell", Role.SUPERVISOR, agency)


@pytest.fixture
def desk(supervisor: User) -> Client:
    return signed_in(supervisor)


@pytest.fixture
def traffic(agency: Agency, colleague: User) -> Team:
    team = Team.objects.create(agency=agency, name="Traffic unit")
    TeamMember.objects.create(agency=agency, team=team, user=colleague)
    return team


def write(agency: Agency, by: User, **changes: Any) -> RoutingRule:
    draft = RuleDraft(**{"name": "To the unit", "target": "area", **changes})
    return save_rule(
        agency=agency, rule_id=None, seen_version=0, draft=draft, by=Actor.staff(by.pk), now=NOW
    )


def graffiti(agency: Agency) -> tuple[int, ...]:
    return (category_of(agency, "graffiti").pk,)


def test_a_report_goes_to_the_team_of_the_first_rule_that_fits(
    agency: Agency, officer: User, supervisor: User, traffic: Team
) -> None:
    write(
        agency,
        supervisor,
        name="Other",
        target="area",
        areas=(area_of(agency, "district", "east").pk,),
    )
    rule = write(agency, supervisor, target="team", team_id=traffic.pk, categories=graffiti(agency))
    write(agency, supervisor, name="Later", target="person", person_id=officer.pk)
    concern = file_report(agency).concern
    assert (concern.team_id, concern.owner_id) == (traffic.pk, None)
    route = ConcernRoute.objects.get(concern=concern)
    assert (route.rule_id, route.rule_name, route.cause) == (rule.pk, "To the unit", Cause.RECEIVED)
    assert list(Message.objects.values_list("kind", flat=True)) == ["concerns.new_for_team"]


def test_only_those_of_the_team_who_want_it_get_a_mail(
    agency: Agency, officer: User, supervisor: User, traffic: Team
) -> None:
    TeamMember.objects.create(agency=agency, team=traffic, user=officer, hears_of_new=False)
    write(agency, supervisor, target="team", team_id=traffic.pk)
    file_report(agency)
    assert Message.objects.count() == 1


def test_a_rule_sets_priority_and_tag(agency: Agency, officer: User, supervisor: User) -> None:
    tag = Tag.objects.create(agency=agency, name="bridge")
    write(agency, supervisor, gives_priority="high", tag_id=tag.pk)
    concern = file_report(agency).concern
    assert concern.priority == "high"
    assert ConcernTag.objects.filter(concern=concern, tag=tag).exists()
    assert concern.owner_id == officer.pk


def test_a_rule_whose_person_left_is_passed_over_marked_and_said(
    agency: Agency, officer: User, colleague: User, supervisor: User, desk: Client
) -> None:
    write(agency, supervisor, name="To East", target="person", person_id=colleague.pk)
    Grant.objects.filter(user=colleague).update(until_on=agency.day_of(NOW).replace(day=1))
    concern = file_report(agency).concern
    assert concern.owner_id == officer.pk
    assert ConcernRoute.objects.get(concern=concern).skipped == [["To East", "person_gone"]]
    page = desk.get(HOME).content.decode()
    assert "Look at this" in page
    case = signed_in(officer).get(f"/desk/concerns/{concern.staff_reference}/").content.decode()
    assert "was passed over" in case


def test_an_empty_team_gets_nothing(
    agency: Agency, officer: User, supervisor: User, traffic: Team
) -> None:
    write(agency, supervisor, target="team", team_id=traffic.pk)
    traffic.members.all().delete()
    assert file_report(agency).concern.owner_id == officer.pk


def test_the_case_page_says_by_which_rule_it_came(
    agency: Agency, officer: User, supervisor: User, traffic: Team
) -> None:
    write(agency, supervisor, target="team", team_id=traffic.pk)
    concern = file_report(agency).concern
    page = signed_in(officer).get(f"/desk/concerns/{concern.staff_reference}/").content.decode()
    assert "By the rule “To the unit”." in page
    assert "Traffic unit" in page


def test_a_member_of_the_team_reads_and_takes_a_private_concern_of_it(
    agency: Agency, officer: User, colleague: User, supervisor: User, traffic: Team
) -> None:
    private = Category.objects.filter(
        agency=agency, visibility="never", mode="ticket", is_active=True
    ).order_by("pk")[0]
    write(agency, supervisor, target="team", team_id=traffic.pk)
    concern = file_report(agency, code=private.code).concern
    assert Concern.objects.visible_to(colleague).filter(pk=concern.pk).exists()
    assert not Concern.objects.visible_to(officer).filter(pk=concern.pk).exists()


def form_of(agency: Agency, **changes: Any) -> dict[str, Any]:
    return {"seen_version": 0, "name": "Walls", "target": "area", **changes}


def test_trying_a_rule_counts_what_would_go_elsewhere_and_saves_nothing(
    agency: Agency, officer: User, colleague: User, desk: Client
) -> None:
    for number in range(3):
        file_report(agency, submission_key=f"key-{number}")
    file_report(agency, submission_key="east", lon=EAST_POINT[0], lat=EAST_POINT[1])
    west = area_of(agency, "neighborhood", "west")
    data = form_of(agency, target=f"person-{colleague.pk}", areas=[west.pk], span="200")
    answer = desk.post(f"{HOME}new/", {**data, "try": "1"})
    assert answer.status_code == 200
    tried = answer.context["tried"]
    assert (tried["looked_at"], tried["fits"], tried["changed"]) == (4, 3, 3)
    assert {(line.name, line.before, line.after) for line in tried["lines"]} == {
        ("Officer West", 3, 0),
        ("Officer East", 1, 4),
    }
    assert not RoutingRule.objects.exists()


def test_trying_shows_only_what_the_supervisor_may_read(
    agency: Agency, officer: User, elsewhere: Agency, desk: Client
) -> None:
    file_report(elsewhere)
    file_report(agency, submission_key="key-2")
    data = form_of(agency, span="2000")
    assert desk.post(f"{HOME}new/", {**data, "try": "1"}).context["tried"]["looked_at"] == 1


def test_a_supervisor_writes_a_rule_on_the_page_and_it_holds(
    agency: Agency, officer: User, colleague: User, desk: Client
) -> None:
    data = form_of(
        agency,
        target=f"person-{colleague.pk}",
        categories=list(graffiti(agency)),
        weekdays=["1"],
        from_hour="10",
        until_hour="12",
        channels=["web"],
    )
    assert desk.post(f"{HOME}new/", data).status_code == 302
    rule = RoutingRule.objects.get()
    # 17:23 in Greenwich is 11:23 in the Midwest, on a Tuesday.
    assert file_report(agency).concern.owner_id == colleague.pk
    page = desk.get(f"{HOME}{rule.pk}/")
    assert page.status_code == 200
    assert "version 1" in page.content.decode()
    entry = Entry.objects.get(event="ROUTING_RULE_SAVED")
    assert entry.subject_reference == str(rule.pk)


def test_hours_come_in_pairs(agency: Agency, desk: Client) -> None:
    assert desk.post(f"{HOME}new/", form_of(agency, from_hour="10")).status_code == 422
    both = form_of(agency, from_hour="10", until_hour="10")
    assert desk.post(f"{HOME}new/", both).status_code == 422
    assert not RoutingRule.objects.exists()


def test_a_rule_changed_meanwhile_is_not_overwritten(
    agency: Agency, supervisor: User, desk: Client
) -> None:
    rule = write(agency, supervisor)
    by = Actor.staff(supervisor.pk)
    switch_rule(agency=agency, rule_id=rule.pk, seen_version=1, is_active=False, by=by, now=NOW)
    answer = desk.post(f"{HOME}{rule.pk}/", form_of(agency, seen_version=1, name="Mine"))
    assert answer.status_code == 422
    rule.refresh_from_db()
    assert (rule.name, rule.version, rule.is_active) == ("To the unit", 2, False)


def test_rules_move_up_and_down_and_a_switched_off_one_sends_nothing(
    agency: Agency, officer: User, colleague: User, supervisor: User, desk: Client
) -> None:
    first = write(agency, supervisor, name="first", target="person", person_id=colleague.pk)
    second = write(agency, supervisor, name="second", target="person", person_id=supervisor.pk)
    desk.post(f"{HOME}{second.pk}/order/", {"verb": "up", "seen_version": 1})
    assert [row.name for row in RoutingRule.objects.order_by("position")] == ["second", "first"]
    assert file_report(agency).concern.owner_id == supervisor.pk
    for rule in (first, second):
        desk.post(f"{HOME}{rule.pk}/order/", {"verb": "off", "seen_version": 1})
    assert file_report(agency, submission_key="key-2").concern.owner_id == officer.pk
    by = Actor.staff(supervisor.pk)
    assert not move_rule(agency=agency, rule_id=second.pk, up=True, by=by, now=NOW)


def test_rules_of_another_agency_do_not_exist(
    agency: Agency, elsewhere: Agency, supervisor: User, desk: Client
) -> None:
    theirs = write(elsewhere, supervisor)
    for path in (f"{HOME}{theirs.pk}/", f"{HOME}9999/"):
        assert desk.get(path).status_code == 404
    with pytest.raises(CannotSaveRule):
        switch_rule(
            agency=agency,
            rule_id=theirs.pk,
            seen_version=1,
            is_active=False,
            by=Actor.staff(supervisor.pk),
            now=NOW,
        )


def test_officers_do_not_write_rules(agency: Agency, officer: User) -> None:
    client = signed_in(officer)
    assert client.get(HOME).status_code in (403, 404)
    assert client.post(f"{HOME}new/", form_of(agency)).status_code in (403, 404)
    assert not RoutingRule.objects.exists()


def test_the_dashboard_says_which_rules_send_to_nobody(
    agency: Agency, colleague: User, supervisor: User, desk: Client, officer: User
) -> None:
    words = "rules whose person or team is gone"
    write(agency, supervisor, target="person", person_id=colleague.pk)
    assert words not in desk.get("/desk/").content.decode()
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert words in desk.get("/desk/").content.decode()
    assert words not in signed_in(officer).get("/desk/").content.decode()


def test_supervisors_make_teams_say_who_is_in_and_who_hears(
    agency: Agency, officer: User, colleague: User, desk: Client
) -> None:
    assert desk.post("/desk/setup/teams/", {"name": "Bikes"}).status_code == 302
    team = Team.objects.get()
    members = {"verb": "members", "members": [officer.pk, colleague.pk], "hearing": [officer.pk]}
    assert desk.post(f"/desk/setup/teams/{team.pk}/", members).status_code == 302
    assert dict(team.members.values_list("user_id", "hears_of_new")) == {
        officer.pk: True,
        colleague.pk: False,
    }
    desk.post(f"/desk/setup/teams/{team.pk}/", {"verb": "name", "name": "Bike unit"})
    desk.post(f"/desk/setup/teams/{team.pk}/", {"verb": "retire"})
    team.refresh_from_db()
    assert (team.name, team.is_active) == ("Bike unit", False)
    assert desk.post("/desk/setup/teams/", {"name": "bike UNIT"}).status_code == 422
    assert desk.get("/desk/setup/teams/").status_code == 200
    assert desk.get(f"/desk/setup/teams/{team.pk}/").status_code == 200
