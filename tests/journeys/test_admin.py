"""The operator changes reference data in the administration, under the same strict policy."""

from django.utils import timezone
from playwright.sync_api import expect

from concerns.models import Category
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import PHONE, WIDE, Opens, Window
from tests.journeys.towns import Town, hotline
from tests.worlds import PASSWORD


def open_row(window: Window, path: str) -> None:
    page = window.open(path)
    page.locator("#id_label_en, input[name$='label_en'], input[name^=label]").first.wait_for()


def save(window: Window) -> None:
    window.page.locator("input[name=_save]").click()
    expect(window.page.locator(".messagelist .success")).to_be_visible()


def test_the_operator_edits_a_category_and_a_hotline(opens: Opens, town: Town) -> None:
    email = f"operator@{town.agency.slug}.example"
    worlds.operator(email, now=timezone.now())
    line = hotline(town.agency)
    category = Category.objects.get(agency=town.agency, code="graffiti")
    with opens() as window:
        steps.sign_in(window, email, PASSWORD)
        page = window.open("/admin/")
        page.get_by_role("link", name="Hotlines").first.click()
        window.open(f"/admin/places/hotline/{line.pk}/change/")
        page.locator("input[name=number]").fill("988 or 555-0199")
        save(window)
        open_row(window, f"/admin/concerns/category/{category.pk}/change/")
        page.locator("input[name^=label]").first.fill("Graffiti and tags")
        page.locator("input[name=target_days]").fill("9")
        save(window)
        window.open(f"/admin/concerns/category/{category.pk}/history/")
    category.refresh_from_db()
    assert (str(category.label), category.target_days) == ("Graffiti and tags", 9)
    with opens(viewport=PHONE) as resident:
        page = resident.open("/help/")
        expect(page.get_by_text("988 or 555-0199").first).to_be_visible()
        page = resident.open("/report/new/")
        page.locator("#category-words").fill("tags")
        expect(page.get_by_text("Graffiti and tags", exact=True)).to_be_visible()


def test_nobody_else_gets_into_the_administration(opens: Opens, town: Town) -> None:
    with opens(viewport=WIDE) as window:
        page = window.open("/admin/")
        assert "/account/login/" in page.url
        steps.sign_in(window, town.officer_email, PASSWORD)
        answer = page.goto(f"{window.origin}/admin/")
        assert answer is not None
        assert answer.status == 404
