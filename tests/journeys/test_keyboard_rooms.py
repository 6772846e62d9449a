"""Every page of every role by Tab alone: all is reached, the focus is seen, nothing holds it."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from playwright.sync_api import Page, expect

from engagement.people.roles import Role
from tests import worlds
from tests.journeys import steps, walk
from tests.journeys.browsing import PHONE, Opens, Window
from tests.journeys.partners import board_of, handed_to
from tests.journeys.tabbing import Walked
from tests.journeys.test_keyboard import focus
from tests.journeys.test_meetings import desk_paths
from tests.journeys.towns import Town, boss_of, call_and_spam, head_of, shown_concern
from tests.meetings import halls
from tests.worlds import PASSWORD

BESIDE_A_CASE = ("hand-on/", "refer/", "links/", "place/", "wrong-door/")
OF_THE_QUEUE = ("filter/", "look/", "filters/", "bulk/", "hand-over/")


def assert_all_is_reached(pages: Iterable[Page]) -> None:
    walked = Walked()
    for page in pages:
        walked(page)
    told = [f"{url}: {', '.join(faults)}" for url, faults in walked.faults.items()]
    assert not told, "\n".join(told)
    assert walked.stops


def opened(window: Window, paths: Iterable[str]) -> Iterator[Page]:
    for path in paths:
        yield walk.opened(window, path)


def test_a_resident_reaches_everything_by_tab(opens: Opens, town: Town) -> None:
    shown = shown_concern(town)
    with opens() as window:
        assert_all_is_reached(walk.public_pages(window, shown))
        assert_all_is_reached(walk.followed_report(window, shown))
        email = f"ana@{town.agency.slug}.example"
        worlds.resident(email, now=timezone.now())
        steps.sign_in(window, email, PASSWORD)
        assert_all_is_reached(opened(window, ("/my/", "/my/meetings/", "/account/security/")))


def test_an_officer_reaches_everything_by_tab(opens: Opens, town: Town) -> None:
    shown = shown_concern(town)
    with opens() as window:
        assert_all_is_reached(walk.desk_pages(window, town, shown))
        beside = [f"{shown.desk_path}{each}" for each in BESIDE_A_CASE]
        queue = [f"/desk/concerns/{each}" for each in OF_THE_QUEUE]
        assert_all_is_reached(opened(window, [*beside, *queue]))


def test_on_a_phone_no_bar_covers_what_has_the_focus(opens: Opens, town: Town) -> None:
    shown = shown_concern(town)
    with opens(viewport=PHONE) as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        paths = ("/desk/", "/desk/concerns/", shown.desk_path)
        assert_all_is_reached(opened(window, paths))


def test_a_supervisor_reaches_everything_by_tab(opens: Opens, town: Town) -> None:
    shown, head = shown_concern(town), head_of(town)
    call_and_spam(town)
    with opens() as window:
        assert_all_is_reached(walk.concern_room_pages(window, head, shown))


def test_an_administrator_reaches_everything_by_tab(opens: Opens, town: Town) -> None:
    boss = boss_of(town)
    with opens() as window:
        assert_all_is_reached(walk.people_pages(window, boss))


def test_an_organiser_reaches_everything_by_tab(opens: Opens, town: Town) -> None:
    email, now = f"organiser@{town.agency.slug}.example", timezone.now()
    role = Role.ORGANISER
    worlds.officer(town.agency, "Jo Fenwick", role=role, district=None, email=email, now=now)
    hall, draft = halls.announced(town.agency), halls.drafted(town.agency)
    with opens() as window:
        steps.sign_in(window, email, PASSWORD)
        assert_all_is_reached(opened(window, desk_paths(hall, draft)))


def test_a_partner_reaches_everything_by_tab(opens: Opens, town: Town) -> None:
    board = board_of(town)
    handed = handed_to(town, board, worlds.reported(town.agency, now=timezone.now()).concern)
    with opens() as window:
        steps.sign_in(window, board.member_email, PASSWORD)
        assert_all_is_reached(opened(window, ("/partner/", f"/partner/{handed.reference}/")))


def test_the_skip_link_and_the_dialog_of_keys_keep_the_place(opens: Opens, town: Town) -> None:
    shown_concern(town)
    with opens() as window:
        page = steps.sign_in(window, town.officer_email, PASSWORD)
        window.open("/desk/")
        page.keyboard.press("Tab")
        assert focus(page)["name"] == "Skip to the main part"
        page.keyboard.press("Enter")
        assert focus(page)["name"] == "main"
        page.keyboard.press("Tab")
        before = focus(page)
        assert before["seen"]
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("button", name="Close")).to_be_focused()
        assert focus(page)["seen"]
        page.keyboard.press("Tab")
        expect(dialog.get_by_role("link")).to_be_focused()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert focus(page)["order"] == before["order"]
