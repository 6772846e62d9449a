// The report form: finds kinds by everyday words, and keeps pin and search results in step.
"use strict";

(() => {
  const plain = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  // Words that say nothing about the kind, in both languages.
  const SMALL = new Set(
    "a an and are at by for in is it its my of on or our some that the there this to was with de del el en es esta hay la las lo los me mi mis muy o para por que se su sus un una y".split(" "),
  );

  // How many letters differ at most, two swapped ones counted once; more than `most` is too far.
  function isNear(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return false;
    let [older, old] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        const same = a[i - 1] === b[j - 1];
        row[j] = Math.min(row[j - 1] + 1, old[j] + 1, old[j - 1] + (same ? 0 : 1));
        const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
        if (swapped) row[j] = Math.min(row[j], older[j - 2] + 1);
      }
      [older, old] = [old, row];
    }
    return old[b.length] <= most;
  }

  // How well one typed word fits one known word; 0 when it does not.
  function fit(typed, known) {
    if (typed === known) return 4;
    if (typed.length > 2 && known.startsWith(typed)) return 3;
    if (known.length > 3 && typed.startsWith(known)) return 2;
    const most = typed.length > 7 ? 2 : Number(typed.length > 3);
    if (!most) return 0;
    const begun = known.slice(0, typed.length);
    return isNear(typed, known, most) || isNear(typed, begun, 1) ? 1 : 0;
  }

  const best = (typed, known) => Math.max(0, ...known.map((word) => fit(typed, word)));

  // A name counts more than the words beside it; a kind that fits more of the words comes first.
  function score(kind, words) {
    return words.reduce((sum, word) => {
      const found = Math.max(1.5 * best(word, kind.name), best(word, kind.words));
      return sum + (found ? found + 2 : 0);
    }, 0);
  }

  const split = (words) => plain(words).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  function startKinds(root) {
    const input = root.querySelector("[data-category-search] input");
    const say = root.querySelector("[data-category-search] [role=status]");
    const place = root.querySelector("[data-category-found]");
    const groups = [...root.querySelectorAll("[data-category-group]")];
    const kinds = [...root.querySelectorAll("[data-kind]")].map((row) => {
      const name = row.querySelector("[data-kind-name]").textContent;
      return { row, home: row.parentElement, label: name, name: split(name), words: split(row.dataset.words) };
    });
    let wait = 0;

    function find() {
      const typed = split(input.value).filter((word) => word.length > 1);
      const telling = typed.filter((word) => !SMALL.has(word));
      const words = telling.length ? telling : typed;
      const found = kinds
        .map((kind) => ({ ...kind, score: score(kind, words) }))
        .filter((kind) => kind.score > 0)
        .sort((one, other) => other.score - one.score)
        .slice(0, 6);
      // Rows move instead of being copied, so that a choice made stays made.
      kinds.forEach(({ row, home }) => home.append(row));
      place.append(...found.map(({ row }) => row));
      groups.forEach((group) => {
        group.hidden = found.length > 0;
        group.open = Boolean(group.querySelector(":checked"));
      });
      clearTimeout(wait);
      wait = setTimeout(() => {
        if (!words.length) say.textContent = "";
        else if (!found.length) say.textContent = root.dataset.none;
        else say.textContent = root.dataset.found.replace("{n}", found.length).replace("{first}", found[0].label);
      }, 300);
    }

    input.addEventListener("input", find);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }

  document.querySelectorAll("[data-categories]").forEach(startKinds);

  // A pin that is moved later means another place than the search result chosen before.
  ["id_lon", "id_lat"].forEach((id) => {
    const input = document.getElementById(id);
    if (!input) return;
    input.addEventListener("change", () => {
      document.querySelectorAll("[data-place-hits] :checked").forEach((hit) => {
        hit.checked = false;
      });
    });
  });
})();
