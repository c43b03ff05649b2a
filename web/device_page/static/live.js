"use strict";
// Keeps the marked regions current, and nothing else; every page also works without this file.
const regions = document.querySelectorAll("[data-live]");
document.documentElement.classList.add("live");
let sent = -Infinity;
const leaving = () => performance.now() - sent < 10_000; // a reload would take back the form that is on its way
addEventListener("submit", (event) => { if (!event.defaultPrevented) sent = performance.now(); });

async function renew() {
  if (document.hidden) return;
  const answer = await fetch(location.pathname + location.search, { headers: { "X-Live": "1" } });
  if (!answer.ok || answer.redirected) return leaving() || location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of regions) {
    const next = fresh.getElementById(region.id);
    const typing = region.contains(document.activeElement) && document.activeElement.matches("input:not([type=radio])");
    if (!next) continue;
    const same = plain(next) === plain(region);
    const form = region.querySelector("form") && next.querySelector("form");
    if (same || (typing && form)) continue;
    const chosen = [...region.querySelectorAll("input:checked")].map((one) => one.value);
    turn(region, next);
    for (const one of region.querySelectorAll("input[type=radio]")) if (chosen.includes(one.value)) one.checked = true;
  }
  tell();
}

// What stays the same thing stays in the page: so does the focus on it, and the place of somebody who has it read out.
function turn(one, next) {
  if (!alike(one, next)) return one.replaceWith(next);
  if (one.nodeType === Node.TEXT_NODE && one.data !== next.data) one.data = next.data;
  for (const { name, value } of next.attributes ?? []) if (one.getAttribute(name) !== value) one.setAttribute(name, value);
  for (const { name } of [...(one.attributes ?? [])]) if (!next.hasAttribute(name)) one.removeAttribute(name);
  const before = [...one.childNodes], after = [...next.childNodes];
  after.forEach((child, at) => (before[at] ? turn(before[at], child) : one.append(child)));
  before.slice(after.length).forEach((child) => child.remove());
}

const OWN = ["id", "href", "action", "name", "value"];
function alike(one, next) {
  return one.nodeName === next.nodeName && OWN.every((own) => one.getAttribute?.(own) === next.getAttribute?.(own));
}

function plain(region) {
  return region.textContent.replace(/\s+/g, " ");
}

function tell() {
  const now = new Date().toISOString().slice(0, 19);
  for (const place of document.querySelectorAll("[data-now]")) place.textContent = now.replace("T", " ");
}

tell();
for (const field of document.querySelectorAll("[data-fill]")) field.value = new Date().toISOString().slice(0, 19);
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
if (regions.length) setInterval(() => renew().catch(() => {}), 2000);

for (const picture of document.querySelectorAll("img[data-picture]")) {
  const source = picture.src;
  let turn = 0;
  setInterval(() => {
    if (!document.hidden) picture.src = source + "?" + ++turn;
  }, 1000);
}

for (const form of document.querySelectorAll("form[data-pieces]")) form.addEventListener("submit", (event) => {
  event.preventDefault();
  bring(form).catch(() => location.reload());
});

// A file of any size goes in pieces, so that nothing of it has to be kept on the way.
async function bring(form) {
  const file = form.querySelector("input[type=file]").files[0];
  const headers = { "X-Form-Token": form.elements.token.value };
  const send = (method, path, body, type) =>
    fetch(form.dataset.pieces + path, { method, body, headers: { ...headers, "Content-Type": type } });
  let answer = await send("POST", "/files", JSON.stringify({ size: file.size }), "application/json");
  const number = answer.ok ? (await answer.json()).number : "";
  for (let at = 0; answer.ok && at < file.size; at += 524288)
    answer = await send("PUT", `/pieces/${number}-${at}`, file.slice(at, at + 524288), "application/octet-stream");
  if (answer.ok) return location.assign(location.pathname);
  const refused = form.querySelector("[data-refused]"), button = form.querySelector("button");
  refused.textContent = (await answer.json()).detail;
  refused.hidden = false;
  button.disabled = false;
  button.textContent = button.dataset.usual;
  renew();
}

for (const button of document.querySelectorAll("button[data-busy]")) {
  button.form.addEventListener("submit", () => {
    const said = button.textContent;
    button.dataset.usual = said;
    button.textContent = button.dataset.busy;
    button.disabled = true;
    if ("again" in button.dataset) setTimeout(() => { button.textContent = said; button.disabled = false; }, 5000);
  });
}
