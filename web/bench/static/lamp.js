// The light plays the same beats as the real one, counted from when the device began them.
import { part, patterns } from "./api.js";

const lamp = part("lamp");
let rhythm = { beats: [[0, 0]], again: false };
let began = 0;

export function follow(light) {
  rhythm = light;
  began = performance.now() / 1000 - light.age;
  const words = patterns[light.pattern] ?? "";
  part("light-words").textContent = light.pattern === "off" ? "" : words;
  lamp.setAttribute("aria-label", words);
}

function level(elapsed) {
  const length = rhythm.beats.reduce((sum, [, seconds]) => sum + seconds, 0);
  let at = rhythm.again ? elapsed % length : elapsed;
  for (const [bright, seconds] of rhythm.beats) {
    if (at < seconds) return bright;
    at -= seconds;
  }
  return rhythm.beats.at(-1)[0];
}

function glow() {
  lamp.style.setProperty("--level", level(performance.now() / 1000 - began));
  requestAnimationFrame(glow);
}
glow();
