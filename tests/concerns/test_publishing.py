import json
from datetime import timedelta

import pytest
from django.core.serializers import serialize

from concerns.actions import public_side, publishing, triage
from concerns.actions.borrowed_words import borrows
from concerns.actions.public_side import CannotPublish
from concerns.models import Category, Concern, Reply
from concerns.models.casework import Direction
from concerns.published.models import PublicConcern, PublicConcernArea, PublicUpdate
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.places.models import Agency, Street
from engagement.places.wording import Wording
from tests.concerns.conftest import NOW, WEST_POINT, area_of, category_of, file_report

SUMMARY = Wording({"en": "Paint on a wall.", "es": "Pintura en una pared."})


def accepted(agency: Agency, officer: User, **changes: object) -> Concern:
    concern = file_report(agency, **changes).concern
    return triage.accept(concern_id=concern.pk, seen_version=1, by=Actor.staff(officer.pk), now=NOW)


def published(concern: Concern, officer: User, **changes: object) -> PublicConcern:
    asked: dict[str, object] = {
        "concern_id": concern.pk,
        "seen_version": concern.version,
        "summary": SUMMARY,
        "by": Actor.staff(officer.pk),
        "now": NOW,
        **changes,
    }
    return publishing.publish(**asked)  # type: ignore[arg-type]


def all_that_is_public() -> str:
    rows = [*PublicConcern.objects.all(), *PublicUpdate.objects.all()]
    return json.dumps(json.loads(serialize("json", rows)))


def test_a_kind_that_needs_no_text_is_public_once_accepted_with_its_own_sentence(
    agency: Agency, officer: User
) -> None:
    concern = accepted(agency, officer)
    public = PublicConcern.objects.get()
    assert concern.public == public
    assert public.summary == category_of(agency, "graffiti").public_sentence
    assert public.summary.text("es") == "Se reportó grafiti aquí."
    assert (public.state, public.precision) == ("accepted", "street")
    areas = PublicConcernArea.objects.filter(public_concern=public)
    assert {row.area.code for row in areas} == {"west"}


def test_nothing_is_public_before_a_person_accepted_it(concern: Concern) -> None:
    assert not PublicConcern.objects.exists()


def test_neither_the_reporters_words_nor_place_nor_references_become_public(
    agency: Agency, officer: User
) -> None:
    concern = accepted(agency, officer, text="canaryword painted", place_text="canaryplace")
    published(concern, officer, update=Wording({"en": "We were there."}))
    shown = all_that_is_public()
    for private in (
        "canaryword",
        "canaryplace",
        concern.tracking_code,
        concern.staff_reference,
    ):
        assert private not in shown
    public = PublicConcern.objects.get()
    assert (public.anchor_lon, public.anchor_lat) != (concern.lon, concern.lat)


def test_repeating_six_words_of_the_report_is_refused(agency: Agency, officer: User) -> None:
    concern = accepted(agency, officer, code="vandalism")
    copied = Wording({"en": "Told: somebody painted our whole back WALL, in green."})
    with pytest.raises(CannotPublish, match="reporters_words"):
        published(concern, officer, summary=copied)
    assert not PublicConcern.objects.exists()
    assert not borrows("painted our whole back", concern.text)


def test_what_nobody_accepted_yet_is_not_published(concern: Concern, officer: User) -> None:
    with pytest.raises(CannotPublish, match="not_accepted"):
        published(concern, officer)
    assert not PublicConcern.objects.exists()


@pytest.mark.parametrize("code", ["neighbor_dispute", "noise", "encampment", "property_maint"])
def test_private_and_counted_kinds_are_never_published(
    agency: Agency, officer: User, code: str
) -> None:
    concern = accepted(agency, officer, code=code)
    with pytest.raises(CannotPublish, match="private_kind"):
        published(concern, officer)
    with pytest.raises(CannotPublish, match="private_kind"):
        publishing.preview(concern, summary=SUMMARY)
    assert not PublicConcern.objects.exists()


def test_the_preview_shows_just_what_is_published_and_changes_nothing(
    agency: Agency, officer: User
) -> None:
    concern = accepted(agency, officer, code="vandalism")
    shown = publishing.preview(concern, summary=SUMMARY)
    assert not PublicConcern.objects.exists()
    public = published(concern, officer)
    assert (shown.summary, shown.place_label) == (public.summary, public.place_label)
    assert (shown.precision, shown.lon, shown.lat) == ("area", None, None)
    assert public.place_label == area_of(agency, "neighborhood", "west").name
    areas = PublicConcernArea.objects.filter(public_concern=public)
    assert [row.area for row in areas] == [area_of(agency, "neighborhood", "west")]


def test_a_home_and_private_land_are_shown_as_a_block(agency: Agency, officer: User) -> None:
    home = accepted(agency, officer, is_home=True)
    assert home.public is not None
    assert home.public.precision == "block"
    lot = accepted(agency, officer, code="vacant_building", submission_key="key-2")
    assert published(lot, officer, on_private_land=True).precision == "block"


