// What the page knows: the cast, the chats, who is talking where, what is unread.

const KEPT = "wenxun-place";

export class State {
  session = null;
  bot = null;
  people = new Map();
  administrator = 0;
  chats = new Map();
  currentId = 0;

  #speakers = new Map();

  // Takes the whole state from the server. Returns whether it is another server than before.
  reset(state) {
    const restarted = this.session !== null && this.session !== state.session;
    const earlier = restarted ? new Map() : this.chats;
    this.session = state.session;
    this.bot = state.bot;
    this.administrator = state.administrator;
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.chats = new Map();
    for (const chat of state.chats) {
      const messages = new Map(chat.messages.map((message) => [message.message_id, message]));
      const before = earlier.get(chat.id);
      this.chats.set(chat.id, { ...chat, messages, unread: before?.unread ?? 0, action: null });
    }
    if (!this.chats.has(this.currentId)) {
      const kept = Number(sessionStorage.getItem(KEPT));
      this.currentId = this.chats.has(kept) ? kept : state.chats[0].id;
    }
    return restarted;
  }

  get chat() {
    return this.chats.get(this.currentId);
  }

  get speaker() {
    return this.people.get(this.speakerIn(this.chat));
  }

  speakerIn(chat) {
    const chosen = this.#speakers.get(chat.id);
    return chat.talkers.includes(chosen) ? chosen : chat.talkers[0];
  }

  speakAs(personId) {
    this.#speakers.set(this.currentId, personId);
  }

  go(chatId) {
    this.currentId = chatId;
    this.chat.unread = 0;
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
    return person.language_code.startsWith("zh") ? "reader" : "secondReader";
  }
}
