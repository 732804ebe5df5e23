// The page: joins the connection, what is known, and what is shown.

import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { byId } from "./dom.js";
import { Head } from "./head.js";
import { History } from "./history.js";
import { nameBot } from "./links.js";
import { alertWith, toast } from "./notices.js";
import { drawPeople } from "./people.js";
import { askName, pick } from "./picker.js";
import { pickPlace, pickPost } from "./places.js";
import { State, threadOf } from "./state.js";
import { applyTheme, nextTheme } from "./theme.js";
import { drawTopics } from "./topics.js";
import { words } from "./words.js";

const ACTION_LASTS = 5500;
const ANSWER_LASTS = 15_000;
const DRAFT_LASTS = 30_000;

const state = new State();
const connection = new Connection();
const pending = new Map();
const actionTimers = new Map();

const here = () => ({ person: state.speaker.id, chat: state.currentId, thread: state.thread });

const VOICE = new Uint8Array([0x4f, 0x67, 0x67, 0x53, ...new Array(60).fill(0)]);
const STICKER = new TextEncoder().encode("RIFF\u001a\0\0\0WEBPVP8L");

// Acts, and says so where the server would not. Returns the answer, or null.
async function act(name, details = {}) {
  try {
    return await connection.act(name, { ...here(), ...details });
  } catch (error) {
    toast(error.message === "offline" ? words.t("offline") : error.message);
    return null;
  }
}

const history = new History(state, pending, {
  reply: (message) => composer.replyTo(message),
  edit: (message) => composer.edit(message),
  react: (message, emoji) => act("react", { message_id: message.message_id, emoji }),
  forward,
  open: openBot,
  switchTo,
  jump: (messageId) => history.jump(messageId) || toast(words.t("gone")),
  command: (text) => act("say", { text, reply_to: null }),
  insert: (text) => composer.insert(text),
  copy,
  press,
});

const head = new Head(state, (messageId) => history.jump(messageId), act, chatActs);

const composer = new Composer(state, {
  say: (text, replyTo) => act("say", { text, reply_to: replyTo }),
  edit: (messageId, text) => act("edit", { message_id: messageId, text }),
  ask: async (text, offset) => (await act("ask", { text, offset })) ?? {},
  choose: (queryId, resultId) => act("choose", { query_id: queryId, result_id: resultId }),
  redraw: () => draw(),
  open: openBot,
  upload,
  voice: () => upload(new File([VOICE], "voice.ogg", { type: "audio/ogg" }), "voice"),
  sticker: () => upload(new File([STICKER], "sticker.webp", { type: "image/webp" }), "sticker"),
  post: async () => {
    const post = await pickPost(state);
    if (post !== null) act("forward_post", { post_id: post });
  },
});

// A link to the bot: the private chat with it, and what its payload asks for.
async function openBot({ payload }) {
  go(state.speaker.id);
  if (payload) await act("say", { text: `/start ${payload}`, reply_to: null });
}

// Another chat, and the same person still speaking.
function goTo({ chat, thread }) {
  state.speakAs(state.speaker.id, chat);
  if (chat === state.currentId) goTopic(thread);
  else {
    if (thread !== null) state.goTopic(thread, chat);
    go(chat);
  }
}

async function forward(message) {
  const from = state.currentId;
  const person = state.speaker.id;
  const place = await pickPlace(state, words.t("forwardTo"));
  if (!place) return;
  goTo(place);
  await act("forward", { person, ...place, from_chat: from, message_id: message.message_id });
}

async function switchTo(text) {
  const place = await pickPlace(state, words.t("sendTo"));
  if (!place) return;
  goTo(place);
  composer.insert(text);
}

function goTopic(threadId) {
  if (!state.chat.is_forum || threadId === state.thread) return;
  state.goTopic(threadId);
  draw();
  composer.focus();
}

async function addTopic() {
  const name = await askName(words.t("newTopic"));
  const added = name === null ? null : await act("topic", { name });
  if (added) goTopic(added.thread_id);
}

