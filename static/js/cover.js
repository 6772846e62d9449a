// Boxes over a photo, drawn with a finger or a mouse; the numbers below are what is sent.
"use strict";

(() => {
  const EDGES = ["left", "top", "right", "bottom"];
  const MOST = 8;

  function start(area) {
    const canvas = area.querySelector("canvas");
    const form = area.closest("form");
    const say = form.querySelector("[data-cover-say]");
    const input = (edge, number) => form.querySelector(`[name=${edge}_${number}]`);
    const rows = [...Array(MOST).keys()].map((number) => EDGES.map((edge) => input(edge, number)));
    let from = null;
    let now = null;

    const values = (row) => row.map((one) => parseFloat(one.value));
    const filled = () => rows.map(values).filter((row) => row.every((one) => !Number.isNaN(one)));

    function paint(instead) {
      canvas.width = area.clientWidth;
      canvas.height = area.clientHeight;
      const pen = canvas.getContext("2d");
      const all = from && now ? [...filled(), box()] : filled();
      pen.fillStyle = "black";
      all.forEach(([left, top, right, bottom]) => {
        pen.fillRect(
          (left / 100) * canvas.width, (top / 100) * canvas.height,
          ((right - left) / 100) * canvas.width, ((bottom - top) / 100) * canvas.height,
        );
      });
      say.textContent = typeof instead === "string" ? instead : area.dataset.wordsDrawn.replace("{n}", filled().length);
    }

    function place(event) {
      const bounds = canvas.getBoundingClientRect();
      const percent = (at, low, size) => Math.min(100, Math.max(0, ((at - low) / size) * 100));
      return [percent(event.clientX, bounds.left, bounds.width), percent(event.clientY, bounds.top, bounds.height)];
    }

    const box = () => [
      Math.min(from[0], now[0]), Math.min(from[1], now[1]),
      Math.max(from[0], now[0]), Math.max(from[1], now[1]),
    ];

    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      from = now = place(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      now = place(event);
      paint();
    });
    canvas.addEventListener("pointerup", () => {
      if (!from) return;
      const drawn = box();
      from = null;
      const row = rows.find((one) => one.every((field) => field.value === ""));
      if (!row) return paint(area.dataset.wordsFull);
      if (drawn[2] - drawn[0] > 0.5 && drawn[3] - drawn[1] > 0.5) {
        row.forEach((field, index) => { field.value = drawn[index].toFixed(1); });
      }
      paint();
    });
    canvas.addEventListener("pointercancel", () => { from = null; paint(); });
    const numbers = form.querySelector("[data-cover-numbers]");
    if (!numbers.querySelector(".field--error")) numbers.open = false;
    const undo = form.querySelector("[data-cover-undo]");
    undo.hidden = false;
    undo.addEventListener("click", () => {
      const last = rows.findLast((row) => row.some((field) => field.value !== ""));
      if (last) last.forEach((field) => { field.value = ""; });
      paint();
    });
    form.addEventListener("input", paint);
    window.addEventListener("resize", paint);
    area.querySelector("img").addEventListener("load", paint);
    paint();
  }

  document.querySelectorAll("[data-cover]").forEach(start);
})();
