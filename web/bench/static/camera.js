// What is held before the camera: a picture, a text as a printed code, this computer's camera, or another window.
import { part, send, texts } from "./api.js";

const view = document.querySelector(".view");
const note = part("camera-note");
let shown = -1;
let stream = null;

function tell(words, bad = false) {
  note.textContent = words;
  note.classList.toggle("bad", bad);
}

async function attempt(work, words) {
  try {
    await work();
    tell(words);
  } catch (error) {
    tell(error.message, true);
  }
}

function show(file) {
  stop();
  return attempt(() => send("camera", file), texts.shown);
}

part("file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) show(file);
  event.target.value = "";
});
part("text").addEventListener("submit", (event) => {
  event.preventDefault();
  stop();
  attempt(() => send("camera/text", { text: part("qr-text").value.trim() }), texts.shown);
});
part("dark").addEventListener("click", () => {
  stop();
  attempt(() => send("camera", undefined, "DELETE"), texts.dark);
});

addEventListener("dragover", (event) => {
  event.preventDefault();
  view.classList.add("over");
});
addEventListener("dragleave", () => view.classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  view.classList.remove("over");
  taken(event.dataTransfer);
});
addEventListener("paste", (event) => {
  if (!event.target.closest("input")) taken(event.clipboardData);
});
function taken(data) {
  const file = [...data.files].find((one) => one.type.startsWith("image/"));
  const text = data.getData("text/plain").trim();
  if (file) show(file);
  else if (text) attempt(() => send("camera/text", { text }), texts.shown);
  else tell(texts.no_picture, true);
}

const media = navigator.mediaDevices;
const SOURCES = {
  webcam: { open: media?.getUserMedia && (() => media.getUserMedia({ video: { width: 1280 } })), every: 250 },
  window: { open: media?.getDisplayMedia && (() => media.getDisplayMedia({ video: true })), every: 500 },
};
for (const [id, source] of Object.entries(SOURCES)) {
  const button = part(id);
  button.hidden = !source.open;
  button.addEventListener("click", () => (stream?.id === id ? stop() : start(id, source)));
}

async function start(id, { open, every }) {
  stop();
  try {
    const tracks = await open();
    const film = Object.assign(document.createElement("video"), { srcObject: tracks, muted: true });
    stream = { id, tracks };
    tracks.getVideoTracks()[0].addEventListener("ended", stop);
    part(id).setAttribute("aria-pressed", "true");
    await film.play();
    post(film, stream, every);
  } catch {
    stop();
    tell(texts.denied, true);
  }
}

async function post(film, mine, every) {
  const canvas = document.createElement("canvas");
  while (stream === mine) {
    [canvas.width, canvas.height] = [film.videoWidth, film.videoHeight];
    canvas.getContext("2d").drawImage(film, 0, 0);
    const kind = mine.id === "webcam" ? "image/jpeg" : "image/png";
    const picture = await new Promise((done) => canvas.toBlob(done, kind, 0.85));
    if (picture && stream === mine) await attempt(() => send("camera", picture), texts.shown);
    await new Promise((done) => setTimeout(done, every));
  }
}

function stop() {
  if (!stream) return;
  stream.tracks.getTracks().forEach((track) => track.stop());
  part(stream.id).setAttribute("aria-pressed", "false");
  stream = null;
}

export function follow(camera, parts, powered) {
  const looking = camera.looking && parts.camera && powered;
  part("lens").classList.toggle("looking", looking);
  part("lens").classList.toggle("unplugged", !parts.camera);
  part("looking").classList.toggle("on", looking);
  part("looking").textContent = looking ? texts.looking : texts.closed;
  if (camera.mark === shown) return;
  shown = camera.mark;
  view.classList.toggle("lit", !camera.dark);
  part("sight").src = `/api/camera.png?mark=${shown}`;
}
