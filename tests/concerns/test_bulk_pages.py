"""One step on many cases, as staff walk through it: queue, choice, question, result, undo."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.actions import bulk, triage
from concerns.models import BulkRun, Concern, Reply, ReplyTemplate
from concerns.models.bulk import Status
from engagement.audit.actors import Actor
from engagement.people.models import AreaAssignment, Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.conftest import area_of, file_report, hire

pytestmark = pytest.mark.django_db
BULK = "/desk/concerns/bulk/"
MOST_QUERIES = 12


@pytest.fixture
def boss(agency: Agency) -> User:
    return hire("Sergeant", Role.SUPERVISOR, agency)


@pytest.fixture
def desk(boss: User) -> Client:
    return worlds.signed_in(boss)


def many(agency: Agency, number: int, start: int = 0, **changes: object) -> list[Concern]:
    now = timezone.now()
    return [
        file_report(agency, submission_key=f"many-{each}", now=now, **changes).concern
        for each in range(start, start + number)
    ]


def begun(desk: Client, concerns: list[Concern], verb: str, **more: str) -> str:
    """Tick cases in the queue and go on; the address of the step."""
    ticked = {"reference": [each.staff_reference for each in concerns]}
    answer = desk.post(BULK, {"verb": verb, "scope": "ticked", **ticked, **more})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_ticked_cases_are_given_to_an_officer_after_a_yes(
    agency: Agency, officer: User, colleague: User, desk: Client
) -> None:
    first, second, third = many(agency, 3)
    step = begun(desk, [first, second], "assign")
    assert desk.get(step)["Location"] == f"{step}choose/"
    form = desk.get(f"{step}choose/").content.decode()
    assert "Officer East" in form
    assert desk.post(f"{step}choose/", {"choice": ""}).status_code == 422
    assert desk.post(f"{step}choose/", {"choice": str(colleague.pk)})["Location"] == step
    asked = desk.get(step).content.decode()
    assert "It will be done on 2 cases." in asked
    assert "Officer East" in asked
    assert not Concern.objects.filter(owner=colleague).exists()
    assert desk.get(f"{step}begin/").status_code == 405
    desk.post(f"{step}begin/")
    assert set(Concern.objects.filter(owner=colleague)) == {first, second}
    shown = desk.get(step).content.decode()
    assert shown.count("Done.") == 2
    desk.post(f"{step}undo/")
    assert not Concern.objects.filter(owner=colleague).exists()
    assert desk.get(step).content.decode().count("Done, and taken back.") == 2
    third.refresh_from_db()
    assert third.version == 1


def test_all_that_match_are_those_of_the_filter_in_the_background(
    agency: Agency, officer: User, desk: Client
) -> None:
    many(agency, bulk.AT_ONCE + 1)
    other = file_report(agency, submission_key="other", code="noise", now=timezone.now()).concern
    graffiti = Concern.objects.exclude(pk=other.pk).order_by("id")[0].category_id
    answer = desk.post(
        BULK, {"verb": "accept", "scope": "all", "show": "open", "category": str(graffiti)}
    )
    step = answer["Location"]
    desk.post(f"{step}begin/")
    run = BulkRun.objects.get()
    assert (run.status, run.total) == (Status.RUNNING, bulk.AT_ONCE + 1)
    page = desk.get(step).content.decode()
    assert "0 of 26 looked at" in page
    assert 'http-equiv="refresh"' in page
    bulk.work_everywhere(now=timezone.now())
    page = desk.get(step).content.decode()
    assert 'http-equiv="refresh"' not in page
    other.refresh_from_db()
    assert other.state == "received"
    assert Concern.objects.filter(state="accepted").count() == bulk.AT_ONCE + 1


def test_the_question_says_what_is_refused_and_the_exact_words(
    agency: Agency, officer: User, boss: User, desk: Client
) -> None:
    english, closed = many(agency, 2)
    spanish = many(agency, 1, start=5, language="es")[0]
    ReplyTemplate.objects.filter(agency=agency).delete()
    for state, language, name in (("working", "en", "Heard it"), ("received", "es", "Heard it")):
        ReplyTemplate.objects.create(
            agency=agency, state=state, language=language, name=name, text="Folio {reference}."
        )
    by = Actor.staff(boss.pk)
    triage.close(
        concern_id=closed.pk,
        seen_version=1,
        outcome="no_action",
        words="No.",
        by=by,
        now=timezone.now(),
    )
    step = begun(desk, [english, spanish, closed], "reply")
    desk.post(f"{step}choose/", {"choice": "Heard it"})
    asked = desk.get(step).content.decode()
    assert "It will be done on 1 case." in asked
    assert f"Folio {spanish.staff_reference}." in asked
    assert "2 cases" in asked
    assert "cannot be unsent" in asked
    desk.post(f"{step}begin/")
    assert Reply.objects.filter(concern=spanish).get().text == f"Folio {spanish.staff_reference}."
    assert not Reply.objects.filter(concern=english).exists()
    assert "Put it back as it was" not in desk.get(step).content.decode()


def test_a_second_yes_does_nothing_more(agency: Agency, officer: User, desk: Client) -> None:
    concern = many(agency, 1)[0]
    step = begun(desk, [concern], "accept")
    desk.post(f"{step}begin/")
    desk.post(f"{step}begin/")
    concern.refresh_from_db()
    assert (concern.state, concern.version) == ("accepted", 2)


def test_a_step_is_its_own_persons_alone_and_readers_have_none(
    agency: Agency, elsewhere: Agency, officer: User, stranger: User, desk: Client
) -> None:
    step = begun(desk, many(agency, 1), "accept")
    reader = hire("Reader", Role.READER, agency)
    for other in (officer, stranger, reader):
        client = worlds.signed_in(other)
        assert client.get(step).status_code == 404
        for verb in ("choose", "begin", "stop", "undo"):
            assert client.post(f"{step}{verb}/").status_code == 404
    assert not Concern.objects.exclude(state="received").exists()
    assert worlds.signed_in(reader).post(BULK, {"verb": "accept"}).status_code == 404


def test_a_foreign_reference_is_no_case(agency: Agency, elsewhere: Agency, desk: Client) -> None:
    foreign = file_report(elsewhere, submission_key="foreign", now=timezone.now()).concern
    answer = desk.post(
        BULK, {"verb": "accept", "scope": "ticked", "reference": foreign.staff_reference}
    )
    assert answer["Location"].startswith("/desk/concerns/?")
    assert not BulkRun.objects.exists()


def test_what_may_not_be_read_any_more_is_not_listed(
    agency: Agency, officer: User, boss: User
) -> None:
    concern = many(agency, 1)[0]
    desk = worlds.signed_in(officer)
    step = begun(desk, [concern], "accept")
    desk.post(f"{step}begin/")
    assert concern.staff_reference in desk.get(step).content.decode()
    Concern.objects.filter(pk=concern.pk).update(owner=boss, category=private_kind(agency))
    assert concern.staff_reference not in desk.get(step).content.decode()


def private_kind(agency: Agency) -> int:
    kinds = type(Concern.objects.order_by("id")[0].category).objects
    return int(kinds.filter(agency=agency, visibility="never").order_by("id")[0].pk)


def test_the_pages_of_a_step_ask_no_more_for_more_cases(
    agency: Agency, officer: User, desk: Client
) -> None:
    counted = []
    for number in (2, 20):
        step = begun(desk, many(agency, number, start=number), "priority")
        desk.post(f"{step}choose/", {"choice": "high"})
        asked = []
        for path in (f"{step}choose/", step):
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(path).status_code == 200
            asked.append(len([one for one in queries if "SAVEPOINT" not in one["sql"]]))
        desk.post(f"{step}begin/")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(step).status_code == 200
        asked.append(len([one for one in queries if "SAVEPOINT" not in one["sql"]]))
        counted.append(asked)
    assert counted[0] == counted[1]
    assert max(counted[1]) <= MOST_QUERIES


def test_earlier_steps_are_listed(agency: Agency, officer: User, desk: Client) -> None:
    assert "Nothing yet" in desk.get(BULK).content.decode()
    step = begun(desk, many(agency, 2), "accept")
    assert "Nothing yet" in desk.get(BULK).content.decode()
    desk.post(f"{step}begin/")
    assert step in desk.get(BULK).content.decode()


def test_the_work_of_who_leaves_goes_to_the_officer_of_each_area(
    agency: Agency, officer: User, colleague: User, desk: Client
) -> None:
    """Officer West leads the west and leaves; a successor leads it with them."""
    successor = hire("Officer New", Role.OFFICER, agency)
    west = many(agency, 2)
    east = many(agency, 1, start=5, lon=-90.15)[0]
    outside = many(agency, 1, start=9, lon=-91.5, lat=39.5)[0]
    Concern.objects.update(owner=officer)
    AreaAssignment.objects.filter(user=officer).update(is_lead=False)
    AreaAssignment.objects.create(
        agency=agency,
        user=successor,
        area=area_of(agency, "district", "west"),
        is_lead=True,
        from_on=date(2020, 1, 1),
    )
    listed = desk.get("/desk/concerns/hand-over/").content.decode()
    assert "4 open cases" in listed
    answer = desk.post(
        BULK,
        {
            "verb": "area",
            "scope": "all",
            "show": "open",
            "owner": str(officer.pk),
            "leaver": str(officer.pk),
        },
    )
    step = answer["Location"]
    asked = desk.get(step).content.decode()
    assert "It will be done on 3 cases." in asked
    assert "Officer New" in asked
    assert "Nobody leads its area" in asked
    desk.post(f"{step}begin/")
    owners = dict(Concern.objects.values_list("pk", "owner_id"))
    assert {owners[each.pk] for each in west} == {successor.pk}
    assert owners[east.pk] == colleague.pk
    assert owners[outside.pk] == officer.pk


def test_who_left_stands_first_in_the_list_of_work_to_hand_over(
    agency: Agency, officer: User, colleague: User, desk: Client
) -> None:
    many(agency, 1)
    many(agency, 1, start=5, lon=-90.15)
    Grant.objects.filter(user=officer).delete()
    listed = desk.get("/desk/concerns/hand-over/").content.decode()
    assert listed.index("Officer West") < listed.index("Officer East")
    assert "no longer works here" in listed
