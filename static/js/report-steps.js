// The report form in steps, one part at a time, each with an address of its own (#where), so that
// the browser's Back works. Without this file the same form is one page. Nothing is kept here.
"use strict";

(() => {
  const form = document.querySelector("[data-report-form]");
  if (!form) return;
  const steps = [...form.querySelectorAll("[data-step]")];
  const names = steps.map((step) => step.dataset.step);
  const checked = (name) => form.querySelector(`[name="${name}"]:checked`);
  const filled = (name) => [...form.querySelectorAll(`[name="${name}"]`)].some((field) => field.value.trim());
  let shown = "";

  // What a step still needs before the next one makes sense; the server asks for the same.
  const complete = {
    what: () => checked("category"),
    where: () =>
      ["no_place", "place_hit"].some(checked) || ["place_query", "area"].some(filled) || (filled("lon") && filled("lat")),
    words: () => form.querySelector("#id_text").value.trim(),
    you: () => checked("level"),
  };

  // The field beside which it is said that something is missing.
  const asks = { what: "#category-words", where: "[name=place_query]", words: "#id_text", you: "[name=level]" };

  const part = (name) => steps[names.indexOf(name)];
  const title = (name) => part(name).querySelector("[data-step-title]");

  function complain(name, is) {
    const line = part(name).querySelector("[data-step-missing]");
    line.textContent = is ? part(name).dataset.missing : "";
    line.hidden = !is;
    if (!is) return;
    const field = part(name).querySelector(asks[name]);
    field.closest(".field, [data-category-search]").before(line);
    field.focus();
    line.scrollIntoView({ block: "center" });
  }

  function show(name, { focus = true } = {}) {
    shown = name;
    steps.forEach((step) => {
      step.hidden = step.dataset.step !== name;
    });
    if (!focus) return;
    title(name).focus({ preventScroll: true });
    title(name).scrollIntoView({ block: "start" });
  }

  function go(name) {
    if (name === shown) return;
    history.pushState({ from: shown }, "", `#${name}`);
    show(name);
  }

  function next() {
    const done = complete[shown]();
    complain(shown, !done);
    if (!done) return;
    // Someone else takes this kind: say so now, not after everything was typed.
    const elsewhere = shown === "what" && checked("category").closest("[data-elsewhere]");
    if (elsewhere) form.submit();
    else go(names[names.indexOf(shown) + 1]);
  }

  function back() {
    const before = names[names.indexOf(shown) - 1];
    if (history.state && history.state.from === before) history.back();
    else go(before);
  }

  // The step that an address means: its own, or the one that holds the field it names.
  function stepAt(hash) {
    const name = decodeURIComponent(hash.slice(1));
    if (names.includes(name)) return name;
    const field = name && document.getElementById(name);
    const around = field && field.closest("[data-step]");
    return around ? around.dataset.step : "";
  }

  // A page that was loaded anew is empty: then the first empty step comes first.
  const firstOpen = (name) => names.slice(0, names.indexOf(name)).find((one) => !complete[one]()) || name;

  function follow() {
    const name = stepAt(location.hash) || form.dataset.open;
    const isStep = names.includes(location.hash.slice(1)) || !location.hash;
    show(name, { focus: isStep });
    const field = !isStep && document.getElementById(location.hash.slice(1));
    if (field) field.focus();
  }

  function count(step, place) {
    const line = document.createElement("span");
    line.className = "step-count";
    line.textContent = form.dataset.count.replace("{n}", place + 1).replace("{all}", steps.length);
    const heading = step.querySelector("[data-step-title] h2") || step.querySelector("[data-step-title]");
    heading.prepend(line, " ");
  }

  function wire(step, place) {
    count(step, place);
    const [onward, backward] = [step.querySelector("[data-step-next]"), step.querySelector("[data-step-back]")];
    if (onward) onward.addEventListener("click", next);
    backward.addEventListener("click", back);
    backward.hidden = place === 0;
  }

  steps.forEach(wire);
  ["input", "change"].forEach((kind) => form.addEventListener(kind, () => {
    // On the desk the same form stands on one page, without steps.
    const line = part(shown)?.querySelector("[data-step-missing]");
    if (line && !line.hidden && complete[shown]()) complain(shown, false);
  }));
  form.addEventListener("keydown", (event) => {
    const isLast = shown === names[names.length - 1];
    const isLine = event.target.matches("input:not([type=submit], [type=button])");
    if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || !isLine || isLast) return;
    event.preventDefault();
    next();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name) return;
    const open = names.find((name) => !complete[name]());
    if (!open) return;
    event.preventDefault();
    go(open);
    complain(open, true);
  });
  window.addEventListener("popstate", follow);
  // The server says where something is open; else an address that was left from before counts.
  const wanted = location.hash.slice(1);
  const first = form.dataset.open === names[0] && names.includes(wanted) ? firstOpen(wanted) : form.dataset.open;
  if (location.hash) history.replaceState(null, "", `#${first}`);
  show(first, { focus: first !== names[0] && !document.querySelector("[data-errors]") });
})();

// Questions of the chosen kind, and those that depend on an answer before.
(() => {
  const form = document.querySelector("[data-report-form]");
  if (!form) return;
  const sets = [...form.querySelectorAll("[data-questions]")];

  function answered(name) {
    return [...form.querySelectorAll(`[name="${name}"]`)]
      .filter((field) => (["radio", "checkbox"].includes(field.type) ? field.checked : field.value.trim()))
      .filter((field) => !field.closest("[data-asked-after][hidden]"))
      .map((field) => field.value);
  }

  function ask() {
    const kind = form.querySelector("[name=category]:checked");
    sets.forEach((set) => {
      set.hidden = !kind || set.dataset.questions !== kind.value;
      set.disabled = set.hidden;
    });
    // In the order of the page, so that a chain of conditions is followed to its end.
    form.querySelectorAll("[data-asked-after]").forEach((row) => {
      const given = answered(row.dataset.askedAfter);
      const wanted = row.dataset.askedFor.split(" ").filter(Boolean);
      row.hidden = !given.some((value) => !wanted.length || wanted.includes(value));
    });
  }

  form.addEventListener("change", ask);
  form.addEventListener("input", ask);
  window.addEventListener("pageshow", ask);
  ask();
})();

// From the page before sending, the browser's Back leads to the form with everything typed, as
// "Change something" does: the form itself was not kept by the browser.
(() => {
  const form = document.querySelector("[data-check]");
  if (!form) return;
  history.pushState({ check: true }, "");
  window.addEventListener("popstate", () => {
    const change = form.querySelector("[data-check-change]");
    change.value = "you";
    form.requestSubmit(change);
  });
})();
