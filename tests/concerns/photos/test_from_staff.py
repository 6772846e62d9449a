"""Photos that staff send along with their words: cleaned, and for the reporter and staff alone."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from concerns.actions import splitting, triage
from concerns.forms.follow import new_pass
from concerns.models import Category, Concern, ConcernPhoto, Reply
from concerns.models.casework import Party
from concerns.published.models import PublicPhoto
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.doors.pictures import store
from engagement.people.models import User
from engagement.places.models import Agency
from tests import pictures, worlds
from tests.concerns.photos.test_reporting import files_below, page, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def desk(officer: User) -> Client:
    return worlds.signed_in(officer)


@pytest.fixture
def concern(cedar: Agency, officer: User) -> Concern:
    return worlds.reported(cedar, now=timezone.now()).concern


def send(desk: Client, concern: Concern, verb: str, *files: Any, **typed: str) -> Any:
    concern.refresh_from_db()
    data = {"seen_version": str(concern.version), "seen_as": "Received", "step": "send", **typed}
    path = f"/desk/concerns/{concern.staff_reference}/{verb}/"
    return desk.post(path, {**data, "photos": files})


def reporters_pictures(concern: Concern) -> list[str]:
    sent = {"pass": new_pass(concern.tracking_code)}
    shown = page(Client().post("/track/", sent).content).select("img.photo")
    return [str(image["src"]) for image in shown]


def test_the_last_look_at_a_reply_has_room_for_photos(desk: Client, concern: Concern) -> None:
    shown = page(send(desk, concern, "reply", text="Painted over.", step="preview").content)
    form = shown.select_one("form[enctype='multipart/form-data']")
    assert form is not None
    assert form.select_one("input[type=file][name=photos]") is not None


@pytest.mark.privacy
def test_a_photo_goes_with_the_words_without_what_it_knew_and_to_the_reporter_alone(
    desk: Client, concern: Concern, officer: User
) -> None:
    answer = send(desk, concern, "reply", upload(pictures.phone_jpeg()), text="Painted over.")
    assert answer.status_code == 302
    photo = ConcernPhoto.objects.get()
    assert photo.reply == Reply.objects.get()
    assert (photo.by_party, photo.by_user) == (Party.STAFF, officer)
    kept = store.read(photo.name, agency_id=photo.agency_id)
    assert b"Exif" not in kept

    [url] = reporters_pictures(concern)
    assert Client().get(url).content == kept
    entry = Entry.objects.get(event="CONCERN_PHOTOS_ADDED")
    assert entry.actor_kind == "staff"
    assert not PublicPhoto.objects.exists()
    stranger = Client().get(f"/desk/concerns/{concern.staff_reference}/photos/{photo.name[11:]}/")
    assert stranger.status_code == 302


def test_what_came_of_it_can_be_shown_too(desk: Client, concern: Concern, officer: User) -> None:
    by = Actor.staff(officer.pk)
    triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=timezone.now())
    words = {"outcome": "fixed", "words": "The wall is clean."}
    answer = send(desk, concern, "resolve", upload(pictures.jpeg()), **words)
    assert answer.status_code == 302
    concern.refresh_from_db()
    assert concern.state == State.RESOLVED
    assert len(reporters_pictures(concern)) == 1


def test_words_that_speak_of_a_photo_do_not_leave_without_it(
    desk: Client, concern: Concern, media: Path
) -> None:
    answer = send(
        desk,
        concern,
        "reply",
        upload(pictures.jpeg()),
        upload(b"no picture", "plan.txt"),
        text="See the photos.",
    )
    assert answer.status_code == 422
    shown = page(answer.content).get_text()
    assert "Nothing was sent" in shown
    assert "plan.txt" in shown
    assert "See the photos." in shown
    assert not Reply.objects.exists()
    assert not ConcernPhoto.objects.exists()
    assert files_below(media) == []


def test_a_stale_reply_leaves_no_photo_behind(
    desk: Client, concern: Concern, officer: User, media: Path
) -> None:
    by = Actor.staff(officer.pk)
    triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=timezone.now())
    path = f"/desk/concerns/{concern.staff_reference}/reply/"
    stale = {"seen_version": "1", "seen_as": "Received", "step": "send", "text": "See this."}
    answer = desk.post(path, {**stale, "photos": [upload(pictures.jpeg())]})
    assert answer.status_code == 409
    assert not ConcernPhoto.objects.exists()
    assert files_below(media) == []


def test_a_photo_with_words_about_a_part_is_on_the_page_of_the_whole_report(
    desk: Client, concern: Concern, officer: User
) -> None:
    by, now = Actor.staff(officer.pk), timezone.now()
    triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=now)
    concern.refresh_from_db()
    part = splitting.split(
        concern_id=concern.pk,
        seen_version=concern.version,
        brief=splitting.Brief(
            text="The fence behind it",
            category_id=Category.objects.get(agency=concern.agency, code="graffiti").pk,
        ),
        by=by,
        now=now,
    )
    assert send(desk, part, "reply", upload(pictures.jpeg()), text="Done.").status_code == 302
    [url] = reporters_pictures(concern)
    assert Client().get(url).status_code == 200
