// Does the work that a form's address asks for, while the page is read, and adds the answer.
// Without it, or when it takes too long, the form is sent as it is: nobody waits for it in vain.
"use strict";

(() => {
  // Then the page has been open for as long as somebody without a script needs to pass.
  const LONGEST_WAIT = 3200;
  const { worker: workerPath } = document.currentScript.dataset;
  const jobs = new Map();

  function start(token) {
    const worker = new Worker(workerPath);
    const done = new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = () => resolve("");
    });
    done.then(() => worker.terminate());
    worker.postMessage(token);
    return { done, began: Date.now() };
  }

  function prepare(form) {
    const address = new URL(form.getAttribute("action"), document.baseURI);
    const token = address.searchParams.get("proof");
    if (!token || form.dataset.challenge) return;
    if (!jobs.has(token)) jobs.set(token, start(token));
    const job = jobs.get(token);
    form.dataset.challenge = "working";
    job.done.then((work) => {
      if (work) address.searchParams.set("work", work);
      form.setAttribute("action", `${address.pathname}${address.search}`);
      form.dataset.challenge = work ? "done" : "skipped";
    });

    let isWaiting = false;
    form.addEventListener("submit", (event) => {
      const { submitter } = event;
      const left = job.began + LONGEST_WAIT - Date.now();
      const isElsewhere = submitter && submitter.hasAttribute("formaction");
      if (isElsewhere || form.dataset.challenge !== "working" || left <= 0) return;
      // Before the other listeners of this form: for them it is sent once, in a moment.
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isWaiting) return;
      isWaiting = true;
      const late = new Promise((resolve) => { setTimeout(resolve, left); });
      Promise.race([job.done, late]).then(() => {
        isWaiting = false;
        form.requestSubmit(submitter);
      });
    }, { capture: true });
  }

  const forms = [...document.forms].filter((form) => (form.getAttribute("action") || "").includes("proof="));
  if (window.Worker && window.isSecureContext) forms.forEach(prepare);
})();
