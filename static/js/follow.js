// The form for following: shows the part that belongs to the chosen answer, and keeps a found place.
"use strict";

(() => {
  document.querySelectorAll("[data-follow]").forEach((form) => {
    const parts = form.querySelectorAll("[data-follow-part]");
    const near = form.querySelector("#id_near");

    function show() {
      const chosen = form.querySelector('[name="where"]:checked');
      parts.forEach((part) => {
        part.hidden = !chosen || part.dataset.followPart !== chosen.value;
      });
    }

    form.addEventListener("change", show);
    document.addEventListener("place-chosen", ({ detail }) => {
      near.disabled = false;
      near.value = `${detail.lon},${detail.lat}`;
      form.querySelectorAll('input[type="radio"][name="near"]').forEach((old) => old.closest("fieldset").remove());
    });
    const words = form.querySelector("#id_place_query");
    // Other words mean another place.
    words.addEventListener("input", () => {
      near.value = "";
    });
    show();
  });
})();
