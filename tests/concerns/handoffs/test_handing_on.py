"""Staff compose a document for somebody outside, look at it, and the clock stands still."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concerns.actions import publishing, triage
from concerns.models import Concern, Handoff, StatusChange
from concerns.models.handoffs import HandoffState
from concerns.published.models import PublicConcern
from concerns.workflow import State, WaitingOn
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.people.roles import Role
from engagement.places.wording import Wording
from tests import worlds
from tests.concerns.handoffs import handing
from tests.concerns.handoffs.handing import Town, handed, keep, town, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Town:
    return town()


def test_what_is_handed_on_waits_outside_and_the_clock_stands_still(cedar: Town) -> None:
    handoff = handed(cedar)
    concern = cedar.concern
    assert (concern.state, concern.waiting_on) == (State.WAITING, WaitingOn.PARTNER)
    assert concern.waiting_since == handing.today(cedar)
    assert concern.owner == cedar.officer, "who hands on what nobody had, has it"
    assert handoff.state == HandoffState.OFFERED
    states = list(StatusChange.objects.filter(concern=concern).values_list("state", flat=True))
    assert states == [State.RECEIVED, State.ACCEPTED, State.WAITING]
    page = cedar.desk.get(f"/desk/concerns/{concern.staff_reference}/").content.decode()
    assert "Orchard Park Association" in page


def test_nothing_leaves_before_it_was_looked_at(cedar: Town) -> None:
    page = cedar.desk.post(cedar.compose_url, typed(cedar, step="preview")).content.decode()
    assert "Graffiti on a wall by the street." in page
    assert "A request from Cedar Police" in page
    assert not Handoff.objects.exists()
    assert not Message.objects.filter(subject_type="handoff").exists()
    cedar.concern.refresh_from_db()
    assert cedar.concern.state == State.RECEIVED


@pytest.mark.privacy
@pytest.mark.parametrize("field", ["brief", "asked"])
@pytest.mark.parametrize(
    "words",
    [
        "They say zebracanary painted the wall of number seventeen.",
        "Look at quokkacanary lane 17 please",
        "Ocelotcanary told me so on the phone: ocelotcanary told me so on the telephone",
    ],
)
def test_the_reporters_words_and_place_are_refused(cedar: Town, field: str, words: str) -> None:
    for step in ("preview", "send"):
        answer = cedar.desk.post(cedar.compose_url, typed(cedar, step=step, **{field: words}))
        assert answer.status_code == 422
        assert "own words" in answer.content.decode()
    assert not Handoff.objects.exists()


@pytest.mark.privacy
def test_the_place_is_an_anchor_and_never_the_point(cedar: Town) -> None:
    handoff = handed(cedar)
    assert handoff.lon is not None
    assert (handoff.lon, handoff.lat) != (cedar.concern.lon, cedar.concern.lat)
    for precision in ("area", "none"):
        coarse = handed(cedar, precision=precision)
        assert (coarse.lon, coarse.lat) == (None, None)
    assert not Handoff.objects.latest("pk").place_label


def test_a_block_is_told_with_the_street_at_its_anchor(cedar: Town) -> None:
    lon, lat = worlds.LON + 0.018, worlds.LAT + 0.006
    Concern.objects.filter(pk=cedar.concern.pk).update(lon=lon, lat=lat)

    told = handed(cedar, precision="block")

    assert (told.lon, told.lat) != (lon, lat)
    assert told.place_label.startswith("S Cedar Ave, ")


@pytest.mark.privacy
def test_a_home_is_told_by_its_block_at_most(cedar: Town) -> None:
    Concern.objects.filter(pk=cedar.concern.pk).update(is_home=True)
    answer = cedar.desk.post(cedar.compose_url, typed(cedar, precision="street"))
    assert answer.status_code == 422
    assert not Handoff.objects.exists()


@pytest.mark.privacy
def test_nobody_outside_learns_a_place_finer_than_the_public(cedar: Town) -> None:
    now, by = timezone.now(), Actor.staff(cedar.officer.pk)
    triage.accept(concern_id=cedar.concern.pk, seen_version=cedar.concern.version, by=by, now=now)
    PublicConcern.objects.update(precision="block")
    assert cedar.desk.post(cedar.compose_url, typed(cedar, precision="street")).status_code == 422
    handed(cedar, precision="block")


@pytest.mark.privacy
def test_private_kinds_and_calls_for_help_never_go_out(cedar: Town) -> None:
    category = cedar.concern.category
    before = category.visibility
    for change in ({"visibility": "never"}, {"visibility": before, "danger": "crisis"}):
        danger = change.pop("danger", "")
        type(category).objects.filter(pk=category.pk).update(publishes_without_text=False, **change)
        Concern.objects.filter(pk=cedar.concern.pk).update(danger=danger, owner=cedar.officer)
        assert (
            b"Hand on"
            not in cedar.desk.get(f"/desk/concerns/{cedar.concern.staff_reference}/")
            .content.partition(b'id="handoffs"')[2]
            .partition(b"</section>")[0]
        )
        assert cedar.desk.post(cedar.compose_url, typed(cedar)).status_code == 422
    assert not Handoff.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("due_on", "2020-01-01"), ("due_on", ""), ("organisation", "999999"), ("brief", " ")],
)
def test_what_is_incomplete_comes_back_with_what_was_typed(
    cedar: Town, field: str, value: str
) -> None:
    answer = cedar.desk.post(cedar.compose_url, typed(cedar, **{field: value}))
    assert answer.status_code == 422
    assert "Please paint it over." in answer.content.decode()
    assert not Handoff.objects.exists()


def test_an_organisation_where_nobody_has_an_account_is_refused(cedar: Town) -> None:
    cedar.organisation.members.all().delete()
    assert cedar.desk.post(cedar.compose_url, typed(cedar)).status_code == 422
    assert not Handoff.objects.exists()


def test_a_stale_page_hands_nothing_on(cedar: Town) -> None:
    version = cedar.concern.version
    assert (
        cedar.desk.post(
            cedar.compose_url, {**typed(cedar), "seen_version": version - 1}
        ).status_code
        == 409
    )
    assert not Handoff.objects.exists()


def test_only_caseworkers_of_the_agency_hand_on(cedar: Town) -> None:
    now = timezone.now()
    other = worlds.agency("eastfield", east=1.0, now=now)
    abroad = worlds.signed_in(worlds.officer(other, now=now))
    reader = worlds.officer(cedar.agency, "Reader", role=Role.READER, district=None, now=now)
    for desk in (abroad, worlds.signed_in(reader), cedar.partners):
        assert desk.get(cedar.compose_url).status_code == 404
        assert desk.post(cedar.compose_url, typed(cedar)).status_code == 404
    assert not Handoff.objects.exists()


def test_an_organisation_of_another_agency_cannot_be_chosen(cedar: Town) -> None:
    other = worlds.agency("eastfield", east=1.0, now=timezone.now())
    theirs = handing.organisation(other, "Elsewhere", now=timezone.now())
    answer = cedar.desk.post(cedar.compose_url, typed(cedar, organisation=theirs.pk))
    assert answer.status_code == 422
    assert not Handoff.objects.exists()


def test_the_public_and_the_reporter_read_whose_turn_it_is(cedar: Town, client: Client) -> None:
    now, by = timezone.now(), Actor.staff(cedar.officer.pk)
    key = {"concern_id": cedar.concern.pk, "by": by, "now": now}
    concern = triage.accept(seen_version=cedar.concern.version, **key)
    public = concern.public or publishing.publish(
        seen_version=concern.version, summary=Wording({"en": "Paint on a wall."}), **key
    )
    handoff = handed(cedar)
    page = client.get(f"/concerns/{public.reference}/").content.decode()
    assert "It waits for Orchard Park Association" in page
    keep(cedar, handoff, "withdraw")
    page = client.get(f"/concerns/{public.reference}/").content.decode()
    assert "Orchard Park" not in page


def test_staff_take_it_back_and_go_on_themselves(cedar: Town) -> None:
    handoff = handed(cedar)
    assert keep(cedar, handoff, "withdraw").status_code == 302
    cedar.concern.refresh_from_db()
    assert cedar.concern.state == State.WORKING
    handoff.refresh_from_db()
    assert handoff.state == HandoffState.WITHDRAWN
    assert cedar.partners.get(f"/partner/{handoff.reference}/").status_code == 404
    assert keep(cedar, handoff, "withdraw").status_code == 409


def test_two_hand_offs_hold_it_up_until_both_are_back(cedar: Town) -> None:
    first, second = handed(cedar), handed(cedar)
    keep(cedar, first, "told", said="done", text="Painted over, they say")
    cedar.concern.refresh_from_db()
    assert cedar.concern.state == State.WAITING
    keep(cedar, second, "told", said="given_back", text="Not theirs")
    cedar.concern.refresh_from_db()
    assert cedar.concern.state == State.WORKING


def test_resolving_ends_what_is_outside(cedar: Town) -> None:
    handoff = handed(cedar)
    triage.resolve(
        concern_id=cedar.concern.pk,
        seen_version=cedar.concern.version,
        outcome="fixed",
        words="Painted over.",
        by=Actor.staff(cedar.officer.pk),
        now=timezone.now(),
    )
    handoff.refresh_from_db()
    assert handoff.state == HandoffState.WITHDRAWN
    assert cedar.partners.get(f"/partner/{handoff.reference}/").status_code == 404


def test_their_number_and_status_stand_on_the_case(cedar: Town) -> None:
    handoff = handed(cedar)
    assert (
        keep(cedar, handoff, "number", number="CSB-4711", status="On the list").status_code == 302
    )
    page = cedar.desk.get(f"/desk/concerns/{cedar.concern.staff_reference}/").content.decode()
    assert "CSB-4711" in page
    assert "On the list" in page


def test_more_time_moves_the_day(cedar: Town) -> None:
    handoff = handed(cedar)
    later = handing.today(cedar) + timedelta(days=30)
    assert keep(cedar, handoff, "day", due_on=later.isoformat()).status_code == 302
    handoff.refresh_from_db()
    assert handoff.due_on == later
    past = handing.today(cedar) - timedelta(days=1)
    assert keep(cedar, handoff, "day", due_on=past.isoformat()).status_code == 409
