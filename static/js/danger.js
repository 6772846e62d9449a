// While somebody types: the same phrases as the server's list (concerns/danger.py), found in the
// browser, so that no word leaves it before "Send". Shows the numbers that help; stops nobody.
"use strict";

(() => {
  const GAP = 3;
  const DENIAL_REACH = 4;
  const CLAUSE_ENDS = /[.,;:!?()\u00a1\u00bf\u2026\u2014\u2013"\u201c\u201d\u00ab\u00bb]+/u;
  const words = (text) => text.match(/[\p{L}\p{N}]+/gu) || [];
  const DENIALS = new Set(words(
    "no not nobody none never without isnt arent wasnt werent hasnt havent hadnt dont doesnt " +
    "didnt aint nadie nunca jamas sin ningun ninguna ninguno ni tampoco",
  ));
  const LINKS = new Set(words(
    "one is was are were be been being has have had got getting get gets a an the any there " +
    "hay hubo habia esta estan estaba estaban fue fueron ha han sido es son un una unos unas " +
    "el la los las lo se me le les tiene tienen tenia",
  ));

  const plain = (text) => text.toLowerCase().replace(/['\u2019\u2018`\u00b4\u02bc]/gu, "")
    .normalize("NFKD").replace(/[\p{Mn}\p{Me}\p{Cf}]/gu, "");
  const held = /(.)\1{2,}/gu;
  const forms = (word) => [word, word.replace(held, "$1$1"), word.replace(held, "$1")];
  const clausesOf = (text) => plain(text).split(CLAUSE_ENDS).map((part) => words(part).map(forms));
  const elementsOf = (phrase) => phrase.split(" ").map((part) => part.split("/"));

  const fits = (read, choices) => choices.some((choice) => read.some((form) => (
    choice.endsWith("*") ? form.startsWith(choice.slice(0, -1)) : form === choice
  )));

  function matches(clause, at, elements) {
    if (!elements.length) return true;
    const [head, ...rest] = elements;
    if (head.length === 1 && head[0] === "*") {
      for (let more = 0; more <= GAP; more += 1) if (matches(clause, at + more, rest)) return true;
      return false;
    }
    return at < clause.length && fits(clause[at], head) && matches(clause, at + 1, rest);
  }

  function isDenied(clause, start) {
    for (let at = start - 1; at >= Math.max(0, start - DENIAL_REACH); at -= 1) {
      if (DENIALS.has(clause[at][0])) return true;
      if (!LINKS.has(clause[at][0])) return false;
    }
    return false;
  }

  const saysPhrase = (clauses, elements) => clauses.some((clause) => clause.some((_, start) => (
    matches(clause, start, elements) && !isDenied(clause, start)
  )));

  // Lines whose phrases stand in the text, in the order of the list.
  function linesIn(text, lists) {
    const clauses = clausesOf(text);
    const met = new Set(clauses.flat(2));
    const mayStand = ([first]) => first.some((word) => word.endsWith("*") || met.has(word));
    return lists.filter(([, phrases]) => (
      phrases.some((phrase) => mayStand(phrase) && saysPhrase(clauses, phrase))
    )).map(([line]) => line);
  }

  async function listsFrom(address) {
    // Without cookies the answer is the same for everyone, and may be kept for an hour.
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
    const lists = await answer.json();
    return lists.map(([line, phrases]) => [line, phrases.map(elementsOf)]);
  }

  async function start(panel) {
    const input = document.getElementById(panel.dataset.watches);
    if (!input) return;
    const lists = await listsFrom(panel.dataset.phrases);
    const say = panel.querySelector("[data-danger-say]");
    const card = panel.querySelector("[data-danger-card]");
    const rows = [...panel.querySelectorAll("[data-danger-lines]")];
    // Also for whoever asks about other words, as the tests do.
    panel.dangerLines = (text) => linesIn(text, lists);
    let wait = 0;
    let dismissed = new Set();
    let shown = "";

    function look() {
      const lines = panel.dangerLines(input.value).filter((line) => !dismissed.has(line));
      if (lines.join() === shown) return;
      shown = lines.join();
      rows.forEach((row) => {
        row.hidden = !row.dataset.dangerLines.split(" ").some((line) => lines.includes(line));
      });
      card.hidden = !lines.length;
      // Said once by screen readers when they pause; the focus stays where the person types.
      say.textContent = lines.length ? panel.dataset.heard : "";
    }

    input.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(look, 600);
    });
    panel.querySelector("[data-danger-dismiss]").addEventListener("click", () => {
      dismissed = new Set([...dismissed, ...shown.split(",")]);
      look();
      input.focus();
    });
    look();
  }

  document.querySelectorAll("[data-danger]").forEach((panel) => start(panel).catch(() => {
    // Without the list the check page, made by the server, still shows the same numbers.
  }));
})();
