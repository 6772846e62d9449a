// Drawing a shape on the map: corners by tap, mouse or keyboard. data-map="draw".
"use strict";

(() => {
  const MOST = 100;
  const METRES_PER_DEGREE = 111320;
  const SQUARE_METRES_PER_ACRE = 4046.86;
  const LEAST = 100000;

  function squareMetres(corners) {
    const middle = corners.reduce((sum, { lat }) => sum + lat, 0) / corners.length;
    const squeeze = Math.cos((middle * Math.PI) / 180);
    const twice = corners.reduce((sum, { lng, lat }, i) => {
      const next = corners[(i + 1) % corners.length];
      return sum + (lng * next.lat - next.lng * lat);
    }, 0);
    return (Math.abs(twice) / 2) * METRES_PER_DEGREE ** 2 * squeeze;
  }

  function sentence(box, corners) {
    const { few, held, small } = box.dataset;
    const words = (text, acres) => text.replace("{n}", corners.length).replace("{acres}", acres);
    if (corners.length < 3) return words(few, "");
    const size = squareMetres(corners);
    const acres = Math.round(size / SQUARE_METRES_PER_ACRE).toLocaleString(document.documentElement.lang);
    return words(size < LEAST ? small : held, acres);
  }

  function stored(input) {
    try {
      const [ring] = JSON.parse(input.value).coordinates;
      return ring.slice(0, -1).map(([lon, lat]) => L.latLng(lat, lon));
    } catch {
      return [];
    }
  }

  async function draw(box) {
    const input = document.getElementById(box.dataset.input);
    const tools = box.parentElement;
    const say = tools.querySelector("[data-map-say]");
    const map = window.portalMaps.open(box);
    const shape = L.polygon([], { className: "map-shape", interactive: false }).addTo(map);
    const handles = L.layerGroup().addTo(map);
    let corners = stored(input);

    function keep() {
      const ring = [...corners, corners[0]].filter(Boolean).map(({ lng, lat }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
      input.value = corners.length < 3 ? "" : JSON.stringify({ type: "Polygon", coordinates: [ring] });
      shape.setLatLngs(corners);
      say.textContent = corners.length ? sentence(box, corners) : "";
    }
    function handle(corner, i) {
      const icon = L.divIcon({ className: "map-corner", iconSize: [44, 44] });
      const marker = L.marker(corner, { icon, draggable: true, keyboard: false, title: box.dataset.corner.replace("{n}", i + 1) });
      marker.on("drag", () => {
        corners[i] = marker.getLatLng().wrap();
        shape.setLatLngs(corners);
      });
      marker.on("dragend", keep);
      return marker.addTo(handles);
    }
    function show() {
      handles.clearLayers();
      corners.forEach(handle);
      keep();
    }
    function add(place) {
      if (corners.length >= MOST) {
        say.textContent = box.dataset.most;
        return;
      }
      corners.push(L.latLng(place).wrap());
      show();
    }
    function back() {
      corners.pop();
      show();
    }
    function clear() {
      corners = [];
      show();
      say.textContent = box.dataset.none;
      box.focus();
    }
    const keys = { Enter: () => add(map.getCenter()), Backspace: back };

    map.on("click", (event) => add(event.latlng));
    box.addEventListener("keydown", (event) => {
      if (event.target !== box || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    tools.querySelector("[data-draw-add]").addEventListener("click", () => add(map.getCenter()));
    tools.querySelector("[data-draw-back]").addEventListener("click", back);
    tools.querySelector("[data-draw-clear]").addEventListener("click", clear);
    document.addEventListener("place-chosen", ({ detail }) => map.setView([detail.lat, detail.lon], 15));
    const areas = await window.portalMaps.outlines(box);
    let isFramed = false;
    // While it is hidden it has no size, and nothing can be fitted into it.
    new ResizeObserver(() => {
      map.invalidateSize();
      if (isFramed || !box.clientWidth) return;
      isFramed = true;
      window.portalMaps.frame(map, box, areas);
      if (corners.length) map.fitBounds(L.latLngBounds(corners), { padding: [30, 30] });
    }).observe(box);
    show();
  }

  document.querySelectorAll('[data-map="draw"]').forEach(draw);
})();
