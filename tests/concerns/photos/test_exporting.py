"""A copy of everything held about a report, with its photos."""

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest
from django.test import Client

from concerns.models import Concern, ConcernPhoto
from concerns.views import export_archive
from engagement.doors.pictures import store
from tests import pictures
from tests.concerns.photos.test_reporting import page, send, upload
from tests.concerns.town import Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def pass_on(receipt: bytes) -> str:
    field = page(receipt).select_one("input[name=pass]")
    assert field is not None
    return str(field["value"])


def download(client: Client, sent: Mapping[str, str]) -> tuple[zipfile.ZipFile, str]:
    answer = client.post("/track/", {"verb": "export", "form": "zip", **sent})
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    whole = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert whole.testzip() is None
    return whole, answer["Content-Disposition"]


@pytest.mark.privacy
def test_a_copy_of_a_report_holds_its_photos_made_new_and_nothing_of_where_they_were_taken(
    client: Client, town: Town
) -> None:
    receipt = send(
        client, town, upload(pictures.phone_jpeg()), upload(pictures.jpeg(pictures.colors(64, 48)))
    )
    signed = pass_on(receipt)
    client.post(
        "/track/",
        {"pass": signed, "verb": "answer", "text": "One more", "photos": upload(pictures.jpeg())},
    )
    archive, disposition = download(client, {"pass": signed})
    [held] = json.loads(archive.read("reports.json"))
    rows = held["photos"]["rows"]
    assert [row["name"] for row in rows] == archive.namelist()[1:]
    assert [row["reply"] for row in rows] == [False, False, True]
    stored = ConcernPhoto.objects.order_by("id")
    for row, photo in zip(rows, stored, strict=True):
        assert archive.read(row["name"]) == store.read(photo.name, agency_id=photo.agency_id)
        assert photo.name.rpartition("/")[2] not in archive.namelist()
    assert Concern.objects.get().tracking_code not in disposition
    assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}


def test_more_photos_than_one_download_carries_are_taken_part_by_part(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = pass_on(
        send(client, town, upload(pictures.jpeg(pictures.colors(64, 48))), upload(pictures.jpeg()))
    )
    monkeypatch.setattr(export_archive, "PART_BYTES", 1)
    asked = client.post("/track/", {"pass": signed, "verb": "export", "form": "zip"})
    buttons = page(asked.content).select("button[name=part]")
    assert [str(button["value"]) for button in buttons] == ["1", "2"]
    names = []
    for button in buttons:
        archive, _name = download(client, {"pass": signed, "part": str(button["value"])})
        names += archive.namelist()[1:]
        assert archive.namelist()[0] == "reports.json"
    assert len(names) == len(set(names)) == 2
    for wrong in ("0", "3", "x", "²"):
        asked = client.post(
            "/track/", {"pass": signed, "verb": "export", "form": "zip", "part": wrong}
        )
        assert asked["Content-Type"].startswith("text/html")


def test_a_photo_that_cannot_be_read_is_named_and_the_others_come(
    client: Client, town: Town
) -> None:
    signed = pass_on(
        send(client, town, upload(pictures.jpeg(pictures.colors(64, 48))), upload(pictures.jpeg()))
    )
    lost = ConcernPhoto.objects.order_by("id")[0]
    store.delete(lost.name)
    archive, _name = download(client, {"pass": signed})
    code = Concern.objects.get().tracking_code
    assert archive.namelist() == [
        "reports.json",
        f"photos/{code}-02.jpg",
        "not-included.txt",
    ]
    assert f"photos/{code}-01.jpg" in archive.read("not-included.txt").decode()


def test_a_report_without_photos_is_a_download_of_its_words(client: Client, town: Town) -> None:
    signed = pass_on(send(client, town))
    archive, _name = download(client, {"pass": signed})
    assert archive.namelist() == ["reports.json"]
