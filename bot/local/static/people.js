// The switch for who is talking: each person's private chat, and the group.

import { byId, h } from "./dom.js";
import { face } from "./faces.js";
import { clock } from "./message.js";
import { service, summary } from "./richtext.js";
import { words } from "./words.js";

export function drawPeople(state, go) {
  const chats = [...state.chats.values()].filter((chat) => state.isOpen(chat));
  byId("people").replaceChildren(...chats.map((chat) => h("li", {}, entry(state, chat, go))));
}

function entry(state, chat, go) {
  const isGroup = chat.type !== "private";
  const person = state.people.get(chat.id);
  const role = words.t(isGroup ? state.kindOf(chat) : chat.deleted ? "accountDeleted" : state.roleOf(person));
  const last = state.lastMessage(chat);
  const isHere = chat.id === state.currentId;
  return h(
    "button",
    {
      type: "button",
      class: "person",
      "data-chat": chat.id,
      "aria-current": isHere ? "true" : null,
      title: `${chat.title} · ${role}`,
      onclick: () => go(chat.id),
    },
    face(chat.id, chat.title, isGroup),
    h(
      "span",
      { class: "person-text" },
      h("span", { class: "person-top" }, h("b", {}, chat.title), last && h("time", {}, clock(last.date))),
      h("span", { class: "person-role" }, role),
      h("span", { class: "person-last" }, last ? `${isGroup && !service(last) ? `${last.from.first_name}: ` : ""}${summary(last)}` : "—"),
    ),
    chat.unread > 0 && !isHere && h("span", { class: "badge", "aria-label": words.t("unread", { count: chat.unread }) }, chat.unread),
  );
}
