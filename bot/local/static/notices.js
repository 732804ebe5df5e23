// Short words at the edge of the page, and alerts that wait to be read.

import { byId, h } from "./dom.js";

const SHOWN_FOR = 4000;

export function toast(text) {
  const note = h("div", { class: "toast" }, text);
  byId("toasts").append(note);
  setTimeout(() => note.classList.add("leaving"), SHOWN_FOR - 300);
  setTimeout(() => note.remove(), SHOWN_FOR);
}

export function alertWith(text) {
  byId("alert-text").textContent = text;
  const dialog = byId("alert");
  if (!dialog.open) dialog.showModal();
}