def test_away_from_the_street_a_place_counts_as_private_until_staff_look(
    agency: Agency, officer: User
) -> None:
    lon, lat = WEST_POINT
    line = {"rank": 3, "points": [[lon - 0.01, lat], [lon + 0.01, lat]]}
    Street.objects.create(
        agency=agency,
        name="Utah St",
        search_name="utah",
        lines=[line],
        min_lon=lon - 0.01,
        max_lon=lon + 0.01,
        min_lat=lat,
        max_lat=lat,
    )
    agency.refresh_from_db()
    near = accepted(agency, officer, lat=lat + 0.0001)
    behind = accepted(agency, officer, lat=lat + 0.0006, submission_key="key-2")
    assert near.public is not None
    assert behind.public is not None
    assert (near.public.precision, behind.public.precision) == ("street", "block")
    assert near.public.place_label == "Utah St, neighborhood west"


def test_the_public_state_follows_in_the_same_step(agency: Agency, officer: User) -> None:
    concern = accepted(agency, officer)
    triage.resolve(
        concern_id=concern.pk,
        seen_version=concern.version,
        outcome="fixed",
        words="Clean again.",
        by=Actor.staff(officer.pk),
        now=NOW + timedelta(days=2),
    )
    public = PublicConcern.objects.get()
    assert (public.state, public.outcome) == ("resolved", "fixed")
    assert str(public.resolved_on) == "2026-11-05"


def test_updates_follow_and_unpublishing_deletes_them_all(agency: Agency, officer: User) -> None:
    concern = accepted(agency, officer)
    by = Actor.staff(officer.pk)
    publishing.publish_update(
        concern_id=concern.pk,
        seen_version=concern.version,
        text=Wording({"en": "A crew comes on Monday."}),
        by=by,
        now=NOW,
    )
    assert PublicUpdate.objects.count() == 1
    publishing.unpublish(concern_id=concern.pk, seen_version=concern.version + 1, by=by, now=NOW)
    assert not PublicConcern.objects.exists()
    assert not PublicUpdate.objects.exists()
    assert Concern.objects.get().public_id is None


def test_the_place_is_fixed_at_the_first_publication(agency: Agency, officer: User) -> None:
    concern = accepted(agency, officer)
    first = PublicConcern.objects.get()
    Concern.objects.filter(pk=concern.pk).update(lon=WEST_POINT[0] + 0.01)
    again = published(concern, officer)
    assert (again.anchor_lon, again.anchor_lat) == (first.anchor_lon, first.anchor_lat)
    assert again.summary == SUMMARY


def test_correcting_to_a_private_kind_deletes_what_was_public(
    agency: Agency, officer: User
) -> None:
    concern = accepted(agency, officer)
    triage.correct_category(
        concern_id=concern.pk,
        seen_version=concern.version,
        category_id=category_of(agency, "neighbor_dispute").pk,
        by=Actor.staff(officer.pk),
        now=NOW,
    )
    assert not PublicConcern.objects.exists()


def test_correcting_to_a_coarser_kind_makes_the_place_coarser(
    agency: Agency, officer: User
) -> None:
    concern = accepted(agency, officer)
    triage.correct_category(
        concern_id=concern.pk,
        seen_version=concern.version,
        category_id=category_of(agency, "vandalism").pk,
        by=Actor.staff(officer.pk),
        now=NOW,
    )
    public = PublicConcern.objects.get()
    assert (public.precision, public.anchor_lon) == ("area", None)
    assert public.category_code == "vandalism"
    assert public.summary == category_of(agency, "vandalism").public_sentence


def test_when_a_category_becomes_private_everything_under_it_leaves_the_public(
    agency: Agency, officer: User
) -> None:
    accepted(agency, officer)
    before = category_of(agency, "graffiti")
    now_private = category_of(agency, "graffiti")
    now_private.visibility, now_private.publishes_without_text = "never", False
    now_private.save()
    by = Actor.staff(officer.pk)
    assert public_side.fit_all_to(now_private, before=before, by=by, now=NOW) == 1
    assert not PublicConcern.objects.exists()
    assert Category.objects.filter(code="graffiti", visibility="never").exists()


def test_what_the_reporter_answered_is_no_more_published_than_the_report(
    agency: Agency, officer: User
) -> None:
    concern = accepted(agency, officer, code="vandalism")
    Reply.objects.create(
        agency=agency,
        concern=concern,
        direction=Direction.FROM_REPORTER,
        text="My neighbor in the blue house did it again.",
        at=concern.received_at,
    )
    copied = Wording({"en": "It is said: my neighbor in the blue house did it."})
    with pytest.raises(CannotPublish, match="reporters_words"):
        published(concern, officer, summary=copied)
    assert not PublicConcern.objects.exists()


def test_a_short_report_is_not_copied_whole() -> None:
    assert borrows("We saw broken glass everywhere today.", "Broken glass everywhere!")
    assert not borrows("We saw broken glass today.", "Broken glass everywhere!")
    assert not borrows("Graffiti was reported.", "Graffiti")
