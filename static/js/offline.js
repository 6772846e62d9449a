// Keeps the help page for hours without a network. The worker it starts knows no other page.
"use strict";

(() => {
  const { worker } = document.currentScript.dataset;
  if (!("serviceWorker" in navigator)) return;
  // Its scope is what stands under /report/; the desk, the account and the rest never meet it.
  window.addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register(worker);
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage({ keep: location.pathname + location.search, language: document.documentElement.lang });
    } catch {
      // Private windows refuse workers; the page itself needs none.
    }
  });
})();