// Asks before what cannot be taken back.
async function actIfSure(name, key, question) {
  if (await pick(words.t(question), [{ value: true, title: words.t(key) }])) act(name);
}

// What one may do with a chat besides keeping the bot.
function chatActs() {
  const { chat, speaker } = state;
  if (state.isPrivate) return [{ key: "deleteAccount", run: () => actIfSure("delete_account", "deleteAccount", "sureAccount") }];
  const acts = [];
  if (chat.is_forum) acts.push({ key: "newTopic", run: addTopic });
  if (!chat.administrators.includes(speaker.id)) return acts;
  if (chat.bot_status === "member") acts.push({ key: "promote", run: () => act("promote") });
  if (chat.bot_status === "administrator") acts.push({ key: "demote", run: () => act("demote") });
  if (chat.type === "group") acts.push({ key: "grow", run: () => act("grow") });
  if (chat.creator === speaker.id) acts.push({ key: "deleteGroup", run: () => actIfSure("delete_group", "deleteGroup", "sureGroup") });
  return acts;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(words.t("copiedText", { text: text.slice(0, 80) }));
  } catch {
    toast(words.t("copyFailed"));
  }
}

async function press(message, row, column, place) {
  if (pending.has(place)) return;
  pending.set(place, null);
  showWaiting(place);
  const answer = await act("press", { message_id: message.message_id, row, column });
  const query = answer?.query_id ?? null;
  if (query === null) {
    release(place);
    return;
  }
  pending.set(place, query);
  setTimeout(() => {
    if (pending.get(place) !== query) return;
    release(place);
    toast(words.t("noAnswer"));
  }, ANSWER_LASTS);
}

function release(place) {
  pending.delete(place);
  showWaiting(place);
}

function showWaiting(place) {
  const button = document.querySelector(`[data-place="${CSS.escape(place)}"]`);
  if (!button) return;
  const waits = pending.has(place);
  button.classList.toggle("waiting", waits);
  if (waits) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

async function upload(file, kind = "") {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...here(), kind })) form.append(name, value ?? "");
  form.append("file", file);
  try {
    const answer = await (await fetch("/page/upload", { method: "POST", body: form })).json();
    if (!answer.ok) toast(answer.reason);
  } catch {
    toast(words.t("offline"));
  }
}

