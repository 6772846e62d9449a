"""Photos on public pages: only chosen ones, painted over, and gone when they are taken off."""

import io
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from concerns.actions import following, publishing, triage
from concerns.models import Concern, ConcernPhoto
from concerns.published.models import PublicPhoto
from concerns.views.photos_shown import key_of
from engagement.audit.actors import Actor
from engagement.doors.pictures.decoding import Picture
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests import pictures, worlds
from tests.concerns.photos.test_reporting import files_below, page
from tests.concerns.photos.test_showing import add

pytestmark = pytest.mark.django_db
WHOLE = Picture(pictures.jpeg(), 640, 480)


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
    """Published, with one photo that nobody chose yet."""
    found = worlds.reported(cedar, now=timezone.now()).concern
    by, now = Actor.staff(officer.pk), timezone.now()
    found = triage.accept(concern_id=found.pk, seen_version=found.version, by=by, now=now)
    publishing.publish(
        concern_id=found.pk,
        seen_version=found.version,
        summary=Wording({"en": "Paint at the underpass is on our list."}),
        by=by,
        now=now,
    )
    add(found, WHOLE)
    found.refresh_from_db()
    return found


def url(concern: Concern, verb: str) -> str:
    photo = ConcernPhoto.objects.get(concern=concern)
    return f"/desk/concerns/{concern.staff_reference}/photos/{key_of(photo.name)}/{verb}/"


def typed(concern: Concern, **changes: str) -> dict[str, str]:
    concern.refresh_from_db()
    return {
        "seen_version": str(concern.version),
        "shows_en": "A wall with red paint",
        "looked": "on",
        "left_0": "0",
        "top_0": "0",
        "right_0": "50",
        "bottom_0": "50",
        **changes,
    }


def show(desk: Client, concern: Concern, **changes: str) -> PublicPhoto:
    answer = desk.post(url(concern, "show"), {**typed(concern, **changes), "step": "publish"})
    assert answer.status_code == 302, answer.content.decode()
    return PublicPhoto.objects.get()


def public_page(client: Client, concern: Concern) -> str:
    public = concern.public
    assert public is not None
    return f"/concerns/{public.reference}/"


def public_address(client: Client, concern: Concern) -> str:
    shown = page(client.get(public_page(client, concern)).content).select_one("img.photo")
    assert shown is not None
    assert shown["alt"] == "A wall with red paint"
    return str(shown["src"])


@pytest.mark.privacy
def test_no_photo_is_public_until_staff_choose_it(client: Client, concern: Concern) -> None:
    assert page(client.get(public_page(client, concern)).content).select("img.photo") == []
    key = key_of(ConcernPhoto.objects.get().name)
    assert client.get(f"{public_page(client, concern)}photos/{key}/").status_code == 404


@pytest.mark.privacy
def test_the_public_copy_is_a_new_file_with_the_boxes_painted_solid(
    client: Client, desk: Client, concern: Concern
) -> None:
    copy = show(desk, concern)
    assert copy.name != ConcernPhoto.objects.get().name
    answer = client.get(public_address(client, concern))
    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    made = Image.open(io.BytesIO(answer.content)).convert("RGB")
    covered = made.crop((0, 0, 318, 238)).getextrema()
    assert max(high for _low, high in covered) < 40  # type: ignore[misc]
    assert made.getpixel((500, 400))[2] > 200  # type: ignore[index]


@pytest.mark.privacy
def test_a_new_choice_deletes_the_former_copy_at_once(
    client: Client,
    desk: Client,
    concern: Concern,
    media: Path,
    django_capture_on_commit_callbacks: object,
) -> None:
    former = show(desk, concern)
    address = public_address(client, concern)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        second = show(desk, concern, right_0="100", bottom_0="100")
    assert second.name != former.name
    assert client.get(address).status_code == 404
    assert not (media / "photos" / former.name).exists()
    assert len(files_below(media)) == 2, "the original and the new copy"


@pytest.mark.privacy
@pytest.mark.parametrize("way", ["hide", "unpublish", "withdraw"])
def test_what_is_taken_off_is_gone_with_its_file(
    client: Client,
    desk: Client,
    concern: Concern,
    media: Path,
    django_capture_on_commit_callbacks: object,
    way: str,
) -> None:
    show(desk, concern)
    address = public_address(client, concern)
    concern.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        if way == "hide":
            desk.post(url(concern, "hide"), {"seen_version": str(concern.version)})
        elif way == "unpublish":
            desk.post(
                f"/desk/concerns/{concern.staff_reference}/unpublish/",
                {"seen_version": str(concern.version)},
            )
        else:
            following.withdraw(concern_id=concern.pk, by=Actor.reporter(), now=timezone.now())
    assert client.get(address).status_code == 404
    assert PublicPhoto.objects.count() == 0
    assert len(files_below(media)) == 1
    assert ConcernPhoto.objects.get().public is None


def test_staff_see_the_covered_photo_before_it_is_public(desk: Client, concern: Concern) -> None:
    preview = page(desk.post(url(concern, "show"), {**typed(concern), "step": "preview"}).content)
    image = preview.select_one("img.photo-whole")
    assert image is not None
    answer = desk.get(str(image["src"]))
    made = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert max(made.getpixel((100, 100))) < 40  # type: ignore[arg-type]
    assert PublicPhoto.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"looked": ""},
        {"shows_en": ""},
        {"right_0": ""},
        {"right_0": "0"},
        {"bottom_0": "101"},
    ],
)
def test_a_careless_choice_is_refused(
    desk: Client, concern: Concern, changes: dict[str, str]
) -> None:
    answer = desk.post(url(concern, "show"), {**typed(concern, **changes), "step": "publish"})
    assert answer.status_code == 422
    assert PublicPhoto.objects.count() == 0


def test_the_reporters_own_words_describe_no_photo(desk: Client, concern: Concern) -> None:
    Concern.objects.filter(pk=concern.pk).update(text="my neighbor paints the wall every night")
    words = "Here my neighbor paints the wall every night"
    answer = desk.post(url(concern, "show"), {**typed(concern, shows_en=words), "step": "publish"})
    assert answer.status_code == 422
    assert PublicPhoto.objects.count() == 0


def test_a_stale_choice_is_refused(desk: Client, concern: Concern) -> None:
    old = typed(concern)
    show(desk, concern)
    answer = desk.post(url(concern, "show"), {**old, "right_0": "10", "step": "publish"})
    assert answer.status_code == 409
    assert PublicPhoto.objects.count() == 1


@pytest.mark.privacy
def test_elsewhere_nobody_chooses_or_covers(desk: Client, concern: Concern) -> None:
    other = worlds.agency("eastfield", east=1.0, now=timezone.now())
    stranger = worlds.signed_in(worlds.officer(other, now=timezone.now()))
    assert stranger.get(url(concern, "show")).status_code == 404
    assert stranger.get(url(concern, "covered")).status_code == 404
    assert stranger.post(url(concern, "show"), typed(concern)).status_code == 404
    assert PublicPhoto.objects.count() == 0
