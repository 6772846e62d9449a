"""What a reporter can do with what is held: adopt, let go, export, rate, correct the place."""

import json

import pytest
from django.apps import apps
from django.db import models

from concerns.actions import adopting, asking, correcting, exporting, rating, triage
from concerns.actions.joining import join, leave
from concerns.actions.spam import release
from concerns.models import (
    Adoption,
    Concern,
    PlaceCorrection,
    RatingMark,
    RatingRelease,
    Reporter,
    WaitingRating,
)
from concerns.notices import NEW_FOR_OWNER, REPORTER_WROTE
from concerns.published.models import PublicConcern
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.places.models import Agency
from tests.concerns.conftest import (
    EAST_POINT,
    NOW,
    OUTSIDE,
    WEST_POINT,
    file_report,
    meet_user,
)
from tests.concerns.test_joining import wish
from tests.concerns.test_triage import resolved

REPORTER = Actor.reporter()


def elsewhere(point: tuple[float, float], **changes: object) -> correcting.Place:
    given: dict[str, object] = {
        "lon": point[0],
        "lat": point[1],
        "place_text": "by the mill",
        "place_source": "map",
        "is_home": False,
        **changes,
    }
    return correcting.Place(**given)  # type: ignore[arg-type]


def correct(concern: Concern, place: correcting.Place) -> Concern:
    return correcting.correct_place(concern_id=concern.pk, place=place, by=REPORTER, now=NOW)


def test_a_corrected_place_brings_the_report_to_the_officer_of_that_area(
    concern: Concern, officer: User, colleague: User
) -> None:
    moved = correct(concern, elsewhere(EAST_POINT))
    assert (moved.owner_id, moved.area and moved.area.code) == (colleague.pk, "east")
    assert {link.area.code for link in moved.areas.select_related("area")} == {"east"}
    former = PlaceCorrection.objects.get()
    assert ((former.lon, former.lat), former.area and former.area.code) == (WEST_POINT, "west")
    assert former.at == floor_to_hour(NOW)
    told = Message.objects.filter(kind=NEW_FOR_OWNER, contact_id=colleague.contact_id)
    assert told.count() == 1
    entry = Entry.objects.get(event="CONCERN_PLACE_CORRECTED")
    assert (entry.actor_kind, entry.actor_user_id) == ("reporter", None)


def test_a_place_nearby_stays_with_the_same_officer_who_is_told(
    concern: Concern, officer: User
) -> None:
    correct(concern, elsewhere((WEST_POINT[0] + 0.001, WEST_POINT[1])))
    kinds = Message.objects.filter(contact_id=officer.contact_id).values_list("kind", flat=True)
    assert sorted(kinds) == sorted([NEW_FOR_OWNER, REPORTER_WROTE])


def test_outside_every_area_it_stays_with_who_has_it(concern: Concern, officer: User) -> None:
    moved = correct(concern, elsewhere(OUTSIDE))
    assert (moved.area_id, moved.owner_id) == (None, officer.pk)


def test_an_area_of_the_list_takes_the_place_of_a_point(concern: Concern, colleague: User) -> None:
    by_name = elsewhere((0, 0), lon=None, lat=None, area_code="east", place_source="list")
    moved = correct(concern, by_name)
    assert (moved.lon, moved.area and moved.area.code) == (None, "east")


def test_the_same_place_again_changes_nothing(concern: Concern) -> None:
    correct(concern, elsewhere(EAST_POINT))
    version = Concern.objects.get().version
    correct(concern, elsewhere(EAST_POINT))
    assert (PlaceCorrection.objects.count(), Concern.objects.get().version) == (1, version)


def test_what_was_resolved_keeps_its_place(concern: Concern, officer: User) -> None:
    resolved(concern, officer)
    with pytest.raises(correcting.CannotCorrect):
        correct(concern, elsewhere(EAST_POINT))
    assert not PlaceCorrection.objects.exists()


@pytest.mark.privacy
def test_correcting_moves_no_public_anchor_but_a_home_leaves_the_street(
    concern: Concern, officer: User
) -> None:
    triage.accept(concern_id=concern.pk, seen_version=1, by=Actor.staff(officer.pk), now=NOW)
    before = PublicConcern.objects.values_list("anchor_lon", "anchor_lat").get()
    correct(concern, elsewhere(EAST_POINT))
    assert PublicConcern.objects.values_list("anchor_lon", "anchor_lat").get() == before
    correct(concern, elsewhere(EAST_POINT, is_home=True))
    public = PublicConcern.objects.first()
    assert public is None or public.precision != "street"


@pytest.mark.privacy
def test_an_adopted_anonymous_report_stays_anonymous_for_staff(concern: Concern) -> None:
    ana = meet_user("Ana")
    for _twice in range(2):
        adopting.adopt(concern_id=concern.pk, account_user_id=ana.pk, by=REPORTER, now=NOW)
    assert list(Concern.objects.linked_to(ana)) == [concern]
    assert Adoption.objects.count() == 1
    reporter = Reporter.objects.get(concern=concern)
    assert (reporter.account_link, reporter.contact_id) == (None, None)
    assert Concern.objects.get().level == "anonymous"
    for entry in Entry.objects.all():
        assert str(ana.pk) != entry.subject_reference
        assert entry.actor_user_id is None


