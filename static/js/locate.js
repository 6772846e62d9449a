// "Use my location": asks the device once, only when pressed, and puts the pin there.
"use strict";

(() => {
  // Wider than this and the pin is a guess that its reader should move.
  const SURE_METRES = 60;

  function start(button) {
    if (!navigator.geolocation) return;
    const say = button.closest(".map-box").querySelector("[data-map-say]");
    button.hidden = false;
    button.addEventListener("click", () => {
      say.textContent = button.dataset.asking;
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          button.disabled = false;
          document.dispatchEvent(new CustomEvent("place-chosen", { detail: { lat: coords.latitude, lon: coords.longitude, label: "" } }));
          if (coords.accuracy > SURE_METRES) say.textContent = button.dataset.rough;
        },
        () => {
          button.disabled = false;
          say.textContent = button.dataset.refused;
        },
        { enableHighAccuracy: true, timeout: 10000, maximumAge: 0 },
      );
    });
  }

  document.querySelectorAll("[data-locate]").forEach(start);
})();
