// The topics of a forum, in a row above its messages.

import { byId, h, icon } from "./dom.js";
import { words } from "./words.js";

export function drawTopics(state, go, add) {
  const { chat } = state;
  const bar = byId("topics");
  bar.hidden = !chat.is_forum;
  if (!chat.is_forum) return;
  const topics = [{ id: null, name: words.t("general") }, ...chat.topics];
  bar.replaceChildren(
    ...topics.map((topic) => {
      const isHere = topic.id === state.thread;
      const unread = chat.unreadTopics.get(topic.id) ?? 0;
      return h(
        "button",
        {
          type: "button",
          class: "topic",
          "data-topic": topic.id ?? "general",
          "aria-current": isHere ? "true" : null,
          onclick: () => go(topic.id),
        },
        h("span", {}, topic.name),
        unread > 0 && !isHere && h("span", { class: "badge", "aria-label": words.t("unread", { count: unread }) }, unread),
      );
    }),
    h("button", { type: "button", class: "topic add", id: "add-topic", "aria-label": words.t("newTopic"), title: words.t("newTopic"), onclick: add }, icon("plus")),
  );
  bar.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
