// "Leave quickly": nothing may stay on this device, and Back must not show the page again.
"use strict";

// What the server's Clear-Site-Data does as well; this also works without a network.
function forgetEverything() {
  for (const store of ["localStorage", "sessionStorage"]) {
    try {
      window[store].clear();
    } catch {
      // Storage is switched off, so there is nothing to clear.
    }
  }
  // The worker lives on when this page is gone, so it clears its caches and itself.
  navigator.serviceWorker?.controller?.postMessage({ leave: true });
  window.caches?.keys().then((names) => names.forEach((name) => caches.delete(name))).catch(() => {});
  navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister())).catch(() => {});
  window.indexedDB?.databases?.().then((all) => all.forEach(({ name }) => indexedDB.deleteDatabase(name))).catch(() => {});
}

function leave(event) {
  event.preventDefault();
  document.body.hidden = true;
  document.querySelectorAll("form").forEach((form) => form.reset());
  // reset() gives back what the server wrote into a field; that too was typed once.
  document.querySelectorAll("input:not([type=hidden]), textarea").forEach((field) => {
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else field.value = "";
  });
  forgetEverything();
  window.location.replace(event.currentTarget.href);
}

document.querySelectorAll("[data-leave]").forEach((link) => link.addEventListener("click", leave));

// A page kept in memory by the browser would come back with everything typed.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
