"""Photos from a phone's camera roll to the officer's screen."""

import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from concerns.models import Concern, ConcernPhoto
from tests import pictures
from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens
from tests.journeys.portal import RunningPortal
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

    def remember(asked: Request) -> None:
        answer = asked.response()
        if answer and answer.headers.get("content-type") == "image/jpeg":
            bodies.append(answer.body())

    page.on("requestfinished", remember)
    act()
    expect(page.locator("img.photo")).to_have_count(2)
    sizes = set()
    for image in page.locator("img.photo").all():
        image.scroll_into_view_if_needed()
        sizes.add(size_of(image))
    assert sizes == {(480, 640), (640, 480)}
    assert len(bodies) == 2
    for body in bodies:
        assert body[:2] == b"\xff\xd8"
        assert pictures.CANARY.encode() not in body
        assert b"Exif" not in body


def size_of(image: Locator) -> tuple[int, int]:
    """Once it is loaded; in pixels."""

    def loaded() -> list[int]:
        width, height = image.evaluate("(one) => [one.naturalWidth, one.naturalHeight]")
        return [width, height] if width else []

    width, height = wait_for("the photo", loaded)
    return width, height


@pytest.mark.privacy
def test_a_slow_line_brings_its_photo_while_others_are_served(
    opens: Opens, portal: RunningPortal, town: Town
) -> None:
    with opens(java_script_enabled=False) as resident, opens() as other:
        page = resident.open("/report/new/")
        steps.choose_kind(page, words="")
        page.locator("#id_text").fill(WORDS)
        page.locator("input[name=level][value=anonymous]").check()
        steps.without_place(page)
        steps.check(page)
        content = request_of(page, pictures.jpeg(pictures.colors(1600, 1200), quality=100))
        pieces = [content[start : start + 8192] for start in range(0, len(content), 8192)]
        with socket.create_connection(("127.0.0.1", portal.port), timeout=60) as line:
            for number, piece in enumerate(pieces):
                line.sendall(piece)
                if number % (len(pieces) // 4) == 1:
                    other.open("/report/")
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"data-receipt-code" in answer
        concern = Concern.objects.get(text=WORDS, agency=town.agency)
        assert concern.photos.get().width == 1600


@pytest.mark.privacy
def test_a_line_that_breaks_leaves_nothing(opens: Opens, portal: RunningPortal, town: Town) -> None:
    with opens(java_script_enabled=False) as resident:
        page = resident.open("/report/new/")
        steps.choose_kind(page, words="")
        page.locator("#id_text").fill(WORDS)
        page.locator("input[name=level][value=anonymous]").check()
        steps.without_place(page)
        steps.check(page)
        content = request_of(page, pictures.phone_jpeg() + bytes(200_000))
        with socket.create_connection(("127.0.0.1", portal.port), timeout=60) as line:
            line.sendall(content[: len(content) // 2])
            line.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 400")
        assert not Concern.objects.filter(text=WORDS, agency=town.agency).exists()
        assert ConcernPhoto.objects.filter(agency=town.agency).count() == 0


def request_of(page: Page, photo: bytes) -> bytes:
    """What this check page's form would send with a photo, as bytes on the line."""
    form = page.locator("form[action^='/report/done/']")
    fields = form.locator("input[name]:not([type=file])").all()
    mark = "line-of-the-form"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{field.get_attribute("name")}"\r\n\r\n'
        f"{field.get_attribute('value') or ''}\r\n".encode()
        for field in fields
    ]
    parts += [
        f'--{mark}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode(),
        photo,
        f"\r\n--{mark}--\r\n".encode(),
    ]
    body = b"".join(parts)
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    head = [
        f"POST {form.get_attribute('action')} HTTP/1.1",
        f"Host: {urlsplit(page.url).netloc}",
        f"Origin: http://{urlsplit(page.url).netloc}",
        f"Cookie: {cookies}",
        f"Content-Type: multipart/form-data; boundary={mark}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body
