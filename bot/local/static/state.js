// What the page knows: the cast, the chats, who is talking where, what is unread.

const KEPT = "wenxun-place";

export class State {
  session = null;
  bot = null;
  people = new Map();
  administrator = 0;
  chats = new Map();
  currentId = 0;

  channel = { title: "", posts: [] };

  #speakers = new Map();
  #threads = new Map();

  // Takes the whole state from the server. Returns whether it is another server than before.
  reset(state) {
    const restarted = this.session !== null && this.session !== state.session;
    const earlier = restarted ? new Map() : this.chats;
    this.session = state.session;
    this.bot = state.bot;
    this.administrator = state.administrator;
    this.channel = state.channel;
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.chats = new Map();
    for (const chat of state.chats) {
      const messages = new Map(chat.messages.map((message) => [message.message_id, message]));
      const before = earlier.get(chat.id);
      this.chats.set(chat.id, {
        ...chat,
        messages,
        unread: before?.unread ?? 0,
        unreadTopics: before?.unreadTopics ?? new Map(),
        action: null,
        actionThread: null,
      });
    }
    if (!this.chats.has(this.currentId)) {
      const kept = Number(sessionStorage.getItem(KEPT));
      this.currentId = this.chats.has(kept) ? kept : state.chats[0].id;
    }
    // A group that became a supergroup goes on there.
    if (this.chat.migrated_to !== null) this.go(this.chat.migrated_to);
    if (!this.isOpen(this.chat)) this.go(state.chats[0].id);
    return restarted;
  }

  get chat() {
    return this.chats.get(this.currentId);
  }

  // Whether one can go there: a deleted group is nobody's, a deleted account can still be looked at.
  isOpen(chat) {
    return chat.migrated_to === null && chat.talkers.length > 0;
  }

  get speaker() {
    return this.people.get(this.speakerIn(this.chat));
  }

  speakerIn(chat) {
    const chosen = this.#speakers.get(chat.id);
    return chat.talkers.includes(chosen) ? chosen : chat.talkers[0];
  }

  speakAs(personId, chatId = this.currentId) {
    this.#speakers.set(chatId, personId);
  }

  // The topic one is in; null for the general one and where there are no topics.
  get thread() {
    return this.threadIn(this.chat);
  }

  threadIn(chat) {
    return chat.is_forum ? (this.#threads.get(chat.id) ?? null) : null;
  }

  goTopic(threadId, chatId = this.currentId) {
    this.#threads.set(chatId, threadId);
    this.chats.get(chatId).unreadTopics.delete(threadId);
  }

  // The messages of the current chat, of the current topic where it has topics.
  get shownMessages() {
    const all = [...this.chat.messages.values()];
    return this.chat.is_forum ? all.filter((message) => threadOf(message) === this.thread) : all;
  }

  isShown(message) {
    return message.chat.id === this.currentId && (!this.chat.is_forum || threadOf(message) === this.thread);
  }

  go(chatId) {
    this.currentId = chatId;
    this.chat.unread = 0;
    this.chat.unreadTopics.delete(this.thread);
    sessionStorage.setItem(KEPT, String(chatId));
  }

  get isPrivate() {
    return this.chat.type === "private";
  }

  commands() {
    return this.chat.commands[this.speaker.id] ?? [];
  }

  lastMessage(chat) {
    return [...chat.messages.values()].at(-1);
  }

  roleOf(person) {
    if (person.id === this.administrator) return "administrator";
    if (person.language_code === "zh-hant") return "thirdReader";
    return person.language_code.startsWith("zh") ? "reader" : "secondReader";
  }

  kindOf(chat) {
    if (chat.is_forum) return "forum";
    return chat.type === "group" ? "smallGroup" : "group";
  }
}

export function threadOf(message) {
  return message.is_topic_message ? message.message_thread_id : null;
}
