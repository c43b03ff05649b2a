// Makes the pages live: asks for the state, counts the seconds, copies the link. Every page also works without it.
"use strict";

const EVERY = 600;
let sent = -Infinity;
const leaving = () => performance.now() - sent < 10_000; // a reload would take back the form that is on its way

// A reader's place stays where it is while nothing changes.
const write = (place, words) => place.textContent === words || (place.textContent = words);

function countDown() {
  const start = performance.now();
  const clocks = [...document.querySelectorAll("[data-left]")];
  if (clocks.length === 0) return;
  const tick = () => {
    const gone = (performance.now() - start) / 1000;
    for (const clock of clocks) {
      const left = Math.max(0, Math.ceil(Number(clock.dataset.left) - gone));
      if (clock.tagName === "PROGRESS") clock.value = Math.max(0, Number(clock.dataset.left) - gone);
      else write(clock, `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
    }
  };
  setInterval(tick, 250);
}

async function follow(main) {
  const offline = main.querySelector(".offline");
  try {
    const reply = await fetch(main.dataset.live, { cache: "no-store", redirect: "error" });
    const { state } = await reply.json();
    offline.hidden = true;
    if (state !== main.dataset.state && !leaving()) return location.reload();
  } catch {
    offline.hidden = false;
  }
  setTimeout(() => follow(main), EVERY);
}

// A page that has moved on by itself is read from what is new, not from its top.
function tellNews() {
  const [arrival] = performance.getEntriesByType("navigation");
  const news = document.querySelector("main [data-news]") ?? document.querySelector("main h1");
  if (arrival?.type !== "reload" || !news || document.querySelector("[autofocus]")) return;
  news.tabIndex = -1;
  news.focus({ preventScroll: true });
}

function copyButton(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });
}

addEventListener("submit", () => (sent = performance.now()));
const live = document.querySelector("main[data-live]");
if (live) setTimeout(() => follow(live), EVERY);
countDown();
document.querySelectorAll("[data-copy]").forEach(copyButton);
tellNews();
document.querySelector("form[data-go]")?.requestSubmit();
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
