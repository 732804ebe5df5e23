// The log of the current chat: puts messages in, changes them, scrolls.

import { byId, h } from "./dom.js";
import { botFace } from "./faces.js";
import { messageElement } from "./message.js";
import { richText } from "./richtext.js";
import { words } from "./words.js";

const NEAR_END = 90;

export class History {
  #log = byId("log");
  #toEnd = byId("to-end");
  #unseen = 0;

  constructor(state, pending, act) {
    this.state = state;
    this.pending = pending;
    this.act = act;
    this.#log.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    this.#toEnd.addEventListener("click", () => this.toEnd(true));
    // What is at the end stays there when the log changes its height, as when a phone's keyboard opens.
    new ResizeObserver(() => this.#atEnd && this.toEnd(false)).observe(this.#log);
  }

  #atEnd = true;

  draw() {
    this.#log.setAttribute("aria-busy", "true");
    const made = [];
    let day = null;
    for (const message of this.state.shownMessages) {
      const here = dayOf(message.date);
      if (here !== day) made.push(dayElement(message.date));
      day = here;
      made.push(this.#element(message));
    }
    this.#log.replaceChildren(...(made.length ? made : [this.#emptyHint()]));
    this.#join();
    this.showDraft();
    this.showAction();
    this.toEnd(false);
    this.#log.setAttribute("aria-busy", "false");
  }

  add(message) {
    const wasAtEnd = this.#atEnd;
    const before = this.state.shownMessages.at(-2);
    if (!before) this.#log.replaceChildren();
    if (!before || dayOf(before.date) !== dayOf(message.date)) this.#log.append(dayElement(message.date));
    this.#log.querySelector(".typing")?.remove();
    this.showDraft();
    const element = this.#element(message);
    element.classList.add("fresh");
    this.#log.append(element);
    this.#join();
    const isOwn = message.from.id === this.state.speaker.id;
    if (wasAtEnd || isOwn) this.#settle(element, isOwn);
    else this.#count(1);
  }

  change(message) {
    const old = this.find(message.message_id);
    if (!old) return;
    const focused = old.contains(document.activeElement);
    const fresh = this.#element(message);
    old.replaceWith(fresh);
    this.#join();
    if (focused) fresh.querySelector(".key, button")?.focus({ preventScroll: true });
    if (this.#atEnd) this.toEnd(false);
  }

  remove(messageId) {
    const element = this.find(messageId);
    element?.remove();
    if (this.state.shownMessages.length === 0) this.draw();
    else this.#join();
  }

  find(messageId) {
    return this.#log.querySelector(`[data-id="${Number(messageId)}"]`);
  }

  jump(messageId) {
    const element = this.find(messageId);
    if (!element) return false;
    element.scrollIntoView({ block: "center", behavior: motion() });
    element.classList.remove("flash");
    requestAnimationFrame(() => element.classList.add("flash"));
    return true;
  }

  showAction() {
    this.#log.querySelector(".typing")?.remove();
    if (!this.state.chat.action || this.state.chat.actionThread !== this.state.thread) return;
    const dots = h("div", { class: "bubble dots", "aria-label": words.t("typing") }, h("i"), h("i"), h("i"));
    const isGroup = !this.state.isPrivate;
    this.#log.append(h("div", { class: "message bot typing" }, isGroup && botFace(), h("div", { class: "stack" }, dots)));
    if (this.#atEnd) this.toEnd(false);
  }

  // What the bot is writing just now; the message that follows takes its place.
  showDraft() {
    this.#log.querySelector(".draft")?.remove();
    const { draft, messages } = this.state.chat;
    if (!draft) return;
    if (messages.size === 0) this.#log.replaceChildren();
    const text = draft.text ? h("div", { class: "text" }, richText(draft.text, draft.entities, this.act)) : h("div", { class: "thinking" }, words.t("thinking"));
    const bubble = h("div", { class: "bubble" }, text, h("div", { class: "meta" }, words.t("draft")));
    this.#log.append(h("div", { class: "message bot draft" }, h("div", { class: "stack" }, h("div", { class: "line" }, bubble))));
    if (this.#atEnd) this.toEnd(false);
  }

  toEnd(smooth) {
    this.#log.scrollTo({ top: this.#log.scrollHeight, behavior: smooth ? motion() : "instant" });
    this.#atEnd = true;
    this.#unseen = 0;
    this.#showToEnd();
  }

  // A long answer is shown from its beginning, not from its end.
  #settle(element, isOwn) {
    const tall = element.offsetHeight > this.#log.clientHeight - 40;
    if (tall && !isOwn) {
      element.scrollIntoView({ block: "start", behavior: motion() });
      this.#atEnd = false;
    } else {
      this.toEnd(true);
    }
  }

  #element(message) {
    const { speaker, chat, bot } = this.state;
    return messageElement(message, { speaker, chat, bot, pending: this.pending }, this.act);
  }

  // Messages of one sender in a row stand closer together.
  #join() {
    let before = null;
    for (const element of this.#log.children) {
      const from = element.dataset.from ?? null;
      element.classList.toggle("joined", from !== null && from === before);
      before = from;
    }
  }

  #emptyHint() {
    const isPrivate = this.state.isPrivate;
    const description = this.state.chat.descriptions[this.state.speaker.id];
    const bot = this.state.bot.username;
    const hint = words.t(isPrivate ? "hint" : "hintGroup", { bot });
    return h(
      "div",
      { class: "empty" },
      h("img", { src: "/static/seal.svg", alt: "", width: 72, height: 72 }),
      h("h2", {}, words.t(this.state.thread === null ? "hintTitle" : "hintTopic")),
      h("p", {}, (isPrivate && description) || hint),
      isPrivate && h("button", { type: "button", class: "wide-button", id: "start", onclick: () => this.act.command("/start") }, words.t("start")),
    );
  }

  #noteScroll() {
    const left = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight;
    this.#atEnd = left < NEAR_END;
    if (this.#atEnd) this.#unseen = 0;
    this.#showToEnd();
  }

  #count(more) {
    this.#unseen += more;
    this.#showToEnd();
  }

  #showToEnd() {
    const badge = this.#toEnd.querySelector(".badge");
    this.#toEnd.hidden = this.#atEnd;
    badge.hidden = this.#unseen === 0;
    badge.textContent = String(this.#unseen);
    const label = this.#unseen ? words.t("newCount", { count: this.#unseen }) : words.t("toEnd");
    this.#toEnd.setAttribute("aria-label", label);
  }
}

function motion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}

function dayOf(seconds) {
  return new Date(seconds * 1000).toDateString();
}

function dayElement(seconds) {
  const date = new Date(seconds * 1000);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  const text =
    days === 0
      ? words.t("today")
      : days === 1
        ? words.t("yesterday")
        : date.toLocaleDateString(words.locale, { year: "numeric", month: "long", day: "numeric" });
  return h("div", { class: "day" }, h("span", {}, text));
}
