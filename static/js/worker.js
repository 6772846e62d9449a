// The help page without a network: its numbers and what they are drawn with, and nothing else.
// The server writes a line in front of this file: const KEPT = {version, page, files}.
"use strict";

/* global KEPT */
const PREFIX = "help-";
const CACHE = `${PREFIX}${KEPT.version}`;
const LOOSELY = { ignoreVary: true };
// Of an address only the agency is kept; nothing else in it can reach the cache.
const AGENCY = /^[a-z0-9_-]{1,40}$/i;

function copyOf(agency, language) {
  const parts = new URLSearchParams({ ...(agency && { agency }), language });
  return `${KEPT.page}?${parts}`;
}

function agencyOf(address) {
  const named = new URL(address, self.location.origin).searchParams.get("agency") || "";
  return AGENCY.test(named) ? named : "";
}

// A copy as somebody sees it who never was here: no cookie goes along, so no name comes back.
async function keep(agency, language, cache) {
  const query = agency ? `?${new URLSearchParams({ agency })}` : "";
  const answer = await fetch(`${KEPT.page}${query}`, {
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    headers: { "Accept-Language": language },
  });
  if (answer.ok) await cache.put(copyOf(agency, language), answer);
}

async function newestCopy(agency) {
  const cache = await caches.open(CACHE);
  const copies = (await cache.keys()).filter((request) => {
    const { pathname } = new URL(request.url);
    return pathname === KEPT.page && agencyOf(request.url) === agency;
  });
  return copies.length ? cache.match(copies.at(-1), LOOSELY) : undefined;
}

async function helpPage(request) {
  try {
    return await fetch(request);
  } catch (offline) {
    const copy = await newestCopy(agencyOf(request.url));
    if (copy) return copy;
    throw offline;
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url, LOOSELY)) || fetch(request);
}

// After an update what was kept is asked for anew, before the old copies go.
async function takeOver() {
  const cache = await caches.open(CACHE);
  for (const name of await caches.keys()) {
    if (name === CACHE || !name.startsWith(PREFIX)) continue;
    const old = await caches.open(name);
    for (const { url } of await old.keys()) {
      const { pathname, searchParams } = new URL(url);
      if (pathname === KEPT.page) await keep(agencyOf(url), searchParams.get("language"), cache);
    }
    await caches.delete(name);
  }
}

async function forget() {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT.files)));
});

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("message", (event) => {
  const { leave, keep: address, language } = event.data || {};
  if (leave) event.waitUntil(forget());
  else if (address && /^[a-z-]{2,10}$/i.test(language)) {
    event.waitUntil(caches.open(CACHE).then((cache) => keep(agencyOf(address), language, cache)));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === KEPT.page) event.respondWith(helpPage(request));
  else if (KEPT.files.includes(pathname)) event.respondWith(file(request));
});
