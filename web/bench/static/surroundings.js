// Power, cables, clock, and the processes inside.
import { part, send, texts } from "./api.js";

let offset = 0;
const clockFace = new Intl.DateTimeFormat(document.documentElement.lang === "nl" ? "nl-NL" : "en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
});

function ask(id, path, body) {
  part(id).addEventListener("change", async (event) => {
    event.target.disabled = true;
    await send(path, body(event.target.checked)).catch(() => {});
    event.target.disabled = false;
  });
}
ask("power", "power", (on) => ({ state: on ? "on" : "cut" }));
ask("plug-camera", "parts", (camera) => ({ camera }));
ask("plug-panel", "parts", (panel) => ({ panel }));
ask("synchronised", "clock", (synchronised) => ({ synchronised }));
part("clock").addEventListener("click", (event) => {
  const shift = event.target.dataset.shift;
  if (shift !== undefined) send("clock", { offset: Number(shift) ? offset + Number(shift) : 0 });
});
setInterval(() => {
  part("device-time").textContent = clockFace.format(new Date(Date.now() + offset * 1000));
}, 250);

export function follow(bench) {
  part("power").checked = bench.powered;
  part("device").classList.toggle("unpowered", !bench.powered);
  part("plug-camera").checked = bench.parts.camera;
  part("plug-panel").checked = bench.parts.panel;
  part("synchronised").checked = bench.clock.synchronised;
  offset = bench.clock.offset;
  part("offset").textContent = offset ? `${offset > 0 ? "+" : "−"}${Math.abs(offset)} s` : "";
  part("processes").replaceChildren(...Object.entries(bench.processes).map(row));
}

function row([name, state]) {
  const [line, label, words] = ["li", "code", "span"].map((tag) => document.createElement(tag));
  label.textContent = name;
  words.textContent = texts[state] ?? state;
  words.className = state;
  line.append(label, words);
  return line;
}
