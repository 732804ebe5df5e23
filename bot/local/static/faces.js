// A round face for everybody: their first letter on a colour of their own.

import { h, icon } from "./dom.js";

const HUES = 6;

export function face(id, name, isGroup = false) {
  const hue = Math.abs(Number(id)) % HUES;
  return h("span", { class: `face hue-${hue}`, "aria-hidden": "true" }, isGroup ? icon("group") : [...name][0] ?? "·");
}

export function botFace() {
  return h("img", { class: "face", src: "/static/seal.svg", alt: "", width: 38, height: 38 });
}
