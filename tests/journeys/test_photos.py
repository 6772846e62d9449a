"""Photos from a phone's camera roll to the officer's screen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from concerns.models import Concern
from tests import pictures
from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for
from tests.worlds import PASSWORD

WORDS = "The lamp over the north stairs has been dark for weeks."


@pytest.fixture
def camera_roll(tmp_path: Path) -> list[Path]:
    """A JPEG and a HEIC that say where and with what they were taken, and something else."""
    contents = {
        "stairs.jpg": pictures.phone_jpeg(6),
        "lamp.heic": pictures.phone_heic(),
        "notes.jpg": b"These are words and no photo.",
    }
    paths = []
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        paths.append(path)
    return paths


@pytest.mark.privacy
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_photos_come_with_a_report_and_only_their_pixels_arrive(
    opens: Opens, town: Town, camera_roll: list[Path], script: bool
) -> None:
    with (
        opens(java_script_enabled=script, viewport=PHONE) as resident,
        opens() as officer,
    ):
        page = resident.open("/report/new/")
        steps.choose_kind(page, words="graffiti" if script else "")
        steps.to_step(page, "words")
        page.locator("#id_text").fill(WORDS)
        steps.to_step(page, "you")
        page.locator("input[name=level][value=anonymous]").check()
        steps.without_place(page)
        steps.check(page)
        page.locator("input[type=file]").set_input_files(camera_roll)
        if script:
            expect(page.get_by_role("button", name="Remove: lamp.heic")).to_be_visible()
            expect(page.get_by_role("status").filter(has_text="Ready to send: 3")).to_be_visible()
            expect(page.get_by_role("img", name="stairs.jpg")).to_be_visible()
        page.get_by_role("button", name="Send report").click()
        steps.receipt(page)
        expect(page.get_by_text("One photo is not in your report")).to_be_visible()
        expect(page.get_by_text("notes.jpg")).to_be_visible()
        see = page.get_by_role("button", name="See my report")
        photos_that_load(page, see.click)
        reference = Concern.objects.get(text=WORDS, agency=town.agency).staff_reference
        desk = steps.sign_in(officer, town.officer_email, PASSWORD)
        photos_that_load(desk, lambda: officer.open(f"/desk/concerns/{reference}/"))


def photos_that_load(page: Page, act: Callable[[], object]) -> None:
    """After `act` both photos show, upright, and what came carries nothing but pixels."""
    bodies: list[bytes] = []

    def remember(answer: Response) -> None:
        if answer.headers.get("content-type") == "image/jpeg":
            bodies.append(answer.body())

    page.on("requestfinished", lambda asked: remember(asked.response()))  # type: ignore[arg-type]
    act()
    expect(page.locator("img.photo")).to_have_count(2)
    sizes = set()
    for image in page.locator("img.photo").all():
        image.scroll_into_view_if_needed()
        wait_for("the photo", lambda image=image: image.evaluate("(one) => one.naturalWidth"))
        sizes.add(tuple(image.evaluate("(one) => [one.naturalWidth, one.naturalHeight]")))
    assert sizes == {(480, 640), (640, 480)}
    assert len(bodies) == 2
    for body in bodies:
        assert body[:2] == b"\xff\xd8"
        assert pictures.CANARY.encode() not in body
        assert b"Exif" not in body
