// A case page that stays open learns who else is here and that something is new. Nothing that is
// being typed is ever touched: new parts are shown when somebody asks for them, forms stay.
"use strict";

(() => {
  const box = document.querySelector("[data-live]");
  if (!box) return;
  const EVERY = 20000;
  const SLOWEST = 160000;
  let wait = EVERY;
  let timer = 0;
  let address = box.dataset.live;
  let shown = box.innerHTML.trim();

  function again() {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }

  async function ask() {
    // Nobody looks: who left the page in the background is not "here" either.
    if (document.hidden) return;
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "error", cache: "no-store" });
      // Signed out, or the case is not theirs to read any more: there is nothing to ask for.
      if ([403, 404].includes(answer.status) || answer.headers.has("HX-Redirect")) return;
      if (!answer.ok) throw new Error("not now");
      const found = (await answer.text()).trim();
      wait = EVERY;
      if (found !== shown) {
        shown = found;
        box.innerHTML = found;
      }
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
    }
    again();
  }

  // Each part that only tells is renewed; forms keep their words and learn what was seen.
  async function show(link) {
    const answer = await fetch(link.href, { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error("not now");
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-live-part]").forEach((part) => {
      const now = fresh.querySelector(`[data-live-part="${part.dataset.livePart}"]`);
      if (now) part.replaceChildren(...now.childNodes);
    });
    ["seen_version", "seen_as"].forEach((name) => {
      const now = fresh.querySelector(`input[name="${name}"]`);
      if (now) document.querySelectorAll(`input[name="${name}"]`).forEach((input) => { input.value = now.value; });
    });
    const renewed = fresh.querySelector("[data-live]");
    address = renewed.dataset.live;
    shown = renewed.innerHTML.trim();
    box.innerHTML = shown;
    const place = document.querySelector('[data-live-part="thread"]');
    if (place) {
      place.tabIndex = -1;
      place.focus();
    }
  }

  box.addEventListener("click", (event) => {
    const link = event.target.closest("[data-live-show]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    // Where it cannot be fetched the link does what links do.
    show(link).catch(() => location.assign(link.href));
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });
  again();
})();
