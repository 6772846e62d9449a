"""Every page of the story, one stop after the other, in whatever language the visitor reads.

The steps find things by their names in the form, never by words, so that the same walk serves
English and Spanish.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.journeys import steps
from tests.journeys.browsing import Window
from tests.journeys.towns import Shown, Town
from tests.worlds import PASSWORD

SEND = "main form[data-once] button[type=submit]"
PLAIN_PATHS = (
    "/",
    "/report/",
    "/track/",
    "/concerns/",
    "/meetings/",
    "/areas/",
    "/areas/old-mill/",
    "/help/",
    "/help/privacy/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/nowhere/",
    "/leave/",
)


def public_pages(window: Window, shown: Shown) -> Iterator[Page]:
    """Pages that need nobody's name, then the form with its mistakes, check and receipt."""
    for path in (*PLAIN_PATHS, f"/concerns/{shown.public_reference}/"):
        yield opened(window, path)
    page = window.open("/report/new/")
    yield page
    send_empty(page)
    yield page
    yield from send_report(page)


def opened(window: Window, path: str) -> Page:
    """A page that is there, or the one that says that nothing is."""
    answer = window.page.goto(f"{window.origin}{path}")
    assert answer is not None
    assert (path, answer.status) == (path, 404 if "nowhere" in path else 200)
    return window.page


def send_form(page: Page) -> None:
    page.locator("main form button[type=submit]:not(.visually-hidden)").last.click()
    page.wait_for_load_state()


def send_empty(page: Page) -> None:
    """As it comes without a script, which would ask for what is missing at once."""
    page.evaluate("document.querySelector('[data-report-form]').submit()")
    page.locator("[data-errors]").wait_for()


def send_report(page: Page) -> Iterator[Page]:
    steps.choose_kind(page, words="")
    steps.to_step(page, "where")
    yield page
    page.locator("#id_area").select_option(index=1)
    steps.to_step(page, "words")
    yield page
    page.locator("#id_text").fill("Pintura roja, pintura roja.")
    steps.to_step(page, "you")
    yield page
    page.locator("input[name=level][value=anonymous]").check()
    send_form(page)
    yield page
    page.locator("form[action^='/report/done/'] button[type=submit]").first.click()
    page.locator("[data-receipt-code]").wait_for()
    yield page


def followed_report(window: Window, shown: Shown) -> Iterator[Page]:
    """Both answers of the page that takes code and secret."""
    page = window.open("/track/")
    page.locator("#id_code").fill(shown.receipt.code)
    page.locator("#id_secret").fill("WRONG")
    send_form(page)
    yield page
    yield steps.track(window, shown.receipt)


def desk_pages(window: Window, town: Town, shown: Shown) -> Iterator[Page]:
    """What the officer opens, with a preview and a refused form."""
    page = steps.sign_in(window, town.officer_email, PASSWORD)
    own = ("/my/", "/account/security/", "/account/security/app/", "/account/security/key/")
    desk = ("/account/sessions/", "/desk/", "/desk/concerns/", "/desk/nowhere/", shown.desk_path)
    for path in (*own, *desk):
        yield opened(window, path)
    window.open(shown.desk_path)
    page.locator("#publish summary").first.click()
    form = steps.verb(page, "publish")
    form.locator("textarea[name=text_en]").fill("Se pintó el muro.")
    form.locator("button").click()
    page.locator(".preview").first.wait_for()
    yield page
    window.open(shown.desk_path)
    steps.verb(page, "note").locator("button").first.click()
    page.locator("[data-errors]").wait_for()
    yield page


def concern_room_pages(window: Window, boss_email: str, shown: Shown) -> Iterator[Page]:
    """What a supervisor opens beside cases: every room, a sheet, a call with its number opened,
    what prints, and filing with its mistakes."""
    page = steps.sign_in(window, boss_email, PASSWORD)
    yield opened(window, "/desk/rooms/")
    rooms = [str(one.get_attribute("href")) for one in page.locator(".rooms a").all()]
    for path in (*rooms, shown.desk_path):
        yield opened(window, path)
    window.open("/desk/sheets/")
    page.locator("main tbody a").first.click()
    page.locator(".paper--sheet").wait_for()
    yield page
    yield opened(window, "/desk/calls/")
    page.locator("main .row a").first.click()
    page.wait_for_load_state()
    page.locator("form[action$='/open/'] button").click()
    page.locator("form[action$='/result/']").wait_for()
    yield page
    yield opened(window, "/desk/concerns/script/es/")
    yield opened(window, "/desk/concerns/poster/")
    page.locator("#id_name").fill("Biblioteca")
    send_form(page)
    page.locator(".poster").first.wait_for()
    yield page
    window.open("/desk/concerns/new/")
    send_form(page)
    page.locator("[data-errors]").wait_for()
    yield page


def people_pages(window: Window, boss_email: str) -> Iterator[Page]:
    """What an agency administrator opens, with a refused invitation."""
    page = steps.sign_in(window, boss_email, PASSWORD)
    for path in ("/desk/", "/desk/meetings/", "/desk/meetings/new/", "/desk/people/"):
        yield opened(window, path)
    colleagues = page.locator("main tbody a")
    for path in [one.get_attribute("href") for one in colleagues.all()]:
        assert path
        yield opened(window, path)
    window.open("/desk/people/invite/")
    send_form(page)
    page.locator("[data-errors]").wait_for()
    yield page
