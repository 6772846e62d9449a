"""Tab through a whole page, as somebody without a mouse does, and judge every stop."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page

# Watches where the focus goes. What can take it is listed before, closed parts opened: of radio
# buttons only one a group, the chosen or the first. Where a stop stands is looked at when the
# focus comes, and again when it leaves, as the page scrolls only in between.
WATCH = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const can = "a[href], area[href], button, input, select, textarea, summary, [tabindex]";
  const radios = new Map();
  const listed = [...document.querySelectorAll(can)].filter((one) => {
    if (one.disabled || one.type === "hidden" || one.tabIndex < 0) return false;
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest("[inert]")) return false;
    if (one.type !== "radio") return true;
    const group = `${one.form && one.form.action} ${one.name}`;
    const first = radios.get(group);
    if (!first) radios.set(group, one);
    if (first && one.checked) radios.set(group, one);
    return true;
  }).filter((one) => one.type !== "radio" || [...radios.values()].includes(one));
  const name = (one) => `${one.tagName.toLowerCase()} “${(one.ariaLabel || one.name || one.id
    || one.textContent.trim().slice(0, 40))}”`;
  const ring = (style) => style.boxShadow !== "none"
    || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const isRinged = (one) => ring(getComputedStyle(one)) || ring(getComputedStyle(one, "::after"))
    || (one.closest(".choice") && ring(getComputedStyle(one.closest(".choice"))));
  const isInSight = (one) => {
    const box = one.getClientRects()[0] || one.getBoundingClientRect();
    const spots = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
    return spots.some(([right, down]) => {
      const x = box.left + box.width * right, y = box.top + box.height * down;
      const hit = document.elementFromPoint(x, y);
      return hit && (one.contains(hit) || hit.contains(one) && hit.closest("label, a, .row"));
    });
  };
  const watch = { listed: listed.map(name), left: new Set(listed), stops: [], faults: [] };
  let before = null, wasInSight = false;
  const isBefore = (one, other) => Boolean(
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  document.addEventListener("focusin", ({ target }) => {
    watch.stops.push(target);
    watch.left.delete(target);
    if (target.tabIndex > 0) watch.faults.push(`${name(target)} has an order of its own`);
    if (before && isBefore(target, before) && target !== watch.stops[0]) {
      watch.faults.push(`Tab jumps back to ${name(target)}`);
    }
    if (!isRinged(target)) watch.faults.push(`nothing shows the focus on ${name(target)}`);
    before = target;
    wasInSight = isInSight(target);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (wasInSight || isInSight(target)) return;
    watch.faults.push(`${name(target)} has the focus out of sight`);
  });
  watch.told = () => ({
    number: listed.length,
    skips: listed.every((one) => one.closest("main")) || watch.stops[0]?.matches("a.skip"),
    unreached: [...watch.left].map(name),
    faults: [...new Set(watch.faults)],
    is_round: watch.stops.length > 1 && watch.stops.slice(1).includes(watch.stops[0]),
  });
  window.tabbing = watch;
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  watch.stops.length = 0;
  watch.faults.length = 0;
  before = null;
  return listed.length;
}"""
# What a key on a keyboard sends; asking the browser directly takes a fifth of the time.
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
# Fields of dates stop at each of their parts, and maps bring stops along when they are drawn.
MORE, AT_ONCE = 60, 6


@dataclass
class Walked:
    """What was wrong with the focus, page by page."""

    stops: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, page: Page) -> None:
        found = tab_through(page)
        self.stops += found["number"]
        faults = [*found["faults"], *(f"Tab never reaches {one}" for one in found["unreached"])]
        if not found["skips"]:
            faults.append("the first stop is no way past the navigation")
        if faults:
            self.faults[page.url] = faults


def tab_through(page: Page) -> dict[str, Any]:
    """Press Tab until everything that can have the focus had it, or nothing new comes."""
    number: int = page.evaluate(WATCH)
    keys = page.context.new_cdp_session(page)
    press(keys, number)
    found: dict[str, Any] = page.evaluate("window.tabbing.told()")
    for _round in range(MORE // AT_ONCE):
        if not found["unreached"] or found["is_round"]:
            break
        press(keys, AT_ONCE)
        found = page.evaluate("window.tabbing.told()")
    keys.detach()
    return found


def press(keys: CDPSession, times: int) -> None:
    for _stop in range(times):
        keys.send("Input.dispatchKeyEvent", TAB)
