// The head of the chat: who it is with, what they are doing, and what one may do about the bot.

import { byId, h, icon } from "./dom.js";
import { botFace, face } from "./faces.js";
import { summary } from "./richtext.js";
import { words } from "./words.js";

export class Head {
  #menu = byId("more-menu");
  #button = byId("more");

  // `offer()` gives what else one may do here: { key, run }.
  constructor(state, jump, act, offer) {
    this.state = state;
    this.jump = jump;
    this.act = act;
    this.offer = offer;
    this.#button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.#open(this.#menu.hidden);
      this.#menu.querySelector("button")?.focus();
    });
    document.addEventListener("click", () => this.#open(false));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.#menu.hidden) return;
      this.#open(false);
      this.#button.focus();
    });
    byId("restart").addEventListener("click", () => this.act("unblock"));
  }

  draw() {
    const { chat, isPrivate, bot } = this.state;
    byId("face").replaceChildren(isPrivate ? botFace() : face(chat.id, chat.title, true));
    byId("title").textContent = isPrivate ? bot.first_name : chat.title;
    this.#drawStatus();
    this.#drawPinned();
    this.#drawBlocked();
    const [name, key] = this.#membershipAct();
    const items = this.state.chat.deleted ? [] : [{ key, run: () => this.act(name) }, ...this.offer()];
    this.#button.hidden = items.length === 0;
    this.#menu.replaceChildren(
      ...items.map((item) => {
        const run = () => {
          this.#open(false);
          item.run();
        };
        return h("button", { type: "button", role: "menuitem", onclick: run }, words.t(item.key));
      }),
    );
  }

  #drawStatus() {
    const { chat, isPrivate, bot } = this.state;
    const isHere = chat.actionThread === this.state.thread;
    const doing = chat.action && isHere && words.t(chat.action === "typing" ? "typing" : "uploading");
    const quiet = isPrivate ? `@${bot.username}` : words.t("members", { count: chat.talkers.length });
    const status = byId("status");
    if (status.textContent !== (doing || quiet)) status.textContent = doing || quiet;
    status.classList.toggle("busy", Boolean(doing));
  }

  #drawPinned() {
    const { chat } = this.state;
    const message = chat.messages.get(chat.pinned.at(-1));
    const pinned = byId("pinned");
    pinned.hidden = !message;
    if (!message) return;
    pinned.replaceChildren(icon("pin"), h("b", {}, words.t("pinned")), h("span", {}, summary(message)));
    pinned.onclick = () => this.jump(message.message_id);
  }

  #drawBlocked() {
    const deleted = this.state.chat.deleted;
    const blocked = this.state.isPrivate && (deleted || this.#isBlocked());
    byId("composer").hidden = blocked;
    const restart = byId("restart");
    restart.hidden = !blocked;
    restart.disabled = deleted;
    restart.textContent = words.t(deleted ? "accountGone" : "unblock");
  }

  #isBlocked() {
    return this.state.chat.bot_status === "kicked" || this.state.chat.bot_status === "left";
  }

  // What one may do about the bot here: the act, and the word for it.
  #membershipAct() {
    if (this.state.isPrivate) return this.#isBlocked() ? ["unblock", "unblock"] : ["block", "block"];
    return this.#isBlocked() ? ["add", "add"] : ["kick", "kick"];
  }

  #open(isOpen) {
    this.#menu.hidden = !isOpen;
    this.#button.setAttribute("aria-expanded", String(isOpen));
  }
}
