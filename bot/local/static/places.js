// Where a person can write: their private chat, the groups, and each topic of a forum.

import { botFace, face } from "./faces.js";
import { pick } from "./picker.js";
import { words } from "./words.js";

// The promise gives { chat, thread }, or null.
export function pickPlace(state, title) {
  const speaker = state.speaker.id;
  const items = [];
  for (const chat of state.chats.values()) {
    if (!state.isOpen(chat) || !chat.talkers.includes(speaker)) continue;
    const isPrivate = chat.type === "private";
    const name = isPrivate ? state.bot.first_name : chat.title;
    const threads = chat.is_forum ? [{ id: null, name: words.t("general") }, ...chat.topics] : [{ id: null, name: "" }];
    for (const thread of threads) {
      items.push({
        value: { chat: chat.id, thread: thread.id },
        title: name,
        detail: thread.name || words.t(isPrivate ? "privateChat" : state.kindOf(chat)),
        face: isPrivate ? botFace() : face(chat.id, chat.title, true),
      });
    }
  }
  return pick(title, items);
}

export function pickPost(state) {
  const { title, posts } = state.channel;
  const items = posts.map((post) => {
    const [first, ...rest] = post.text.split("\n");
    return { value: post.id, title: first, detail: rest.join(" ") };
  });
  return pick(words.t("forwardFrom", { name: title }), items);
}
