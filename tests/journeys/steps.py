"""What people do, page by page, with a mouse; each step ends on the page that it leads to."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import Window


@dataclass(frozen=True)
class Receipt:
    """What brings a reporter back."""

    code: str
    secret: str


def through_help_to_form(page: Page) -> None:
    """From the front page past the help-first page; on a phone the same links."""
    page.get_by_role("main").get_by_role("link", name="Report a concern").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is happening?")
    page.get_by_role("main").get_by_role("link", name="Report a local concern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Report a local concern")


def to_step(page: Page, name: str) -> None:
    """Show one part of the report form: what, where, words or you. Without a script all show."""
    part = page.locator(f"[data-step={name}]")
    if not part.is_visible():
        page.evaluate("(name) => { location.hash = name; }", name)
        expect(part).to_be_visible()


def choose_kind(page: Page, words: str = "graffiti") -> None:
    """Find graffiti by a word, or by its group when there is no word to type."""
    to_step(page, "what")
    choice = page.locator("input[name=category][value=graffiti]")
    if words:
        page.locator("#category-words").fill(words)
    else:
        group = page.locator("details", has=choice)
        if group.get_attribute("open") is None:
            group.locator("summary").click()
    choice.check()


def put_pin(page: Page) -> None:
    """Click the map at a point of the first district, the western half."""
    to_step(page, "where")
    chart = page.locator("[data-map=pick]")
    chart.scroll_into_view_if_needed()
    expect(chart.locator(".map-area").first).to_be_attached()
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": box["width"] * 0.4, "y": box["height"] * 0.5})
    expect(page.locator("[data-map-say]")).to_contain_text("The pin is set in Old Mill.")


def write(page: Page, words: str) -> None:
    to_step(page, "words")
    page.locator("#id_text").fill(words)


def without_place(page: Page) -> None:
    to_step(page, "where")
    page.locator("#id_no_place").check()


def fill_report(page: Page, *, text: str, level: str = "anonymous", email: str = "") -> None:
    """Everything on the form but the place."""
    choose_kind(page)
    write(page, text)
    to_step(page, "you")
    page.locator(f"input[name=level][value={level}]").check()
    if email:
        page.locator("#id_email").fill(email)


def check(page: Page) -> None:
    """On to the page that is read before sending. Without a script the kind's questions come
    first, on the same form."""
    to_step(page, "you")
    forward = page.locator("main form button[type=submit]:not(.visually-hidden)").last
    forward.click()
    page.wait_for_load_state()
    if page.locator("[data-report-form] [name=asked]:enabled").count():
        forward.click()
    expect(page.locator("form[action^='/report/done/']")).to_be_visible()


def check_and_send(page: Page) -> Receipt:
    check(page)
    page.locator("form[action^='/report/done/'] button[type=submit]").first.click()
    return receipt(page)


def receipt(page: Page) -> Receipt:
    """The code and the secret that the page shows."""
    return Receipt(
        page.locator("[data-receipt-code]").inner_text(),
        page.locator("[data-receipt-secret]").inner_text(),
    )


def track(window: Window, found: Receipt) -> Page:
    """Come back by code and secret."""
    page = window.open("/track/")
    page.locator("#id_code").fill(found.code)
    page.locator("#id_secret").fill(found.secret)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("h2#talk")).to_be_visible()
    return page


def sign_in(window: Window, email: str, password: str) -> Page:
    page = window.open("/account/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/account/login/" not in address)
    return page


def verb(page: Page, name: str) -> Locator:
    """The form of one verb on a concern's page at the desk."""
    return page.locator(f"form[action$='/{name}/'], form[action*='/{name}/#']")


def accept(page: Page) -> None:
    verb(page, "accept").get_by_role("button").first.click()
    expect(page.get_by_text("Accepted. The reporter is told.")).to_be_visible()


def reply(page: Page, words: str, *, is_question: bool = False) -> None:
    form = verb(page, "reply")
    form.locator("textarea").fill(words)
    form.locator("input[type=checkbox]").set_checked(is_question)
    say_it_is_their_language(form)
    form.get_by_role("button", name="See what the reporter will read").click()
    send(page, "Send to the reporter", words)
    expect(page.get_by_text("Sent to the reporter.")).to_be_visible()


def say_it_is_their_language(form: Locator) -> None:
    """Who reads no English is not written to without a word about the language."""
    own = form.locator("input[name=spoken][value=own]")
    if own.count():
        own.check()


def send(page: Page, button: str, words: str) -> None:
    """From the preview of what the reporter will read."""
    expect(page.get_by_role("heading", level=1)).to_have_text("What the reporter will read")
    expect(page.locator(".bubble")).to_contain_text(words)
    page.get_by_role("button", name=button).click()


def resolve(page: Page, words: str) -> None:
    page.locator("#resolve summary").click()
    form = verb(page, "resolve")
    form.locator("input[value=fixed]").check()
    form.locator("textarea").fill(words)
    say_it_is_their_language(form)
    form.get_by_role("button", name="See what the reporter will read").click()
    send(page, "Send and end it", words)
    expect(page.get_by_text("The reporter has 14 days")).to_be_visible()


def publish(page: Page, summary: str, spanish: str = "") -> None:
    """Write it, look at the preview, publish it."""
    page.locator("#publish summary").first.click()
    form = verb(page, "publish")
    form.locator("textarea[name=text_en]").fill(summary)
    form.locator("textarea[name=text_es]").fill(spanish)
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the public will read")
    expect(page.locator(".preview").first).to_contain_text(summary)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published. The public pages show it now.")).to_be_visible()
