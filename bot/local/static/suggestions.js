// The panel above the input: commands that fit, or what the bot suggests inline.

import { byId, h } from "./dom.js";
import { words } from "./words.js";

export class Suggestions {
  #panel = byId("panel");
  #text = byId("text");
  #items = [];
  #active = -1;

  get isOpen() {
    return !this.#panel.hidden;
  }

  // Items are { title, detail, choose, complete, isResult, isAside }. `note` is shown when there are none.
  show(items, note = "") {
    this.#items = items;
    this.#active = items.length ? 0 : -1;
    const rows = items.map((item, index) =>
      h(
        "div",
        {
          class: `option${item.isResult ? " result" : ""}${item.isAside ? " aside" : ""}`,
          role: "option",
          id: `option-${index}`,
          onmousedown: (event) => event.preventDefault(),
          onclick: () => item.choose(),
          onmousemove: () => this.#activate(index),
        },
        h("b", {}, item.title),
        item.detail && h("span", {}, item.detail),
      ),
    );
    this.#panel.replaceChildren(...(rows.length || !note ? rows : [h("div", { class: "panel-note" }, note)]));
    this.#panel.hidden = rows.length === 0 && !note;
    this.#text.setAttribute("aria-expanded", String(!this.#panel.hidden));
    this.#activate(this.#active);
  }

  hide() {
    this.show([]);
  }

  // Takes the keys that move in the panel. Returns whether it took this one.
  take(event) {
    if (!this.isOpen || event.isComposing) return false;
    const count = this.#items.length;
    if (event.key === "Escape") this.hide();
    else if (!count) return false;
    else if (event.key === "ArrowDown") this.#activate((this.#active + 1) % count);
    else if (event.key === "ArrowUp") this.#activate((this.#active - 1 + count) % count);
    else if (event.key === "Enter" && !event.shiftKey) this.#items[this.#active].choose();
    else if (event.key === "Tab" && !event.shiftKey) (this.#items[this.#active].complete ?? this.#items[this.#active].choose)();
    else return false;
    event.preventDefault();
    return true;
  }

  #activate(index) {
    this.#active = index;
    for (const [at, row] of [...this.#panel.querySelectorAll(".option")].entries()) {
      row.setAttribute("aria-selected", String(at === index));
      if (at === index) row.scrollIntoView({ block: "nearest" });
    }
    if (index >= 0) this.#text.setAttribute("aria-activedescendant", `option-${index}`);
    else this.#text.removeAttribute("aria-activedescendant");
  }
}

export function commandItems(commands, typed, choose, complete) {
  const wanted = typed.slice(1).toLowerCase();
  return commands
    .filter(({ command }) => command.startsWith(wanted))
    .map(({ command, description }) => ({
      title: `/${command}`,
      detail: description,
      choose: () => choose(`/${command}`),
      complete: () => complete(`/${command} `),
    }));
}

export function noCommands() {
  return words.t("noCommands");
}
