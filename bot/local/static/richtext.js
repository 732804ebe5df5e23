// Text with entities to elements. Offsets are UTF-16 units, which is what strings here count in.

import { moment } from "./dates.js";
import { h, outwardLink, safeLink } from "./dom.js";
import { botLink } from "./links.js";
import { words } from "./words.js";

const PLAIN_TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

// `act.command(text)` is called when a command in the text is pressed.
export function richText(text, entities, act) {
  const inner = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, 0, text.length, inner, act);
}

function nodes(text, start, end, entities, act) {
  const made = [];
  const waiting = [...entities];
  let at = start;
  let afterBlock = false;
  const put = (until, beforeBlock) => {
    let piece = text.slice(at, until);
    // A block stands on a line of its own; the line breaks around it are not shown twice.
    if (afterBlock && piece.startsWith("\n")) piece = piece.slice(1);
    if (beforeBlock && piece.endsWith("\n")) piece = piece.slice(0, -1);
    if (piece) made.push(document.createTextNode(piece));
    if (piece) afterBlock = false;
  };
  while (waiting.length) {
    const entity = waiting.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    const isBlock = BLOCKS.has(entity.type);
    put(from, isBlock);
    const inside = [];
    const beyond = [];
    while (waiting.length && waiting[0].offset < to) {
      const next = waiting.shift();
      inside.push(next);
      // One that reaches beyond this one goes on after it.
      const rest = next.offset + next.length - to;
      if (rest > 0) beyond.push({ ...next, offset: to, length: rest });
    }
    waiting.unshift(...beyond);
    made.push(element(entity, text.slice(from, to), nodes(text, from, to, inside, act), act));
    at = to;
    afterBlock = isBlock;
  }
  put(end, false);
  return made;
}

function element(entity, text, children, act) {
  switch (entity.type) {
    case "blockquote":
      return h("blockquote", {}, children);
    case "expandable_blockquote":
      return expandable(children);
    case "pre":
      return h("pre", { "data-language": entity.language }, h("code", {}, children));
    case "spoiler":
      return spoiler(children);
    case "date_time":
      return moment(entity.unix_time, entity.date_time_format ?? "", children);
    case "text_link":
      return link(entity.url, children, act);
    case "url":
      return link(text, children, act);
    case "bot_command":
      return h("button", { type: "button", class: "inline-command", onclick: () => act.command(text) }, children);
    case "mention":
    case "hashtag":
    case "text_mention":
    case "email":
      return h("span", { class: "token" }, children);
    default:
      return h(PLAIN_TAGS[entity.type] ?? "span", {}, children);
  }
}

// A link to the bot opens the private chat with it; all others lead out of the page.
function link(address, children, act) {
  const target = botLink(address);
  if (!target) return outwardLink(address, {}, children);
  const open = (event) => {
    event.preventDefault();
    act.open(target);
  };
  return h("a", { href: safeLink(address) ?? "#", class: "bot-link", title: address, onclick: open }, children);
}

function expandable(children) {
  const body = h("div", { class: "expandable-body" }, children);
  const toggle = h("button", { type: "button", class: "expand", "aria-expanded": "false" }, words.t("showMore"));
  const quote = h("blockquote", { class: "expandable" }, body, toggle);
  toggle.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = words.t(open ? "showLess" : "showMore");
  });
  // Whether there is anything to expand is known once the quote has a size.
  new ResizeObserver((_, observer) => {
    if (!quote.isConnected) observer.disconnect();
    else if (!quote.classList.contains("open")) {
      toggle.hidden = body.scrollHeight <= body.clientHeight + 2;
      quote.classList.toggle("short", toggle.hidden);
    }
  }).observe(body);
  return quote;
}

function spoiler(children) {
  const hidden = h("span", { class: "spoiler-text", "aria-hidden": "true" }, children);
  const cover = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": words.t("spoiler") }, hidden);
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (!cover.hasAttribute("role")) return;
    event.preventDefault();
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
    hidden.removeAttribute("aria-hidden");
    cover.classList.add("shown");
  };
  cover.addEventListener("click", show);
  cover.addEventListener("keydown", show);
  return cover;
}

// The first words of a message, for previews.
export function summary(message) {
  const text = message.text ?? message.caption ?? "";
  if (text) return text.replace(/\s+/g, " ").slice(0, 120);
  if (message.photo) return words.t("photo");
  if (message.document) return message.document.file_name ?? words.t("document");
  if (message.voice) return words.t("voice");
  if (message.sticker) return `${message.sticker.emoji ?? ""} ${words.t("sticker")}`.trim();
  return service(message) ?? "";
}

// What a service message says; null for others.
export function service(message) {
  const name = message.from?.first_name ?? "";
  if (message.forum_topic_created) return words.t("topicCreated", { name, topic: message.forum_topic_created.name });
  if (message.left_chat_member) return words.t("removed", { name });
  if (message.new_chat_members) return words.t("added", { name });
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return words.t("grown");
  return null;
}
