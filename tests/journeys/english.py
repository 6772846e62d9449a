"""Finds English that was left on a Spanish page."""

import re
from collections.abc import Iterable
from functools import cache

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from portal.translations import LOCALE
from tests.journeys.towns import OFFICER, Town

# Each text a reader or a screen reader meets, with what its part of the page says its language is.
TEXTS = """() => {
  const found = [];
  const add = (text, node) => {
    const words = (text || "").replace(/\\s+/g, " ").trim();
    const part = node.closest("[lang]");
    if (words && part.lang === "es") found.push(words);
  };
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("script, style")) add(walker.currentNode.data, parent);
  }
  for (const name of ["aria-label", "title", "alt", "placeholder"]) {
    document.querySelectorAll(`[${name}]`).forEach((one) => add(one.getAttribute(name), one));
  }
  document.querySelectorAll("[data-map], [data-place-search], [data-categories], [data-counter]")
    .forEach((one) => Object.entries(one.dataset).forEach(([key, text]) => {
      if (text.includes(" ")) add(text, one);
    }));
  return found;
}"""
# Words that stand in nearly every English sentence and in no Spanish one.
TELLTALE = re.compile(
    r"\b(the|and|of|to|you|your|with|for|this|that|is|are|was|not|we|it|by|from|what|who|"
    r"sign|report|send|open|close|search|show|help)\b",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|%%")
# The name of the portal, and names that towns of these tests bear.
NAMES = ("Common Ground", "Old Mill", "Lantern Hill", "West District", "East District", OFFICER)


@cache
def known_english() -> tuple[re.Pattern[str], ...]:
    """What the catalog translates into something else, placeholders standing for anything."""
    with (LOCALE / "es" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file)
    found = []
    for message in catalog:
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        for original in originals:
            if original and original not in translations:
                parts = [re.escape(part) for part in PLACEHOLDER.split(original)]
                # A lone placeholder would fit everything.
                if "".join(parts).strip():
                    found.append(re.compile(".+".join(parts)))
    return tuple(found)


def english_on(page: Page, town: Town) -> list[str]:
    """Each text on this page that is English; names of people and places may be."""
    return [text for text in page.evaluate(TEXTS) if is_english(text, town)]


def assert_no_english(pages: Iterable[Page], town: Town) -> None:
    """Look at page after page and fail with all that was found on each."""
    found = {}
    for page in pages:
        left = english_on(page, town)
        if left:
            found[page.url] = left
    assert not found, f"English was left: {found}"


def is_english(text: str, town: Town) -> bool:
    for name in (town.agency.name, *NAMES):
        text = text.replace(name, "")
    if not text.strip():
        return False
    return bool(TELLTALE.search(text)) or any(
        known.fullmatch(text.strip()) for known in known_english()
    )
