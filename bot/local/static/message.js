// One message as it stands in the log: its bubble, its buttons, its tools.

import { h, icon, outwardLink } from "./dom.js";
import { face, botFace } from "./faces.js";
import { botLink } from "./links.js";
import { openMenu } from "./menu.js";
import { richText, service, summary } from "./richtext.js";
import { words } from "./words.js";

const REACTIONS = ["👍", "👎", "❤", "🔥", "👀", "🤔"];

// `view` says who looks at it: { speaker, chat, bot, pending }. `act` is what can be done:
// reply, edit, forward, react, jump, command, open, press, copy, insert, switchTo.
export function messageElement(message, view, act) {
  const told = service(message);
  if (told) {
    return h("div", { class: "service", "data-id": message.message_id }, told);
  }
  const isBot = message.from.id === view.bot.id;
  const isOwn = message.from.id === view.speaker.id;
  const isGroup = view.chat.type !== "private";
  const classes = ["message", isOwn ? "own" : isBot ? "bot" : "other"];
  const bubble = h(
    "div",
    { class: "bubble", ondblclick: (event) => event.target.closest("a, button") || act.reply(message) },
    isGroup && !isOwn && h("div", { class: `sender hue-${Math.abs(message.from.id) % 6}` }, message.from.first_name),
    message.via_bot && h("div", { class: "origin" }, words.t("via", { bot: message.via_bot.username })),
    message.forward_origin && h("div", { class: "origin" }, words.t("forwarded", { name: originName(message.forward_origin) })),
    quoted(message, act),
    ...content(message, act),
    meta(message),
  );
  const reactions = view.chat.reactions[message.message_id] ?? [];
  return h(
    "article",
    { class: classes.join(" "), "data-id": message.message_id, "data-from": message.from.id, "aria-label": label(message) },
    isGroup && !isOwn && (isBot ? botFace() : face(message.from.id, message.from.first_name)),
    h(
      "div",
      { class: "stack" },
      h("div", { class: "line" }, bubble, tools(message, isOwn, act)),
      reactions.length > 0 && h("div", { class: "reactions" }, reactions.map((emoji) => h("span", {}, emoji))),
      keyboard(message, view, act),
    ),
  );
}

function label(message) {
  return `${message.from.first_name}, ${clock(message.date)}`;
}

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString(words.locale, { hour: "2-digit", minute: "2-digit", hour12: false });
}

function originName(origin) {
  return origin.sender_user?.first_name ?? origin.sender_user_name ?? origin.chat?.title ?? "";
}

function quoted(message, act) {
  const target = message.reply_to_message;
  // What answers nothing in a topic is an answer to the message that opened it.
  if (!target || target.forum_topic_created) return null;
  return h(
    "button",
    { type: "button", class: "quoted", onclick: () => act.jump(target.message_id) },
    h("b", {}, target.from?.first_name ?? ""),
    h("span", {}, message.quote?.text ?? summary(target)),
  );
}

function content(message, act) {
  const parts = [];
  if (message.photo) parts.push(photo(message.photo.at(-1)));
  if (message.document) parts.push(documentCard(message.document));
  if (message.voice) parts.push(h("div", { class: "kind" }, `🎤 ${words.t("voice")}`));
  if (message.sticker) parts.push(h("div", { class: "sticker", title: words.t("sticker") }, message.sticker.emoji ?? "▢"));
  const text = message.text ?? message.caption;
  if (text !== undefined) {
    const entities = message.text === undefined ? message.caption_entities : message.entities;
    parts.push(h("div", { class: "text" }, richText(text, entities, act)));
  }
  return parts;
}

function photo(size) {
  const address = `/page/files/${encodeURIComponent(size.file_id)}`;
  const image = h("img", { src: address, alt: words.t("photo"), width: size.width, height: size.height, loading: "lazy" });
  return h("a", { class: "photo", href: address, target: "_blank", rel: "noopener noreferrer" }, image);
}

function documentCard(file) {
  const name = file.file_name ?? words.t("document");
  return h(
    "a",
    { class: "document", href: `/page/files/${encodeURIComponent(file.file_id)}?save`, download: name, "aria-label": words.t("save", { name }) },
    h("span", { class: "document-icon" }, icon("file")),
    h("span", { class: "document-name" }, h("b", {}, name), h("small", {}, sizeOf(file.file_size))),
  );
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function meta(message) {
  const when = new Date(message.date * 1000);
  return h(
    "div",
    { class: "meta" },
    message.edit_date && h("span", { class: "edited" }, words.t("edited")),
    h("time", { datetime: when.toISOString(), title: when.toLocaleString(words.locale) }, clock(message.date)),
  );
}

function tools(message, isOwn, act) {
  const tool = (name, key, run, more = {}) =>
    h("button", { type: "button", class: `tool ${name}`, title: words.t(key), "aria-label": words.t(key), onclick: run, ...more }, icon(name));
  const items = [
    { label: words.t("reply"), icon: "reply", run: () => act.reply(message) },
    isOwn && message.text !== undefined && { label: words.t("edit"), icon: "edit", run: () => act.edit(message) },
    { label: words.t("forward"), icon: "forward", run: () => act.forward(message) },
  ];
  const menu = (event) => openMenu(event.currentTarget, items, REACTIONS, (emoji) => act.react(message, emoji));
  return h(
    "div",
    { class: "tools" },
    tool("reply", "reply", () => act.reply(message)),
    tool("options", "options", menu, { "aria-haspopup": "menu", "aria-expanded": "false" }),
  );
}

function keyboard(message, view, act) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return h(
    "div",
    { class: "keyboard" },
    rows.map((buttons, row) =>
      h("div", { class: "row" }, buttons.map((button, column) => keyboardButton(message, button, row, column, view, act))),
    ),
  );
}

function keyboardButton(message, button, row, column, view, act) {
  const text = h("span", {}, button.text);
  const bot = button.url && botLink(button.url);
  if (bot) return h("button", { type: "button", class: "key", title: button.url, onclick: () => act.open(bot) }, text, icon("chat"));
  if (button.url) return outwardLink(button.url, { class: "key" }, text, icon("link"));
  if (button.copy_text) {
    return h("button", { type: "button", class: "key", onclick: () => act.copy(button.copy_text.text) }, text, icon("copy"));
  }
  const asked = (query) => `@${view.bot.username} ${query}`;
  if (button.switch_inline_query_current_chat !== undefined) {
    const insert = () => act.insert(asked(button.switch_inline_query_current_chat));
    return h("button", { type: "button", class: "key", onclick: insert }, text);
  }
  if (button.switch_inline_query !== undefined) {
    const choose = () => act.switchTo(asked(button.switch_inline_query));
    return h("button", { type: "button", class: "key", onclick: choose }, text, icon("switch"));
  }
  const place = `${message.chat.id}:${message.message_id}:${row}:${column}`;
  const waits = view.pending.has(place);
  return h(
    "button",
    {
      type: "button",
      class: waits ? "key waiting" : "key",
      "data-place": place,
      "aria-busy": waits ? "true" : null,
      onclick: () => act.press(message, row, column, place),
    },
    text,
  );
}
