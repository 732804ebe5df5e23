// Light, dark, or as the system has it.

import { byId, icon } from "./dom.js";
import { words } from "./words.js";

const KEPT = "wenxun-theme";
const ORDER = ["auto", "light", "dark"];

let current = localStorage.getItem(KEPT);
if (!ORDER.includes(current)) current = "auto";

export function applyTheme() {
  const root = document.documentElement;
  if (current === "auto") delete root.dataset.theme;
  else root.dataset.theme = current;
  const button = byId("theme");
  button.replaceChildren(icon(current));
  const label = words.t("theme", { name: words.t(current) });
  button.setAttribute("aria-label", label);
  button.title = label;
}

export function nextTheme() {
  current = ORDER[(ORDER.indexOf(current) + 1) % ORDER.length];
  localStorage.setItem(KEPT, current);
  applyTheme();
}