const changes = {
  state(change) {
    nameBot(change.bot.username);
    const restarted = state.reset(change);
    if (restarted) toast(words.t("freshStart"));
    draw();
  },

  message({ chat_id: chatId, message }) {
    const chat = state.chats.get(chatId);
    if (chat.messages.has(message.message_id)) return; // it came with the whole state already
    chat.messages.set(message.message_id, message);
    chat.action = null;
    if (message.from.id === state.bot.id) chat.draft = null;
    const thread = threadOf(message);
    if (state.isShown(message)) {
      history.add(message);
      head.draw();
    } else if (chatId === state.currentId) {
      chat.unreadTopics.set(thread, (chat.unreadTopics.get(thread) ?? 0) + 1);
      drawTopics(state, goTopic, addTopic);
    } else if (message.from.id === state.bot.id || chat.type !== "private") {
      chat.unread += 1;
      if (chat.is_forum) chat.unreadTopics.set(thread, (chat.unreadTopics.get(thread) ?? 0) + 1);
    }
    drawPeople(state, go);
    drawTitle();
  },

  edited({ chat_id: chatId, message }) {
    state.chats.get(chatId).messages.set(message.message_id, message);
    if (chatId === state.currentId) {
      history.change(message);
      head.draw();
    }
    drawPeople(state, go);
  },

  deleted({ chat_id: chatId, message_id: messageId }) {
    const chat = state.chats.get(chatId);
    chat.messages.delete(messageId);
    chat.pinned = chat.pinned.filter((id) => id !== messageId);
    if (chatId === state.currentId) {
      history.remove(messageId);
      head.draw();
      composer.forget(messageId);
    }
    drawPeople(state, go);
  },

  draft({ chat_id: chatId, draft }) {
    const chat = state.chats.get(chatId);
    chat.draft = draft;
    setTimeout(() => {
      if (chat.draft !== draft) return;
      chat.draft = null;
      if (chatId === state.currentId) history.draw();
    }, DRAFT_LASTS);
    if (chatId === state.currentId) history.showDraft();
  },

  topics({ chat_id: chatId, topics }) {
    state.chats.get(chatId).topics = topics;
    if (chatId === state.currentId) drawTopics(state, goTopic, addTopic);
  },

  action({ chat_id: chatId, action, thread_id: threadId }) {
    const chat = state.chats.get(chatId);
    chat.action = action;
    chat.actionThread = threadId;
    clearTimeout(actionTimers.get(chatId));
    actionTimers.set(chatId, setTimeout(() => endAction(chat), ACTION_LASTS));
    if (chatId === state.currentId) {
      history.showAction();
      head.draw();
    }
  },

  answered({ query_id: queryId, text, show_alert: isAlert }) {
    // Only this page's own queries: the server tells of a query before it tells of its answer.
    const place = [...pending].find(([, query]) => query === queryId)?.[0];
    if (!place) return;
    release(place);
    if (text && isAlert) alertWith(text);
    else if (text) toast(text);
  },

  results(change) {
    composer.showResults(change);
  },

  reaction({ chat_id: chatId, message_id: messageId, emoji }) {
    const chat = state.chats.get(chatId);
    chat.reactions[messageId] = emoji;
    if (chatId === state.currentId && chat.messages.has(messageId)) history.change(chat.messages.get(messageId));
  },

  keyboard({ chat_id: chatId, keyboard }) {
    state.chats.get(chatId).keyboard = keyboard;
    if (chatId === state.currentId) composer.draw();
  },

  pinned({ chat_id: chatId, message_ids: messageIds }) {
    state.chats.get(chatId).pinned = messageIds;
    if (chatId === state.currentId) head.draw();
  },

  membership({ chat_id: chatId, status }) {
    state.chats.get(chatId).bot_status = status;
    if (chatId === state.currentId) head.draw();
  },
};

function endAction(chat) {
  chat.action = null;
  if (chat.id === state.currentId) {
    history.showAction();
    head.draw();
  }
}

function go(chatId) {
  if (chatId === state.currentId) return;
  composer.leave(state.currentId);
  state.go(chatId);
  draw();
  composer.enter(chatId);
  byId("people").querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function draw() {
  words.apply();
  applyTheme();
  const language = byId("language");
  language.textContent = words.language === "zh" ? "EN" : "中";
  language.title = words.t("switchLanguage");
  language.setAttribute("aria-label", language.title);
  document.querySelector("nav").setAttribute("aria-label", words.t("who"));
  drawPeople(state, go);
  drawTopics(state, goTopic, addTopic);
  head.draw();
  history.draw();
  composer.draw();
  drawTitle();
}

function drawTitle() {
  const unread = [...state.chats.values()].filter((chat) => chat.migrated_to === null).reduce((sum, chat) => sum + chat.unread, 0);
  document.title = unread ? `(${unread}) ${state.bot.first_name}` : state.bot.first_name;
}

byId("theme").addEventListener("click", nextTheme);
byId("language").addEventListener("click", () => {
  words.toggle();
  draw();
});

function showOffline(key) {
  const offline = byId("offline");
  offline.hidden = key === null;
  document.body.classList.toggle("is-offline", key !== null);
  if (key !== null) offline.textContent = words.t(key);
}

let wasDown = false;
connection.addEventListener("up", () => {
  showOffline(null);
  if (wasDown) toast(words.t("back"));
  wasDown = false;
});
connection.addEventListener("down", () => {
  wasDown = true;
  showOffline("offline");
});
connection.addEventListener("change", ({ detail }) => changes[detail.kind]?.(detail));

words.apply();
applyTheme();
showOffline("connecting");
connection.open();
