// Address, street and corner search as a combobox; without this file the form posts the same words.
"use strict";

(() => {
  function write(ids, values) {
    ids.forEach((id, i) => {
      const input = document.getElementById(id);
      if (!input) return;
      input.value = values[i];
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function start(root) {
    const input = root.querySelector("input");
    const say = root.querySelector("[data-place-say]");
    const list = document.createElement("ul");
    let results = [];
    let active = -1;
    let wait = 0;
    let asked = null;

    list.id = `${input.id}_list`;
    list.className = "combo-list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", root.querySelector("label").textContent);
    input.after(list);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    Object.entries(roles).forEach(([name, value]) => input.setAttribute(name, value));

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(place) {
      input.value = place.label;
      close();
      const map = document.querySelector('[data-map="pick"]');
      if (map) write([map.dataset.lonInput, map.dataset.latInput], [place.lon.toFixed(6), place.lat.toFixed(6)]);
      say.textContent = root.dataset.chosen.replace("{place}", place.label);
      document.dispatchEvent(new CustomEvent("place-chosen", { detail: place }));
    }

    function mark(index) {
      active = (index + results.length) % results.length;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    }

    function option(place, i) {
      const row = document.createElement("li");
      row.id = `${list.id}_${i}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.append(place.label);
      row.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        choose(place);
      });
      return row;
    }

    async function search() {
      const words = input.value.trim();
      if (words.length < 3) {
        close();
        return;
      }
      if (asked) asked.abort();
      asked = new AbortController();
      try {
        // By POST: what somebody looks for stands in no address line.
        const answer = await fetch(`/places/search/${root.dataset.agency}`, { method: "POST", body: new URLSearchParams({ q: words }), signal: asked.signal });
        results = (await answer.json()).results;
      } catch (fault) {
        if (fault.name === "AbortError") return;
        results = [];
      }
      list.replaceChildren(...results.map(option));
      list.hidden = results.length === 0;
      active = -1;
      input.setAttribute("aria-expanded", String(results.length > 0));
      input.removeAttribute("aria-activedescendant");
      say.textContent = results.length ? root.dataset.found.replace("{n}", results.length) : root.dataset.none;
    }

    const keys = {
      ArrowDown: () => mark(active + 1),
      ArrowUp: () => mark(active - 1),
      Escape: close,
      Enter: () => (active >= 0 ? choose(results[active]) : search()),
    };
    input.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(search, 250);
    });
    input.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      const needsList = event.key !== "Enter" && list.hidden;
      if (!act || needsList || event.isComposing) return;
      event.preventDefault();
      act();
    });
    input.addEventListener("blur", close);
    root.querySelector("button").addEventListener("click", (event) => {
      event.preventDefault();
      search();
      input.focus();
    });
  }

  document.querySelectorAll("[data-place-search]").forEach(start);
})();
