// A finger on a key: mouse, touch or keyboard, one press and one release, in that order.
import { part, send } from "./api.js";

const BY_KEYBOARD = {
  " ": "ok", ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right",
  Backspace: "back", n: "next", N: "next",
};
const buttons = new Map([...document.querySelectorAll(".key")].map((key) => [key.dataset.role, key]));
const held = new Set();
let queue = Promise.resolve();

function move(role, what) {
  if (!buttons.has(role) || held.has(role) === (what === "press")) return;
  if (what === "press") held.add(role);
  else held.delete(role);
  queue = queue.then(() => send(`keys/${role}/${what}`)).catch(() => {});
}

for (const [role, key] of buttons) {
  key.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    key.setPointerCapture(event.pointerId);
    move(role, "press");
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    key.addEventListener(end, () => move(role, "release"));
  }
  key.addEventListener("contextmenu", (event) => event.preventDefault());
}

function meant(event) {
  const typing = event.target.closest("input:not([type=checkbox]), textarea");
  const elsewhere = event.target.closest("button:not(.key), a, input, label");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  return elsewhere && event.key === " " ? undefined : BY_KEYBOARD[event.key];
}
addEventListener("keydown", (event) => {
  const role = meant(event);
  if (!buttons.has(role)) return;
  event.preventDefault();
  if (!event.repeat) move(role, "press");
});
addEventListener("keyup", (event) => {
  const role = BY_KEYBOARD[event.key];
  if (!held.has(role)) return;
  event.preventDefault();
  move(role, "release");
});
addEventListener("blur", () => [...held].forEach((role) => move(role, "release")));

export function follow(down) {
  for (const [role, key] of buttons) key.classList.toggle("down", down.includes(role));
}
part("keys").addEventListener("dragstart", (event) => event.preventDefault());
