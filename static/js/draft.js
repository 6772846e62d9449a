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
    // The 24 hours run from the tick, however long somebody goes on typing.
    let until = kept ? kept.until : 0;
    if (!input) return;

    function stop() {
      tick.checked = false;
      drop(name);
      say.textContent = box.dataset.gone;
    }

    function keep() {
      if (!tick.checked) return;
      try {
        if (until < Date.now()) stop();
        else localStorage.setItem(name, JSON.stringify({ text: input.value, until }));
      } catch {
        stop();
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
      if (!tick.checked) return stop();
      until = Date.now() + HOURS * 3600 * 1000;
      say.textContent = box.dataset.kept;
      return keep();
    });
    // At each word and at no other moment: what is written as a page ends would come after the
    // clearing at sign-out.
    input.addEventListener("input", keep);
    window.addEventListener("storage", (event) => {
      // Sent or left in another tab.
      if (event.key === null || (event.key === name && event.newValue === null)) stop();
    });
    box.hidden = false;
  }

  document.querySelectorAll("[data-draft]").forEach(start);
  document.querySelectorAll("[data-draft-sent]").forEach((sent) => drop(nameOf(sent.dataset.draftSent)));
})();
