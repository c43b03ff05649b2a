// What the buzzer did, newest first; heard as well when asked for.
import { part, sounds, texts } from "./api.js";

const list = part("sounds");
let newest = null;
let player = null;

export function follow(heard, first) {
  const last = heard.at(-1)?.number ?? 0;
  if (!first && newest !== null) heard.filter((one) => one.number > newest).forEach(play);
  newest = last;
  part("silence").hidden = heard.length > 0;
  list.replaceChildren(...heard.toReversed().map(row));
}

function row(one) {
  const line = document.createElement("li");
  const [words, ago] = [document.createElement("span"), document.createElement("span")];
  words.textContent = `♪ ${sounds[one.sound] ?? one.sound}`;
  ago.textContent = `${Math.round(one.ago)} ${texts.ago}`;
  line.append(words, ago);
  return line;
}

function play(one) {
  if (!part("audible").checked) return;
  player ??= new AudioContext();
  let at = player.currentTime;
  for (const [hertz, seconds] of one.notes) {
    if (hertz) tone(hertz, at, seconds);
    at += seconds;
  }
}

function tone(hertz, at, seconds) {
  const [voice, volume] = [player.createOscillator(), player.createGain()];
  voice.type = "square";
  voice.frequency.value = hertz;
  volume.gain.value = 0.05;
  voice.connect(volume).connect(player.destination);
  voice.start(at);
  voice.stop(at + seconds);
}
