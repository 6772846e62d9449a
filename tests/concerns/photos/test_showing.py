"""Who sees photos, by which address, and what is left when they are destroyed."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from concerns.actions import following, photos
from concerns.forms.follow import new_pass
from concerns.models import Concern, ConcernPhoto, DoomedFile, Merge
from concerns.views.photos_shown import key_of
from engagement.audit.actors import Actor
from engagement.doors.pictures import store
from engagement.doors.pictures.decoding import Picture
from engagement.outbox.models import Message
from engagement.places.models import Agency
from tests import pictures, worlds
from tests.concerns.conftest import file_report
from tests.concerns.photos.test_reporting import files_below, page, upload

pytestmark = pytest.mark.django_db
REPORTER = Actor.reporter()


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def desk(cedar: Agency) -> Client:
    return worlds.signed_in(worlds.officer(cedar, now=timezone.now()))


@pytest.fixture
def concern(cedar: Agency, desk: Client) -> Concern:
    return worlds.reported(cedar, now=timezone.now()).concern


def picture(width: int = 60) -> Picture:
    return Picture(pictures.jpeg(pictures.colors(width, 40)), width, 40)


def add(concern: Concern, *given: Picture, reply_id: int | None = None) -> int:
    now = timezone.now()
    with photos.kept(given, agency=concern.agency, now=now) as kept:
        return photos.add(
            concern_id=concern.pk, photos=kept, reply_id=reply_id, by=REPORTER, now=now
        )


def address_of(photo: ConcernPhoto, concern: Concern) -> str:
    return f"/desk/concerns/{concern.staff_reference}/photos/{key_of(photo.name)}/"


def test_an_officer_sees_the_photos_on_the_case(desk: Client, concern: Concern) -> None:
    add(concern, picture())
    case = page(desk.get(f"/desk/concerns/{concern.staff_reference}/").content)
    image = case.select_one("img.photo")
    assert image is not None
    assert image["alt"] == "Photo 1 of 1"
    answer = desk.get(str(image["src"]))
    assert answer.content == picture().jpeg
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == "inline"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.privacy
def test_elsewhere_a_photo_is_as_if_it_never_was(
    desk: Client, concern: Concern, cedar: Agency
) -> None:
    add(concern, picture())
    other = worlds.agency("eastfield", east=1.0, now=timezone.now())
    stranger = worlds.signed_in(worlds.officer(other, now=timezone.now()))
    there = stranger.get(address_of(ConcernPhoto.objects.get(), concern))
    never = stranger.get(f"/desk/concerns/{concern.staff_reference}/photos/{'0' * 32}/")
    unknown = stranger.get(f"/desk/concerns/AAAAAAAA/photos/{'0' * 32}/")
    assert there.status_code == never.status_code == unknown.status_code == 404
    assert there.content == never.content == unknown.content
    assert dict(there.headers) == dict(never.headers) == dict(unknown.headers)


@pytest.mark.privacy
def test_nobody_gets_a_photo_by_guessing_or_without_signing_in(
    client: Client, desk: Client, concern: Concern, media: Path
) -> None:
    add(concern, picture())
    photo = ConcernPhoto.objects.get()
    assert client.get(address_of(photo, concern)).status_code == 302
    for bare in (f"/media/{photo.name}", f"/static/{photo.name}", f"/media/photos/{photo.name}"):
        assert client.get(bare).status_code == 404
    for signed in (photo.name.replace("/", "."), photo.name.replace("/", ".") + ":1:forged"):
        assert client.get(f"/track/photo/{signed}/").status_code == 404


@pytest.mark.privacy
def test_the_reporters_address_of_a_photo_ends_with_the_page(
    client: Client, concern: Concern
) -> None:
    add(concern, picture())
    signed = followed_address(client, concern)
    assert client.get(signed).status_code == 200
    assert concern.tracking_code not in signed
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get(signed).status_code == 404


def followed_address(client: Client, concern: Concern) -> str:
    from_page = follow(client, concern).select_one("img.photo")
    assert from_page is not None
    return str(from_page["src"])


def follow(client: Client, concern: Concern, **sent: object) -> BeautifulSoup:
    answer = client.post("/track/", {"pass": new_pass(concern.tracking_code), **sent})
    assert answer.status_code == 200
    return page(answer.content)


def test_a_message_carries_its_photos_once_to_both_sides(
    client: Client, desk: Client, concern: Concern
) -> None:
    for _ in range(2):
        follow(
            client,
            concern,
            verb="answer",
            text="It is on the door now",
            photos=[upload(pictures.phone_jpeg())],
        )
    photo = ConcernPhoto.objects.get()
    assert photo.reply == concern.replies.get()
    assert (photo.by_party, photo.by_user) == ("reporter", None)
    mine = follow(client, concern).select(".bubble--theirs img.photo")
    theirs = page(desk.get(f"/desk/concerns/{concern.staff_reference}/").content).select(
        ".bubble--theirs img.photo"
    )
    assert len(mine) == len(theirs) == 1


def test_a_message_arrives_although_its_photo_does_not(client: Client, concern: Concern) -> None:
    shown = follow(
        client, concern, verb="answer", text="Look", photos=[upload(b"nothing", "n.jpg")]
    )
    assert concern.replies.count() == 1
    assert "n.jpg" in shown.select_one("[aria-labelledby=refused-photos]").get_text()  # type: ignore[union-attr]


def test_photos_added_later_are_told_to_the_owner(client: Client, concern: Concern) -> None:
    before = Message.objects.count()
    follow(client, concern, verb="photos", photos=[upload(pictures.jpeg())])
    assert Message.objects.count() == before + 1
    assert ConcernPhoto.objects.get().reply is None


def test_a_closed_report_takes_no_photo(client: Client, concern: Concern, media: Path) -> None:
    following.withdraw(concern_id=concern.pk, by=REPORTER, now=timezone.now())
    shown = follow(client, concern, verb="photos", photos=[upload(pictures.jpeg(), "late.jpg")])
    assert "late.jpg" in shown.get_text()
    assert ConcernPhoto.objects.count() == 0
    assert files_below(media) == []


@pytest.mark.privacy
def test_destroyed_photos_leave_no_file(
    concern: Concern, media: Path, django_capture_on_commit_callbacks: object
) -> None:
    add(concern, picture(60), picture(70))
    assert len(files_below(media)) == 2
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():  # type: ignore[operator]
        assert photos.destroy(concern) == 2
        assert len(files_below(media)) == 2, "the transaction might still fail"
    assert files_below(media) == []
    assert ConcernPhoto.objects.count() == DoomedFile.objects.count() == 0


@pytest.mark.privacy
def test_after_a_crash_the_sweep_deletes_what_was_to_go(concern: Concern, media: Path) -> None:
    add(concern, picture())
    photos.destroy(concern)  # committed, and the process ended before the file was deleted
    assert len(files_below(media)) == 1
    photos.sweep(now=timezone.now())
    assert files_below(media) == []
    assert DoomedFile.objects.count() == 0


def test_the_sweep_spares_what_is_used_and_a_missing_file_is_named(
    concern: Concern, media: Path
) -> None:
    add(concern, picture())
    assert photos.sweep(now=timezone.now() + timedelta(hours=2)) == 0
    assert list(photos.without_file()) == []
    for path in files_below(media):
        path.unlink()
    assert list(photos.without_file()) == [ConcernPhoto.objects.get()]


def test_the_command_names_photos_without_a_file(concern: Concern, media: Path) -> None:
    add(concern, picture())
    call_command("check_photos", stdout=io.StringIO())
    for path in files_below(media):
        path.unlink()
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_photos", stderr=told)
    assert ConcernPhoto.objects.get().name in told.getvalue()


def test_a_file_outlives_its_rows_while_a_joined_page_may_come_back(
    concern: Concern, cedar: Agency
) -> None:
    now = timezone.now()
    with photos.kept([picture(60), picture(70)], agency=cedar, now=now) as kept:
        wanted = kept[0].name
        Merge.objects.create(
            agency=cedar,
            concern=concern,
            into=file_report(cedar, submission_key="other").concern,
            survivor=Concern.objects.exclude(pk=concern.pk).get(),
            at=now,
            by_user=worlds.operator(),
            before={},
            kept_photos=[wanted],
        )
    # Neither has a row of its own.
    assert [store.exists(one.name) for one in kept] == [True, False]
