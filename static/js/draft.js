// A draft stays on this device only while its box is ticked: the words alone, for 24 hours.
"use strict";

(() => {
  const HOURS = 24;
  const nameOf = (agency) => `draft:${agency}`;

  function read(name) {
    try {
      const draft = JSON.parse(localStorage.getItem(name));
      return draft && draft.until > Date.now() ? draft : null;
    } catch {
      return null;
    }
  }

  function drop(name) {
    try {
      localStorage.removeItem(name);
    } catch {
      // Storage is switched off, so nothing was kept.
    }
  }

  function start(box) {
    const input = document.getElementById(box.dataset.draft);
    const tick = box.querySelector("[data-draft-tick]");
    const say = box.querySelector("[data-draft-say]");
    const name = nameOf(box.dataset.name);
    const kept = read(name);
    let wait = 0;
    if (!input) return;

    function keep() {
      if (!tick.checked) return;
      // The 24 hours run from the first word kept, however long somebody goes on typing.
      const until = (read(name) || { until: Date.now() + HOURS * 3600 * 1000 }).until;
      try {
        localStorage.setItem(name, JSON.stringify({ text: input.value, until }));
      } catch {
        tick.checked = false;
        say.textContent = box.dataset.gone;
      }
    }

    if (kept) {
      tick.checked = true;
      if (!input.value) {
        input.value = kept.text;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        say.textContent = box.dataset.back;
      }
    }
    tick.addEventListener("change", () => {
      if (tick.checked) keep();
      else drop(name);
      say.textContent = tick.checked ? box.dataset.kept : box.dataset.gone;
    });
    input.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(keep, 400);
    });
    window.addEventListener("pagehide", () => {
      // "Leave quickly" empties the form first; an empty box is nothing to keep.
      if (input.value) keep();
    });
    box.hidden = false;
  }

  document.querySelectorAll("[data-draft]").forEach(start);
  document.querySelectorAll("[data-draft-sent]").forEach((sent) => drop(nameOf(sent.dataset.draftSent)));
})();
