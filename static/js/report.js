// The report form: finds kinds by everyday words, and keeps pin and search results in step.
"use strict";

(() => {
  const plain = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  function startKinds(root) {
    const input = root.querySelector("[data-category-search] input");
    const say = root.querySelector("[data-category-search] [role=status]");
    const groups = [...root.querySelectorAll("[data-category-group]")];
    const kinds = [...root.querySelectorAll(".choice")].map((row) => ({
      row,
      text: plain(`${row.textContent} ${row.dataset.words}`),
    }));

    function find() {
      const words = plain(input.value).split(/\s+/).filter((word) => word.length > 1);
      let found = 0;
      kinds.forEach(({ row, text }) => {
        const fits = words.every((word) => text.includes(word));
        row.hidden = !fits;
        found += fits ? 1 : 0;
      });
      groups.forEach((group) => {
        const some = group.querySelector(".choice:not([hidden])");
        group.hidden = !some;
        group.open = Boolean(group.querySelector(":checked")) || (words.length > 0 && Boolean(some));
      });
      if (!words.length) say.textContent = "";
      else say.textContent = found ? root.dataset.found.replace("{n}", found) : root.dataset.none;
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
