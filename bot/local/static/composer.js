// Where one writes: the input, what is answered or edited, commands, inline questions, files.

import { byId, h, icon } from "./dom.js";
import { summary } from "./richtext.js";
import { openMenu } from "./menu.js";
import { Suggestions, commandItems, noCommands } from "./suggestions.js";
import { toast } from "./notices.js";
import { words } from "./words.js";

const LONGEST = 4096;
const LARGEST_FILE = 50 * 1024 * 1024;
const INLINE_PAUSE = 350;

export class Composer {
  #text = byId("text");
  #context = byId("context");
  #suggestions = new Suggestions();
  #reply = null;
  #edit = null;
  #query = null;
  #results = [];
  #timer = 0;
  #hiding = 0;
  #drafts = new Map();
  #hiddenKeyboard = null;

  // `send` does the acts: say, edit, ask, choose, open, upload, voice, sticker, post.
  constructor(state, send) {
    this.state = state;
    this.send = send;
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("blur", () => {
      // Later, so that a click on a suggestion still finds it.
      this.#hiding = setTimeout(() => this.#suggestions.hide(), 150);
    });
    this.#text.addEventListener("paste", (event) => this.#pasted(event));
    byId("commands").addEventListener("click", () => this.#toggleCommands());
    byId("attach").addEventListener("click", () => this.#attachMenu());
    byId("file").addEventListener("change", () => this.#attach(byId("file").files));
    byId("speaker").addEventListener("change", (event) => {
      this.state.speakAs(Number(event.target.value));
      this.send.redraw();
    });
  }

  // Draws everything anew: another chat, another language, another speaker.
  draw() {
    const { chat, speaker, isPrivate, bot } = this.state;
    byId("speaker-label").hidden = isPrivate;
    byId("speaker").replaceChildren(
      ...chat.talkers.map((id) => h("option", { value: id, selected: id === speaker.id }, this.#nameOf(id))),
    );
    const placeholder = words.t(isPrivate ? "placeholder" : "placeholderGroup", { bot: bot.username });
    this.#text.placeholder = chat.keyboard?.input_field_placeholder || placeholder;
    this.#drawContext();
    this.#drawKeyboard();
    this.#grow();
  }

  #nameOf(id) {
    const name = this.state.people.get(id).first_name;
    return this.state.chat.administrators.includes(id) ? words.t("asAdministrator", { name }) : name;
  }

  #attachMenu() {
    openMenu(byId("attach"), [
      { label: words.t("sendFile"), icon: "file", run: () => byId("file").click() },
      { label: words.t("sendVoice"), icon: "voice", run: () => this.send.voice() },
      { label: words.t("sendSticker"), icon: "sticker", run: () => this.send.sticker() },
      { label: words.t("sendPost"), icon: "channel", run: () => this.send.post() },
    ]);
  }

  leave(chatId) {
    this.#drafts.set(chatId, this.#text.value);
    this.#clear();
  }

  enter(chatId) {
    this.#text.value = this.#drafts.get(chatId) ?? "";
    this.draw();
    if (matchMedia("(hover: hover)").matches) this.focus();
  }

  focus() {
    this.#text.focus({ preventScroll: true });
  }

  replyTo(message) {
    this.#reply = message;
    this.#edit = null;
    this.#drawContext();
    this.focus();
  }

  edit(message) {
    this.#edit = message;
    this.#reply = null;
    this.insert(message.text);
    this.#drawContext();
  }

  insert(text) {
    this.#text.value = text;
    this.#typed();
    this.focus();
    this.#text.setSelectionRange(text.length, text.length);
  }

  // The message that was being answered or edited is gone.
  forget(messageId) {
    if (this.#reply?.message_id === messageId || this.#edit?.message_id === messageId) this.#clear();
  }

  showResults(answer) {
    if (answer.query_id !== this.#query) return;
    this.#results.push(
      ...answer.results.map((result) => ({
        title: result.title,
        detail: result.description,
        isResult: true,
        choose: () => this.#choose(answer.query_id, result.id),
      })),
    );
    const items = [...this.#results];
    if (answer.next_offset) {
      const text = this.#inlineQuestion(this.#text.value) ?? "";
      items.push({ title: words.t("moreResults"), isAside: true, choose: () => this.#ask(text, answer.next_offset) });
    }
    if (answer.button) {
      const { text: title, start_parameter: payload } = answer.button;
      items.push({ title, isAside: true, choose: () => this.#leaveInline(payload) });
    }
    this.#suggestions.show(items, words.t("nothingSuggested"));
  }

  #key(event) {
    if (this.#suggestions.take(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape") {
      this.#clear();
    } else if (event.key === "ArrowUp" && !this.#text.value) {
      const mine = [...this.state.shownMessages].reverse().find((m) => m.from.id === this.state.speaker.id && m.text);
      if (mine) {
        event.preventDefault();
        this.edit(mine);
      }
    }
  }

  #typed() {
    this.#grow();
    clearTimeout(this.#timer);
    this.#query = null;
    const text = this.#text.value;
    const inline = this.#inlineQuestion(text);
    if (inline !== null && !this.#edit) {
      this.#suggestions.show([], words.t("searching"));
      this.#timer = setTimeout(() => this.#ask(inline), INLINE_PAUSE);
    } else if (/^\/\w*$/.test(text) && !this.#edit) {
      this.#suggestions.show(this.#commandItems(text));
    } else {
      this.#suggestions.hide();
    }
  }

  #inlineQuestion(text) {
    const name = `@${this.state.bot.username}`;
    const isInline = text.toLowerCase().startsWith(name.toLowerCase()) && /^\s/.test(text.slice(name.length));
    // In a group, naming the bot is also how one speaks to it; Enter sends what was typed.
    return isInline ? text.slice(name.length + 1) : null;
  }

  // The first answer to a question begins the list, the next ones go on with it.
  async #ask(text, offset = "") {
    const asked = this.#text.value;
    const { query_id: id, answer } = await this.send.ask(text, offset);
    if (this.#text.value !== asked) return;
    if (!offset) this.#results = [];
    this.#query = id;
    if (answer) this.showResults({ query_id: id, ...answer });
  }

  #leaveInline(payload) {
    this.#clear();
    this.send.open({ payload });
  }

  async #choose(queryId, resultId) {
    this.#clear();
    await this.send.choose(queryId, resultId);
  }

  #commandItems(text) {
    const suffix = this.state.isPrivate ? "" : `@${this.state.bot.username}`;
    return commandItems(
      this.state.commands(),
      text,
      (command) => {
        this.#clear();
        this.send.say(command + suffix, null);
      },
      (command) => this.insert(suffix ? command.trim() + suffix + " " : command),
    );
  }

  #toggleCommands() {
    if (this.#suggestions.isOpen) {
      this.#suggestions.hide();
    } else {
      clearTimeout(this.#hiding);
      this.#suggestions.show(this.#commandItems("/"), noCommands());
      this.focus();
    }
  }

  async #submit() {
    const text = this.#text.value;
    if (!text.trim()) return;
    if (text.trim().length > LONGEST) {
      toast(words.t("tooLong"));
      return;
    }
    const [reply, edit] = [this.#reply, this.#edit];
    this.#clear();
    const done = await (edit ? this.send.edit(edit.message_id, text) : this.send.say(text, reply?.message_id ?? null));
    if (!done && !this.#text.value) this.insert(text);
  }

  #pasted(event) {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      this.#attach(event.clipboardData.files);
    }
  }

  async #attach(files) {
    for (const file of files) {
      if (file.size > LARGEST_FILE) toast(words.t("fileTooBig"));
      else await this.send.upload(file);
    }
    byId("file").value = "";
  }

  #clear() {
    clearTimeout(this.#timer);
    this.#query = null;
    this.#reply = null;
    this.#edit = null;
    this.#text.value = "";
    this.#suggestions.hide();
    this.#drawContext();
    this.#grow();
  }

  #drawContext() {
    const target = this.#reply ?? this.#edit;
    this.#context.hidden = !target;
    if (!target) return;
    const title = this.#edit ? words.t("editing") : words.t("replyingTo", { name: target.from.first_name });
    this.#context.replaceChildren(
      icon(this.#edit ? "edit" : "reply"),
      h("div", { class: "context-text" }, h("b", {}, title), h("span", {}, summary(target))),
      h("button", { type: "button", class: "icon-button", "aria-label": words.t("cancel"), title: words.t("cancel"), onclick: () => this.#clear() }, icon("close")),
    );
  }

  // The keyboard that the bot has put in place of the letters.
  #drawKeyboard() {
    const { chat } = this.state;
    const holder = byId("reply-keyboard");
    const rows = chat.keyboard?.keyboard;
    holder.hidden = !rows || this.#hiddenKeyboard === chat.keyboard;
    if (!rows) return;
    const press = (text) => {
      if (chat.keyboard.one_time_keyboard) this.#hiddenKeyboard = chat.keyboard;
      this.send.say(text, null);
      this.#drawKeyboard();
    };
    holder.replaceChildren(
      ...rows.map((row) =>
        h("div", { class: "row" }, row.map((button) => h("button", { type: "button", class: "key", onclick: () => press(button.text) }, button.text))),
      ),
    );
  }

  #grow() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight, 160)}px`;
    byId("send").disabled = !this.#text.value.trim();
  }
}
