// Photos before they are sent: made smaller here where the browser can read them, shown, removed
// again. What the browser cannot read, such as HEIC in most, goes as it is. Previews are painted on
// canvases, so that no address of a picture is ever made.
"use strict";

(() => {
  const LONGEST_SIDE = 2560;
  const PREVIEW_SIDE = 240;
  const MOST_BYTES = 15 * 1024 * 1024;
  const SMALL_ENOUGH = 400 * 1024;
  const KINDS = /\.(jpe?g|png|webp|hei[cf])$/i;

  const scaled = (image, side) => {
    const factor = Math.min(1, side / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * factor));
    canvas.height = Math.max(1, Math.round(image.height * factor));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const packed = (canvas) =>
    new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.88); });

  // What the browser can read becomes a smaller JPEG without anything but pixels.
  async function prepared(file) {
    let image;
    try {
      image = await createImageBitmap(file);
    } catch {
      return { file, name: file.name, preview: null };
    }
    const preview = scaled(image, PREVIEW_SIDE);
    const blob = await packed(scaled(image, LONGEST_SIDE));
    image.close();
    const isBetter = blob && (blob.size < file.size || file.size > SMALL_ENOUGH);
    const small = isBetter ? new File([blob], file.name, { type: "image/jpeg" }) : file;
    return { file: small, name: file.name, preview };
  }

  const megabytes = (bytes) =>
    `${Math.max(0.1, bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;

  function start(field) {
    const input = field.querySelector("input[type=file]");
    const list = field.querySelector("[data-photos-list]");
    const say = field.querySelector("[data-photos-say]");
    const bar = field.querySelector("[data-photos-progress]");
    const form = input.form;
    const words = field.dataset;
    let chosen = [];
    let work = 0;

    function put() {
      const carried = new DataTransfer();
      chosen.forEach((one) => carried.items.add(one.file));
      input.files = carried.files;
    }

    function row(one) {
      const item = document.createElement("li");
      item.className = "photo-row";
      if (one.preview) {
        one.preview.className = "photo";
        one.preview.setAttribute("role", "img");
        one.preview.setAttribute("aria-label", one.name);
        item.append(one.preview);
      }
      const name = document.createElement("span");
      name.textContent = one.name;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "button button--quiet";
      remove.textContent = words.wordsRemove;
      remove.setAttribute("aria-label", `${words.wordsRemove}: ${one.name}`);
      remove.addEventListener("click", () => {
        chosen = chosen.filter((other) => other !== one);
        show([]);
        input.focus();
      });
      item.append(name, remove);
      return item;
    }

    function show(complaints) {
      put();
      list.replaceChildren(...chosen.map(row));
      const bytes = chosen.reduce((sum, one) => sum + one.file.size, 0);
      const ready = chosen.length ? `${words.wordsReady} ${chosen.length}, ${megabytes(bytes)}.` : "";
      say.textContent = [...complaints, ready].filter(Boolean).join(" ");
    }

    function fits(file, complaints) {
      if (!KINDS.test(file.name) && !file.type.startsWith("image/")) {
        complaints.push(`${words.wordsKind} ${file.name}.`);
        return false;
      }
      return true;
    }

    async function take(files) {
      const complaints = [];
      work += 1;
      const mine = work;
      bar.hidden = false;
      bar.max = files.length;
      bar.value = 0;
      say.textContent = words.wordsWorking;
      for (const file of files) {
        if (!fits(file, complaints)) continue;
        if (chosen.length >= Number(words.most)) {
          complaints.push(words.wordsMany);
          break;
        }
        const one = await prepared(file);
        if (mine !== work) return;
        if (one.file.size > MOST_BYTES) complaints.push(`${words.wordsLarge} ${one.name}.`);
        else chosen.push(one);
        bar.value += 1;
      }
      bar.hidden = true;
      show(complaints);
    }

    input.addEventListener("change", () => {
      const files = [...input.files];
      // Chosen again means more of them; the list below takes away.
      put();
      if (files.length) take(files);
    });
    form.addEventListener("submit", (event) => {
      if (!bar.hidden) {
        event.preventDefault();
        say.textContent = words.wordsWorking;
        return;
      }
      if (chosen.length) {
        say.textContent = words.wordsSending;
        bar.removeAttribute("value");
        bar.hidden = false;
      }
    }, { capture: true });
    window.addEventListener("pageshow", () => { bar.hidden = true; });
    window.addEventListener("pagehide", () => { work += 1; });
  }

  if (typeof DataTransfer === "function" && typeof createImageBitmap === "function") {
    document.querySelectorAll("[data-photos]").forEach(start);
  }
})();
