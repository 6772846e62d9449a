"""Photos on their way from the check page to the case, and what is left of them on the way."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concerns.actions import photos
from concerns.models import Concern, ConcernPhoto
from engagement.doors.pictures import store, uploads
from engagement.keys.moments import floor_to_hour
from tests import pictures
from tests.concerns.town import Town, filled, key_of, make_town

MOST_QUERIES = 12


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def upload(content: bytes, name: str = "IMG_0001.JPG") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def send(client: Client, town: Town, *files: SimpleUploadedFile, **changes: object) -> bytes:
    """Send a report with these photos; the receipt."""
    key = changes.pop("key", None) or key_of(client, town)
    answer = client.post("/report/done/", {**filled(town, key=key, **changes), "photos": files})
    assert answer.status_code == 200
    return answer.content


def page(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def followed(client: Client, receipt: bytes, **verb: object) -> BeautifulSoup:
    signed = page(receipt).select_one("input[name=pass]")
    assert signed is not None
    return page(client.post("/track/", {"pass": signed["value"], **verb}).content)


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_check_page_asks_for_photos_and_says_what_becomes_of_them(
    client: Client, town: Town
) -> None:
    check = page(client.post("/report/new/", filled(town, key=key_of(client, town))).content)
    field = check.select_one("form[enctype='multipart/form-data'] input[type=file]")
    assert field is not None
    assert ".heic" in str(field["accept"])
    assert field.has_attr("multiple")
    hint = check.select_one(f"#{field['aria-describedby']}")
    assert hint is not None
    assert "Do not photograph people" in hint.get_text()


@pytest.mark.privacy
def test_nothing_of_phone_place_or_moment_reaches_disk_database_or_page(
    client: Client, town: Town, media: Path
) -> None:
    receipt = send(
        client,
        town,
        upload(pictures.phone_jpeg(), f"{pictures.CANARY}.jpg"),
        upload(pictures.phone_heic(), f"{pictures.CANARY}.heic"),
    )
    assert ConcernPhoto.objects.count() == 2
    shown = followed(client, receipt)
    addresses = [str(image["src"]) for image in shown.select("img.photo")]
    assert len(addresses) == 2
    for address in addresses:
        answer = client.get(address)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer.content[:2] == b"\xff\xd8"
        assert pictures.CANARY.encode() not in answer.content
        assert b"Exif" not in answer.content
    stored = b"".join(path.read_bytes() for path in files_below(media.parent))
    assert pictures.CANARY.encode() not in stored
    # Sealed: not even pixels can be read without the key.
    assert b"\xff\xd8\xff" not in stored
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM concerns_concernphoto p")
        assert pictures.CANARY not in str(cursor.fetchall())
    assert pictures.CANARY not in str(shown)


@pytest.mark.privacy
def test_files_tell_no_moment_finer_than_the_hour(client: Client, town: Town, media: Path) -> None:
    send(client, town, upload(pictures.jpeg()))
    places = [media / "photos", *(media / "photos").rglob("*"), media.with_name("media.drafts")]
    assert len(places) == 4
    for place in places:
        assert os.stat(place).st_mtime % 3600 == 0, place
    assert ConcernPhoto.objects.get().at.minute == 0
    name = ConcernPhoto.objects.get().name
    assert re.fullmatch(r"\d{4}-\d\d-\d\d/[0-9a-f]{32}", name)


@pytest.mark.privacy
def test_a_file_begins_anew_so_that_not_even_its_birth_tells_the_moment(
    client: Client, town: Town, media: Path
) -> None:
    receipt = send(client, town, upload(pictures.jpeg()))
    (before,) = files_below(media)
    hour_ago = floor_to_hour(datetime.now(UTC)).timestamp() - 3600
    former = os.stat(before)
    assert photos.sweep(now=datetime.now(UTC)) == 0
    assert os.stat(before).st_ino == former.st_ino, "too young to be touched"
    assert photos.sweep(now=datetime.now(UTC) + store.SETTLED * 1.1) == 0
    after = os.stat(before)
    assert after.st_ino != former.st_ino
    assert after.st_mtime == former.st_mtime > hour_ago
    (image,) = followed(client, receipt).select("img.photo")
    assert client.get(str(image["src"])).status_code == 200


def test_a_report_sent_twice_keeps_each_photo_once(client: Client, town: Town, media: Path) -> None:
    key = key_of(client, town)
    for _ in range(2):
        send(client, town, upload(pictures.jpeg()), key=key)
    assert Concern.objects.count() == ConcernPhoto.objects.count() == 1
    assert len(files_below(media)) == 1


def test_a_second_sending_brings_what_the_first_lost(client: Client, town: Town) -> None:
    key = key_of(client, town)
    send(client, town, upload(pictures.jpeg()[:900]), key=key)
    assert ConcernPhoto.objects.count() == 0
    send(client, town, upload(pictures.jpeg()), key=key)
    assert ConcernPhoto.objects.count() == 1


def test_a_photo_that_cannot_be_read_does_not_stop_the_report_and_is_named(
    client: Client, town: Town
) -> None:
    receipt = page(
        send(
            client,
            town,
            upload(pictures.jpeg(), "good.jpg"),
            upload(b"<svg/>", "drawing.svg"),
            upload(pictures.png_that_claims(10_000, 6_000), "huge.png"),
        )
    )
    assert ConcernPhoto.objects.count() == 1
    refused = receipt.select_one("[aria-labelledby=refused-photos]")
    assert refused is not None
    assert "drawing.svg" in refused.get_text()
    assert "huge.png" in refused.get_text()
    assert "good.jpg" not in refused.get_text()
    again = receipt.select_one("form:has(#id_more_photos)")
    assert again is not None
    sent = {str(field["name"]): str(field["value"]) for field in again.select("input[value]")}
    answer = client.post("/track/", {**sent, "verb": "photos", "photos": [upload(BLUE)]})
    assert "The photo was added." in page(answer.content).get_text()
    assert ConcernPhoto.objects.count() == 2


BLUE = pictures.jpeg(pictures.colors(200, 100))


def test_at_most_six_photos_are_kept_and_the_rest_is_said(client: Client, town: Town) -> None:
    files = [
        upload(pictures.jpeg(pictures.colors(50 + number, 40)), f"{number}.jpg")
        for number in range(8)
    ]
    receipt = page(send(client, town, *files))
    assert ConcernPhoto.objects.count() == 6
    text = receipt.get_text()
    assert "6.jpg" in text
    assert "7.jpg" in text
    assert "5.jpg" not in text
    assert receipt.select_one("#id_more_photos") is None


def test_a_photo_that_is_too_large_is_dropped_while_it_comes_in(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "UPLOAD_BYTES", 100_000)
    large = pictures.jpeg() + bytes(100_000)
    receipt = page(send(client, town, upload(large, "large.jpg"), upload(BLUE, "small.jpg")))
    assert "larger than 15 MB" in receipt.get_text()
    assert ConcernPhoto.objects.count() == 1


@pytest.mark.parametrize("times", [1.5, 3])
def test_a_body_over_the_limit_still_stores_the_words(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch, times: float
) -> None:
    monkeypatch.setattr(uploads, "BODY_BYTES", 100_000)
    body = pictures.jpeg() + bytes(int(100_000 * times))
    receipt = page(send(client, town, upload(body)))
    assert Concern.objects.count() == 1
    assert ConcernPhoto.objects.count() == 0
    assert receipt.select_one("[data-receipt-code]") is not None


def test_no_other_page_takes_a_file(client: Client, town: Town, media: Path) -> None:
    sent = {**filled(town, key=key_of(client, town)), "photos": upload(pictures.phone_jpeg())}
    assert client.post("/report/new/", sent).status_code == 200
    assert files_below(media.parent) == []


@pytest.mark.privacy
def test_a_crash_between_photo_and_row_leaves_neither(
    client: Client, town: Town, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        """As if the process ended here."""

    def crash(*args: object, **kwargs: object) -> None:
        raise Crash

    monkeypatch.setattr("concerns.views.taking_photos.submit", crash)
    monkeypatch.setattr("concerns.actions.photos._drop_unused", lambda names: [])
    with pytest.raises(Crash):
        send(client, town, upload(pictures.jpeg()))
    monkeypatch.undo()
    assert len(files_below(media)) == 1
    now = datetime.now(UTC)
    assert photos.sweep(now=now) == 0, "it might belong to a report that is just being stored"
    assert photos.sweep(now=now + store.SETTLED * 1.1) == 1
    assert files_below(media) == []


def test_a_full_disk_costs_the_photo_and_not_the_report(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "write", full)
    receipt = page(send(client, town, upload(pictures.jpeg(), "mine.jpg")))
    assert Concern.objects.count() == 1
    assert "mine.jpg" in receipt.get_text()
    assert "could not be stored" in receipt.get_text()


def test_a_report_with_photos_costs_few_queries(client: Client, town: Town) -> None:
    sent = {**filled(town, key=key_of(client, town)), "photos": [upload(pictures.jpeg())]}
    without = {**filled(town, key=key_of(client, town))}
    with CaptureQueriesContext(connection) as plain:
        client.post("/report/done/", without)
    with CaptureQueriesContext(connection) as queries:
        client.post("/report/done/", sent)
    assert len(queries) <= len(plain) + 4
    assert ConcernPhoto.objects.count() == 1
