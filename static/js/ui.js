// Small improvements on pages that work without this file.
"use strict";

document.documentElement.classList.add("has-js");

function focusErrors() {
  const box = document.querySelector("[data-errors]");
  if (box) box.focus();
}

// A second tap while the first is under way must not send twice; the server refuses it as well.
function sendOnce(form) {
  const buttons = () => form.querySelectorAll("button[type=submit], button:not([type])");
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // Later, because a disabled button would not be sent along.
    setTimeout(() => buttons().forEach((button) => button.setAttribute("aria-disabled", "true")), 0);
  });
  window.addEventListener("pageshow", () => {
    delete form.dataset.sent;
    buttons().forEach((button) => button.removeAttribute("aria-disabled"));
  });
}

function countCharacters(line) {
  const input = document.getElementById(line.dataset.counter);
  if (!input) return;
  let wait = 0;
  line.setAttribute("role", "status");
  input.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => {
      const left = Number(line.dataset.limit) - input.value.length;
      line.textContent = line.dataset.left.replace("{n}", left.toLocaleString(document.documentElement.lang));
    }, 600);
  });
}

// A file that this browser makes by itself: the server is not asked for it again.
function saveText(saveName, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = saveName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function receiptButtons(card) {
  const code = card.querySelector("[data-receipt-code]").textContent.trim();
  const secret = card.querySelector("[data-receipt-secret]").textContent.trim();
  const text = `${code}\n${secret}`;
  const print = card.querySelector("[data-print]");
  const copy = card.querySelector("[data-copy]");
  const share = card.querySelector("[data-share]");
  print.addEventListener("click", () => window.print());
  card.querySelector("[data-save]").addEventListener("click", ({ currentTarget: { dataset } }) => {
    saveText(dataset.saveName, `${dataset.saveCode}: ${code}\n${dataset.saveSecret}: ${secret}\n${dataset.saveUrl}\n`);
  });
  if (navigator.clipboard) {
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      copy.querySelector("span").textContent = copy.dataset.done;
    });
  } else {
    copy.hidden = true;
  }
  if (navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () => navigator.share({ title: share.dataset.shareTitle, text }).catch(() => {}));
  }
}

// What stands on the page is copied as it stands; without a clipboard it can be selected.
function copyButton(button) {
  const source = document.getElementById(button.dataset.copyTarget);
  if (!source || !navigator.clipboard) {
    button.hidden = true;
    return;
  }
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent);
    button.querySelector("span").textContent = button.dataset.done;
  });
}

function closeMenus(event) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    const outside = event.type === "click" && !menu.contains(event.target);
    const escaped = event.type === "keydown" && event.key === "Escape";
    if (outside || escaped) menu.open = false;
    if (escaped) menu.querySelector("summary").focus();
  });
}

// A draft that somebody kept on this device goes after its 24 hours, whichever page comes next.
function dropOldDrafts() {
  try {
    Object.keys(localStorage).filter((name) => name.startsWith("draft:")).forEach((name) => {
      if (!(JSON.parse(localStorage.getItem(name)).until > Date.now())) localStorage.removeItem(name);
    });
  } catch {
    // Storage is switched off, so nothing was kept.
  }
}

dropOldDrafts();
document.querySelectorAll("form[data-once]").forEach(sendOnce);
document.querySelectorAll("[data-counter]").forEach(countCharacters);
document.querySelectorAll("[data-receipt]").forEach(receiptButtons);
document.querySelectorAll("[data-copy-target]").forEach(copyButton);
document.querySelectorAll("[data-print-page]").forEach((button) => button.addEventListener("click", () => window.print()));
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
focusErrors();

// A row that scrolls sideways shows the whole of what the focus has come to.
document.addEventListener("focusin", ({ target }) => {
  if (target.closest(".tabs, .queue-sorts")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});
