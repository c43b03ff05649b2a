// Follows the bench: asks for the next version, waits, draws it. Everything else is in a file of its own.
import { part, texts } from "./api.js";
import * as buzzer from "./buzzer.js";
import * as camera from "./camera.js";
import * as glass from "./glass.js";
import * as keys from "./keys.js";
import * as lamp from "./lamp.js";
import * as surroundings from "./surroundings.js";

const trouble = part("trouble");
let version = -1;
let rhythm = "";

function show(bench) {
  glass.draw(bench.panel);
  glass.say(bench.screen);
  keys.follow(bench.down);
  camera.follow(bench.camera, bench.parts, bench.powered);
  buzzer.follow(bench.sounds, version === -1);
  surroundings.follow(bench);
  const mark = `${bench.light.pattern} ${bench.light.number}`;
  if (mark !== rhythm) lamp.follow(bench.light);
  rhythm = mark;
  version = bench.version;
}

async function live() {
  for (;;) {
    try {
      const reply = await fetch(`/api/events?since=${version}`);
      show(await reply.json());
      trouble.hidden = true;
    } catch {
      trouble.textContent = texts.gone;
      trouble.hidden = false;
      version = -1;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}
live();