@pytest.mark.privacy
def test_letting_go_leaves_no_tie_and_one_account_cannot_cut_the_tie_of_another(
    concern: Concern,
) -> None:
    ana, bo = meet_user("Ana"), meet_user("Bo")
    at = {"concern_id": concern.pk, "by": REPORTER, "now": NOW}
    adopting.adopt(account_user_id=ana.pk, **at)
    adopting.let_go(account_user_id=bo.pk, **at)
    assert list(Concern.objects.linked_to(ana)) == [concern]
    adopting.let_go(account_user_id=ana.pk, **at)
    assert not Concern.objects.linked_to(ana).exists()
    assert not Adoption.objects.exists()


def rate(concern: Concern, **answers: str) -> None:
    rating.rate(concern_id=concern.pk, answers=answers, by=REPORTER, now=NOW)


def finished(agency: Agency, officer: User, number: int) -> list[Concern]:
    found = [file_report(agency, submission_key=f"rated-{n}").concern for n in range(number)]
    for concern in found:
        resolved(concern, officer)
    return found


def test_a_report_is_rated_once_and_only_when_it_is_done(agency: Agency, officer: User) -> None:
    [concern] = finished(agency, officer, 1)
    fresh = file_report(agency, submission_key="fresh").concern
    for wrong in (fresh, concern):
        with pytest.raises(rating.CannotRate):
            rate(wrong, **({"respect": "yes"} if wrong is fresh else {"respect": "nonsense"}))
    rate(concern, respect="yes", better="no")
    with pytest.raises(rating.CannotRate):
        rate(concern, respect="no")
    assert (RatingMark.objects.count(), WaitingRating.objects.count()) == (1, 1)


@pytest.mark.privacy
def test_fewer_than_ten_ratings_are_read_by_nobody(agency: Agency, officer: User) -> None:
    found = finished(agency, officer, 10)
    for concern in found[:9]:
        rate(concern, respect="no")
    assert rating.release(now=NOW) == 0
    assert not RatingRelease.objects.exists()
    rate(found[9], respect="yes", informed="partly")
    assert rating.release(now=NOW) == 1
    release = RatingRelease.objects.get()
    assert release.counts == {
        "respect": {"no": 9, "yes": 1},
        "informed": {"partly": 1},
        "better": {},
    }
    assert (release.reporters, release.released_on.weekday()) == (10, 0)
    assert not WaitingRating.objects.exists()
    assert rating.release(now=NOW) == 0


@pytest.mark.privacy
def test_a_waiting_rating_names_no_report_no_time_and_shows_no_answer(
    agency: Agency, officer: User
) -> None:
    concerns = finished(agency, officer, 2)
    rate(concerns[0], respect="yes")
    rate(concerns[1], respect="yes", informed="no", better="partly")
    columns = {field.name for field in WaitingRating._meta.concrete_fields}
    assert columns == {"id", "agency", "binding", "sealed"}
    assert {field.name for field in RatingMark._meta.concrete_fields} == {"agency", "concern"}
    sealed = [bytes(row.sealed) for row in WaitingRating.objects.order_by("id")]
    assert len({len(one) for one in sealed}) == 1, "the length does not tell who said more"
    assert all(b"yes" not in one and b"y--" not in one for one in sealed)


def leads_to_concern() -> set[type[models.Model]]:
    """Every model whose rows hang on a concern, by however many steps."""
    found: set[type[models.Model]] = {Concern}
    while True:
        more = {
            model
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model in found and model not in found
        }
        if not more:
            return found
        found |= more


def test_no_table_that_leads_to_a_concern_is_missing_in_the_export() -> None:
    """A new table, or a new column, must be shown, or left out for a reason that is said."""
    known = {table.model: table for table in exporting.tables()}
    assert leads_to_concern() - set(known) == set()
    for model, table in known.items():
        columns = {field.name for field in model._meta.concrete_fields}
        assert columns - set(table.fields) - set(table.left_out) == set(), table.code
        assert all(str(reason) for reason in table.left_out.values())


def test_the_export_holds_what_was_written_and_no_name_of_staff(
    told: Concern, officer: User
) -> None:
    at = {"concern_id": told.pk, "by": Actor.staff(officer.pk), "now": NOW}
    triage.accept(seen_version=1, **at)
    triage.reply(seen_version=2, text="We look at it", **at)
    asking.ask_removal(concern_id=told.pk, text="My street", by=REPORTER, now=NOW)
    text = json.dumps(exporting.held_about(Concern.objects.get()).as_json())
    assert told.text in text
    assert "We look at it" in text
    assert "My street" in text
    assert "That it arrived" in text
    for secret in (officer.name, "ana@example.org", told.staff_reference):
        assert secret not in text


@pytest.mark.privacy
def test_the_export_never_tells_that_somebody_joined_or_that_it_looked_like_spam(
    agency: Agency, officer: User
) -> None:
    """Not even in the history: of one neighbor, the day alone would tell who it was."""
    plain = file_report(agency).concern
    by = Actor.staff(officer.pk)
    joined = file_report(agency, submission_key="key-2", suspicion=("hasty",)).concern
    release(concern_id=joined.pk, by=by, now=NOW)
    for each in (plain, joined):
        each.refresh_from_db()
        triage.accept(concern_id=each.pk, seen_version=each.version, by=by, now=NOW)
    joined.refresh_from_db()
    receipt = join(wish=wish(joined, words="Ours too"), by=Actor.resident(), now=NOW)
    leave(joining_id=receipt.joining.pk, by=Actor.resident(), now=NOW)
    held = [exporting.held_about(each).as_json() for each in (plain, joined)]
    for section in ("history", "mine_too", "checks"):
        assert held[0][section] == held[1][section], section
