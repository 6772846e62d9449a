// Maps on our own street lines. data-map: "pick" puts a pin, "show" lists places, "point" shows one.
"use strict";

(() => {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function colours(box) {
    const style = getComputedStyle(box);
    const read = (name) => style.getPropertyValue(`--map-${name}`).trim();
    return () => ({
      road: read("road"),
      roadEdge: read("road-edge"),
      major: read("major"),
      majorEdge: read("major-edge"),
      name: read("name"),
      halo: read("halo"),
      font: style.fontFamily,
    });
  }

  function open(box) {
    const map = L.map(box, {
      zoomControl: false,
      attributionControl: false,
      minZoom: 9,
      maxZoom: 18,
      maxBoundsViscosity: 0.8,
      zoomAnimation: !calm,
      fadeAnimation: !calm,
      markerZoomAnimation: !calm,
      scrollWheelZoom: "center",
    });
    L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
    const streets = new window.StreetLayer({ base: `/places/streets/${box.dataset.agency}/`, colours: colours(box) });
    streets.addTo(map);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => streets.redraw());
    map.on("popupopen", (event) => {
      const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
      if (close) close.setAttribute("aria-label", box.dataset.close);
    });
    return map;
  }

  async function outlines(box) {
    if (!box.dataset.layer) return null;
    try {
      const answer = await fetch(`/places/areas/${box.dataset.agency}/${box.dataset.layer}.json`);
      if (!answer.ok) return null;
      return L.geoJSON(await answer.json(), { interactive: false, style: () => ({ className: "map-area" }) });
    } catch {
      return null;
    }
  }

  function frame(map, box, areas) {
    // It may have been made while its part of the form was still hidden.
    map.invalidateSize({ animate: false });
    if (areas) areas.addTo(map);
    const [west, south, east, north] = (box.dataset.bounds || "").split(",").map(Number);
    if (north) map.fitBounds([[south, west], [north, east]]);
    else if (areas && areas.getBounds().isValid()) {
      // Who puts a pin needs streets, not the whole city with its margins.
      const all = areas.getBounds();
      map.setView(all.getCenter(), map.getBoundsZoom(all, box.dataset.map === "pick"));
    }
    else map.setView([38.5, -92.5], 9);
  }

  function inRing([x, y], ring) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  function areaName(areas, point) {
    let name = "";
    if (areas) {
      areas.eachLayer(({ feature }) => {
        const parts = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
        const hit = parts.some(([outer, ...holes]) => inRing(point, outer) && !holes.some((hole) => inRing(point, hole)));
        if (hit) name = feature.properties.name || "";
      });
    }
    return name;
  }

  const pinIcon = () => L.divIcon({ className: "pin", iconSize: [44, 48], iconAnchor: [22, 48] });

  async function pick(box) {
    const inputs = [box.dataset.lonInput, box.dataset.latInput].map((id) => document.getElementById(id));
    const say = box.parentElement.querySelector("[data-map-say]");
    const remove = box.parentElement.querySelector("[data-map-remove]");
    const map = open(box);
    const areas = await outlines(box);
    // Its part of the form may have been left while the outlines were on their way.
    await shown(box);
    let pin = null;

    function fill(values) {
      inputs.forEach((input, i) => {
        if (!input) return;
        input.value = values[i];
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
    function put(place, { quiet = false } = {}) {
      const at = L.latLng(place).wrap();
      if (!pin) {
        pin = L.marker(at, { draggable: true, autoPan: true, icon: pinIcon(), title: box.dataset.pin }).addTo(map);
        pin.on("dragend", () => put(pin.getLatLng()));
      }
      pin.setLatLng(at);
      remove.hidden = false;
      if (quiet) return;
      fill([at.lng.toFixed(6), at.lat.toFixed(6)]);
      const area = areaName(areas, [at.lng, at.lat]);
      const elsewhere = areas ? box.dataset.outside : box.dataset.placed;
      say.textContent = area ? box.dataset.placedIn.replace("{area}", area) : elsewhere;
    }

    frame(map, box, areas);
    map.on("click", (event) => put(event.latlng));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== box) return;
      event.preventDefault();
      put(map.getCenter());
    });
    box.parentElement.querySelector("[data-map-middle]").addEventListener("click", () => put(map.getCenter()));
    remove.addEventListener("click", () => {
      pin.remove();
      pin = null;
      remove.hidden = true;
      fill(["", ""]);
      say.textContent = box.dataset.removed;
      box.focus();
    });
    document.addEventListener("place-chosen", ({ detail }) => {
      map.setView([detail.lat, detail.lon], 17);
      put([detail.lat, detail.lon]);
    });
    const [lon, lat] = inputs.map((input) => (input ? input.value : ""));
    if (lon && lat) {
      map.setView([Number(lat), Number(lon)], 16);
      put([Number(lat), Number(lon)], { quiet: true });
    }
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function popup(place) {
    const box = element("div", "", "");
    const title = element("a", "", place.title);
    title.href = place.url;
    box.append(title);
    if (place.state) box.append(element("div", "meta", place.state));
    return box;
  }

  function spot(map, box, place) {
    const many = place.count > 1;
    const size = many ? Math.min(64, 44 + 6 * Math.log10(place.count)) : 44;
    const label = many ? box.dataset.many.replace("{n}", place.count) : place.title;
    const icon = many
      ? L.divIcon({ className: "spot spot--many", iconSize: [size, size], html: element("span", "", String(place.count)) })
      : pinIcon();
    const marker = L.marker([place.lat, place.lon], { icon, title: label, riseOnHover: true });
    if (many) marker.on("click", () => map.setView([place.lat, place.lon], Math.min(18, map.getZoom() + 2)));
    else marker.bindPopup(popup(place), { offset: [0, -40] });
    return marker;
  }

  async function show(box) {
    const say = box.parentElement.querySelector("[data-map-say]");
    const map = open(box);
    const places = L.layerGroup().addTo(map);
    let asked = null;
    async function refresh() {
      if (asked) asked.abort();
      asked = new AbortController();
      const address = new URL(box.dataset.src, window.location.href);
      address.searchParams.set("bbox", map.getBounds().toBBoxString());
      address.searchParams.set("zoom", map.getZoom());
      try {
        const answer = await fetch(address, { signal: asked.signal });
        const found = await answer.json();
        const rows = Array.isArray(found) ? found : found.points;
        places.clearLayers();
        rows.forEach((place) => spot(map, box, place).addTo(places));
        const newest = found.newest_of ? box.dataset.newest.replace("{n}", found.newest_of.toLocaleString(document.documentElement.lang)) : "";
        say.textContent = rows.length ? newest : box.dataset.none;
      } catch (fault) {
        if (fault.name !== "AbortError") say.textContent = box.dataset.none;
      }
    }
    frame(map, box, await outlines(box));
    map.on("moveend", () => {
      // A popup moves the map to fit; drawing again would close it.
      if (!box.querySelector(".leaflet-popup")) refresh();
    });
    refresh();
  }

  async function point(box) {
    const at = [Number(box.dataset.lat), Number(box.dataset.lon)];
    const map = open(box);
    map.setView(at, 16);
    L.marker(at, { icon: pinIcon(), title: box.dataset.pin, keyboard: false, interactive: false }).addTo(map);
    const areas = await outlines(box);
    if (areas) areas.addTo(map);
  }

  // A map measures its box when it opens, so one in a hidden part of the page waits until it shows.
  function shown(box) {
    return new Promise((resolve) => {
      const watch = new ResizeObserver(() => {
        if (!box.clientWidth) return;
        watch.disconnect();
        resolve();
      });
      watch.observe(box);
    });
  }

  const kinds = { pick, show, point };
  // Maps of other kinds are brought by scripts of their own, which come later.
  window.portalMaps = { open, outlines, frame };
  document.querySelectorAll("[data-map]").forEach((box) => {
    const start = kinds[box.dataset.map];
    if (start) shown(box).then(() => start(box));
  });
})();
