"""Tags: words by which staff find cases again, and the list of them."""

from datetime import datetime

import pytest
from django.test import Client

from concerns.actions import tagging
from concerns.actions.casework import StaleEdit
from concerns.models import Concern, ConcernTag, Tag
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.conftest import area_of, file_report, hire

pytestmark = pytest.mark.django_db


def add(concern: Concern, name: str, user: User, now: datetime) -> Tag:
    concern.refresh_from_db()
    by = Actor.staff(user.pk)
    put = tagging.add_tag(
        concern_id=concern.pk, seen_version=concern.version, name=name, by=by, now=now
    )
    return put.tag


def test_a_new_word_becomes_a_tag_and_is_the_same_tag_in_other_letters(
    agency: Agency, concern: Concern, officer: User, now: datetime
) -> None:
    other = file_report(agency, submission_key="key-2").concern
    first = add(concern, "Night club", officer, now)
    assert add(other, "  night   CLUB ", officer, now) == first
    assert Tag.objects.get().name == "Night club"
    events = list(Entry.objects.order_by("id").values_list("event", flat=True))
    assert events.count("CONCERN_TAGGED") == 2
    assert events.count("TAG_MADE") == 1


def test_a_case_has_a_tag_once_and_a_stale_press_adds_none(
    concern: Concern, officer: User, now: datetime
) -> None:
    tag = add(concern, "bridge", officer, now)
    by = Actor.staff(officer.pk)
    concern.refresh_from_db()
    with pytest.raises(tagging.CannotTag):
        add(concern, "bridge", officer, now)
    with pytest.raises(StaleEdit):
        tagging.take_tag(concern_id=concern.pk, seen_version=1, tag_id=tag.pk, by=by, now=now)
    assert ConcernTag.objects.count() == 1
    tagging.take_tag(
        concern_id=concern.pk, seen_version=concern.version, tag_id=tag.pk, by=by, now=now
    )
    assert not ConcernTag.objects.exists()
    assert Entry.objects.filter(event="CONCERN_UNTAGGED").exists()


def test_joined_tags_leave_one_on_every_case(
    agency: Agency, concern: Concern, officer: User, now: datetime
) -> None:
    other = file_report(agency, submission_key="key-2").concern
    gone, stays = add(concern, "bar", officer, now), add(concern, "night club", officer, now)
    add(other, "bar", officer, now)
    by = Actor.staff(officer.pk)
    merged = tagging.merge_tag(tag_id=gone.pk, into_id=stays.pk, agency=agency, by=by, now=now)
    assert merged.cases == 1
    found = set(ConcernTag.objects.values_list("concern_id", "tag_id"))
    assert found == {(concern.pk, stays.pk), (other.pk, stays.pk)}
    gone.refresh_from_db()
    assert not gone.is_active
    with pytest.raises(tagging.CannotTag):
        add(other, "bar", officer, now)


def test_a_tag_of_another_agency_is_out_of_reach(
    agency: Agency, elsewhere: Agency, concern: Concern, officer: User, now: datetime
) -> None:
    foreign = Tag.objects.create(agency=elsewhere, name="theirs")
    own = add(concern, "ours", officer, now)
    by = Actor.staff(officer.pk)
    concern.refresh_from_db()
    with pytest.raises(tagging.CannotTag):
        tagging.put_tag(
            concern_id=concern.pk,
            seen_version=concern.version,
            tag_id=foreign.pk,
            by=by,
            now=now,
        )
    with pytest.raises(tagging.CannotKeepTag):
        tagging.merge_tag(tag_id=own.pk, into_id=foreign.pk, agency=agency, by=by, now=now)
    with pytest.raises(tagging.CannotKeepTag):
        tagging.rename_tag(tag_id=foreign.pk, agency=agency, name="mine", by=by, now=now)
    foreign.refresh_from_db()
    assert foreign.name == "theirs"


def test_an_officer_tags_on_the_case_page(concern: Concern, officer: User) -> None:
    desk = worlds.signed_in(officer)
    page = f"/desk/concerns/{concern.staff_reference}/"
    seen = {"seen_version": concern.version, "seen_as": ""}
    answer = desk.post(f"{page}tags/", {**seen, "tag": "night club"})
    assert answer.status_code == 302
    tag = Tag.objects.get()
    shown = desk.get(page).content.decode()
    assert f'name="remove" value="{tag.pk}"' in shown
    stale = desk.post(f"{page}tags/", {**seen, "tag": "another"})
    assert stale.status_code == 409
    assert 'value="another"' in stale.content.decode()
    empty = desk.post(f"{page}tags/", {"seen_version": 2, "tag": "\x08 "})
    assert empty.status_code == 422
    desk.post(f"{page}tags/", {"seen_version": 2, "remove": str(tag.pk)})
    assert not ConcernTag.objects.exists()


def test_who_only_reads_tags_nothing(agency: Agency, concern: Concern) -> None:
    reader = worlds.signed_in(hire("Reader", Role.READER, agency))
    page = f"/desk/concerns/{concern.staff_reference}/"
    assert reader.post(f"{page}tags/", {"seen_version": 1, "tag": "x"}).status_code == 404
    assert b"tag-names" not in reader.get(page).content
    assert not Tag.objects.exists()


def test_a_supervisor_keeps_the_list_tidy(
    agency: Agency, elsewhere: Agency, concern: Concern, officer: User, now: datetime
) -> None:
    tag, other = add(concern, "bar", officer, now), add(concern, "club", officer, now)
    foreign = Tag.objects.create(agency=elsewhere, name="theirs")
    boss = worlds.signed_in(hire("Boss", Role.SUPERVISOR, agency))
    listed = boss.get("/desk/setup/tags/").content.decode()
    assert "bar" in listed
    assert "theirs" not in listed
    page = f"/desk/setup/tags/{tag.pk}/"
    assert boss.get(page).status_code == 200
    assert boss.post(page, {"verb": "rename", "name": "CLUB"}).status_code == 422
    assert boss.post(page, {"verb": "rename", "name": "pub"}).status_code == 302
    assert boss.post(page, {"verb": "retire"}).status_code == 302
    assert boss.post(page, {"verb": "bring_back"}).status_code == 302
    assert boss.post(page, {"verb": "merge", "into": str(other.pk)}).status_code == 302
    assert list(ConcernTag.objects.values_list("tag_id", flat=True)) == [other.pk]
    assert boss.get(f"/desk/setup/tags/{foreign.pk}/").status_code == 404
    assert worlds.signed_in(officer).get("/desk/setup/tags/").status_code == 404


def test_who_supervises_one_area_changes_no_tag_of_all(agency: Agency) -> None:
    tag = Tag.objects.create(agency=agency, name="bar")
    area = area_of(agency, "district", "west")
    boss: Client = worlds.signed_in(hire("Area boss", Role.SUPERVISOR, agency, area))
    assert boss.post(f"/desk/setup/tags/{tag.pk}/", {"verb": "retire"}).status_code == 404
    tag.refresh_from_db()
    assert tag.is_active
