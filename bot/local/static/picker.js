// Asks for one of several things, or for a name, in a dialog.

import { byId, h } from "./dom.js";
import { words } from "./words.js";

// Items are { value, title, detail, face }. The promise gives the value chosen, or null.
export function pick(title, items) {
  const dialog = byId("picker");
  return answered(dialog, title, (choose) =>
    items.map((item) =>
      h(
        "button",
        { type: "button", class: "choice", onclick: () => choose(item.value) },
        item.face,
        h("span", { class: "choice-text" }, h("b", {}, item.title), item.detail && h("span", {}, item.detail)),
      ),
    ),
  );
}

// The promise gives what was written, or null.
export function askName(title) {
  const dialog = byId("picker");
  const input = h("input", { type: "text", class: "name", maxlength: 128, "aria-label": title, required: true });
  const answer = answered(dialog, title, (choose) => [
    h(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          if (input.value.trim()) choose(input.value.trim());
        },
      },
      input,
      h("button", { type: "submit", class: "wide-button" }, words.t("ok")),
    ),
  ]);
  input.focus();
  return answer;
}

function answered(dialog, title, fill) {
  return new Promise((resolve) => {
    let value = null;
    const choose = (chosen) => {
      value = chosen;
      dialog.close();
    };
    byId("picker-title").textContent = title;
    byId("picker-items").replaceChildren(...fill(choose));
    dialog.onclose = () => resolve(value);
    dialog.onclick = (event) => {
      if (event.target === dialog) dialog.close(); // beside it
    };
    dialog.showModal();
  });
}
