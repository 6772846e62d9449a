// "Leave quickly": nothing may stay on this device, and Back must not show the page again.
"use strict";

function leave(event) {
  event.preventDefault();
  document.body.hidden = true;
  document.querySelectorAll("form").forEach((form) => form.reset());
  for (const store of ["localStorage", "sessionStorage"]) {
    try {
      window[store].clear();
    } catch {
      // Storage is switched off, so there is nothing to clear.
    }
  }
  window.location.replace(event.currentTarget.href);
}

document.querySelectorAll("[data-leave]").forEach((link) => link.addEventListener("click", leave));

// A page kept in memory by the browser would come back with everything typed.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
