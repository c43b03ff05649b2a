// The glass: packed one-bit rows become pixels, as bright as the contrast says.
import { part } from "./api.js";

const glass = part("glass");
const brush = glass.getContext("2d");

export function draw(panel) {
  if (glass.width !== panel.width || glass.height !== panel.height) {
    glass.width = panel.width;
    glass.height = panel.height;
  }
  const picture = brush.createImageData(panel.width, panel.height);
  const bits = atob(panel.bits);
  const stride = Math.ceil(panel.width / 8);
  const glow = 0.62 + 0.38 * Math.min(1, panel.contrast / 128);
  for (let at = 0; at < panel.width * panel.height; at += 1) {
    const x = at % panel.width;
    const y = (at - x) / panel.width;
    const byte = bits.charCodeAt(y * stride + (x >> 3)) || 0;
    const lit = (byte >> (7 - (x & 7))) & 1;
    picture.data.set(lit ? [208 * glow, 236 * glow, 255 * glow, 255] : [4, 6, 10, 255], at * 4);
  }
  brush.putImageData(picture, 0, 0);
}

export function say(screen) {
  const words = [screen.title, ...screen.lines, screen.hint].filter(Boolean).join(". ");
  const place = part("words");
  if (place.textContent !== words) place.textContent = words;
}
