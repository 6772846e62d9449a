// The queue: one box ticks a whole page, and the map beside the list shows the same rows.
"use strict";

(() => {
  const all = document.querySelector("[data-tick-all]");
  const ticks = () => [...document.querySelectorAll("#queue-rows tbody input[name=reference]")];

  function mirror() {
    const boxes = ticks();
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  if (all) {
    all.addEventListener("change", () => {
      ticks().forEach((box) => {
        box.checked = all.checked;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
    document.getElementById("queue-rows").addEventListener("change", (event) => {
      if (event.target !== all) mirror();
    });
    mirror();
  }

  function popup(row) {
    const box = document.createElement("div");
    const link = row.querySelector("th a").cloneNode(true);
    const about = document.createElement("div");
    about.className = "meta";
    about.textContent = row.querySelector("th ~ td").textContent.trim();
    box.append(link, about);
    return box;
  }

  async function rows(box) {
    const { open, outlines, frame } = window.portalMaps;
    const map = open(box);
    const found = [...document.querySelectorAll(`#${box.dataset.rows} tr[data-lon]`)];
    frame(map, box, await outlines(box));
    const marks = found.map((row) => {
      const at = [Number(row.dataset.lat), Number(row.dataset.lon)];
      const icon = L.divIcon({ className: "pin", iconSize: [44, 48], iconAnchor: [22, 48] });
      const mark = L.marker(at, { icon, title: row.querySelector("th a").textContent, riseOnHover: true });
      mark.addTo(map).bindPopup(popup(row), { offset: [0, -40] });
      mark.on("popupopen", () => row.classList.add("is-on-map"));
      mark.on("popupclose", () => row.classList.remove("is-on-map"));
      row.addEventListener("mouseenter", () => mark.setZIndexOffset(1000));
      row.addEventListener("mouseleave", () => mark.setZIndexOffset(0));
      return mark;
    });
    if (marks.length) map.fitBounds(L.featureGroup(marks).getBounds().pad(0.1), { maxZoom: 16 });
  }

  const map = document.querySelector("[data-map=rows]");
  if (map) {
    const watch = new ResizeObserver(() => {
      if (!map.clientWidth) return;
      watch.disconnect();
      rows(map);
    });
    watch.observe(map);
  }
})();
