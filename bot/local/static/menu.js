// A small menu beside what opened it: of a message, of what one can send.

import { h, icon } from "./dom.js";

const GAP = 6;

let open = null;

// Items are { label, icon, run }; `reactions` is a row of emoji above them, `react(emoji)` takes one.
export function openMenu(anchor, items, reactions = [], react = () => {}) {
  const again = open?.anchor === anchor;
  closeMenu();
  if (again) return;
  const choose = (run) => () => {
    closeMenu();
    run();
  };
  const row = reactions.map((emoji) =>
    h("button", { type: "button", role: "menuitem", class: "emoji", onclick: choose(() => react(emoji)) }, emoji),
  );
  const entries = items
    .filter(Boolean)
    .map((item) => h("button", { type: "button", role: "menuitem", onclick: choose(item.run) }, icon(item.icon), h("span", {}, item.label)));
  const menu = h("div", { class: "menu floating", role: "menu", id: "floating-menu" }, row.length > 0 && h("div", { class: "emoji-row" }, row), entries);
  document.body.append(menu);
  place(menu, anchor.getBoundingClientRect());
  open = { anchor, menu };
  anchor.setAttribute("aria-expanded", "true");
  menu.querySelector("button")?.focus({ preventScroll: true });
}

export function closeMenu() {
  if (!open) return;
  open.menu.remove();
  open.anchor.setAttribute("aria-expanded", "false");
  open = null;
}

function place(menu, beside) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.min(Math.max(GAP, beside.left), innerWidth - width - GAP);
  const above = beside.top - height - GAP;
  const top = above >= GAP ? above : Math.min(beside.bottom + GAP, innerHeight - height - GAP);
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(GAP, top)}px`;
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.menu.contains(event.target) && !open.anchor.contains(event.target)) closeMenu();
});
document.addEventListener("scroll", () => closeMenu(), { capture: true, passive: true });
document.addEventListener("keydown", (event) => {
  if (!open) return;
  const buttons = [...open.menu.querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape") {
    const { anchor } = open;
    closeMenu();
    anchor.focus();
  } else if (step) {
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length].focus();
  }
});
