// Keys for lists and cases of the desk. Every key stands for a link, a button or a field that the
// page has anyway. Nothing happens while somebody types, and each person can switch them off.
"use strict";

(() => {
  const TYPED_IN = "input, textarea, select, [contenteditable], [role=combobox], [role=listbox]";
  const ROWS = "[data-row]";
  // What a key stands for on a case; the first one that the page has.
  const STEPS = {
    a: ["[data-key=a]", "form[action$='/accept/'] button", "form[action$='/assign/'] select"],
    r: ["[data-key=r]", "form[action*='/reply/'] textarea"],
  };
  const ASKED_FOR = "key=";

  const isSeen = (found) => found.getClientRects().length > 0;
  const rows = () => [...document.querySelectorAll(ROWS)].filter(isSeen);
  const linkOf = (row) => row.querySelector("[data-row-link], h2 a[href], h3 a[href], th a[href], a[href]");
  const current = () => document.activeElement && document.activeElement.closest(ROWS);

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    const link = linkOf(all[next]);
    if (!link) return;
    link.focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  function follow(link, wish) {
    if (!link) return;
    if (!wish) {
      link.click();
      return;
    }
    const url = new URL(link.href);
    url.hash = ASKED_FOR + wish;
    location.assign(url);
  }

  // Brings there and no further: a letter alone sends nothing.
  function go(wish) {
    const found = STEPS[wish].map((each) => document.querySelector(each)).find((each) => each);
    if (!found) return false;
    for (let box = found.closest("details:not([open])"); box; box = box.parentElement.closest("details:not([open])")) {
      box.open = true;
    }
    found.focus();
    found.scrollIntoView({ block: "center" });
    return true;
  }

  function showKeys() {
    const box = document.querySelector("dialog[data-keys]");
    if (!box || box.open) return;
    box.showModal();
  }

  const ACTS = {
    j: () => step(1),
    k: () => step(-1),
    o: () => follow(current() && linkOf(current())),
    a: () => (current() ? follow(linkOf(current()), "a") : go("a")),
    r: () => (current() ? follow(linkOf(current()), "r") : go("r")),
    n: () => follow(document.querySelector("main a[rel~=next]")),
    p: () => follow(document.querySelector("main a[rel~=prev]")),
    "?": showKeys,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest(TYPED_IN) || document.querySelector("dialog[open]")) return;
    const act = ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.querySelectorAll("dialog[data-keys] [data-keys-close]").forEach((button) => {
    button.addEventListener("click", () => button.closest("dialog").close());
  });
  // Somebody pressed the key in a list: the page of the case begins where they wanted to be.
  const wish = location.hash.startsWith(`#${ASKED_FOR}`) && location.hash.slice(ASKED_FOR.length + 1);
  if (wish && STEPS[wish]) {
    history.replaceState(history.state, "", location.pathname + location.search);
    go(wish);
  }
})();
