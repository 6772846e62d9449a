// Finds, for each riddle of a challenge, a number whose SHA-256 digest begins with enough zeros.
"use strict";

const RIDDLES = 16;
// So many at a time: asking for one digest after the other would mostly be waiting.
const BATCH = 64;

function zeros(digest) {
  const first = new DataView(digest).getUint32(0);
  return Math.clz32(first);
}

async function answer(start, bits) {
  const encoder = new TextEncoder();
  for (let from = 0; ; from += BATCH) {
    const tries = Array.from({ length: BATCH }, (_, n) => from + n);
    const digests = await Promise.all(
      tries.map((n) => crypto.subtle.digest("SHA-256", encoder.encode(`${start}${n}`))),
    );
    const found = digests.findIndex((digest) => zeros(digest) >= bits);
    if (found >= 0) return from + found;
  }
}

onmessage = async ({ data: token }) => {
  const bits = Number(token.split(".")[2]);
  const answers = [];
  for (let riddle = 0; riddle < RIDDLES; riddle += 1) {
    answers.push(await answer(`${token}.${riddle}.`, bits));
  }
  postMessage(answers.join("."));
};
