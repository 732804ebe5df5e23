// The page's own words, in Chinese and English.

const WORDS = {
  tagline: ["本地聊天 · 无需 Telegram", "Local chat · no Telegram needed"],
  sideNote: ["消息只在本机内存中，重启后清空。", "Messages stay in this computer's memory and go when it restarts."],
  who: ["以谁的身份说话", "Who is talking"],
  reader: ["读者", "Reader"],
  administrator: ["管理员", "Admin"],
  secondReader: ["读者 EN", "Reader 2"],
  group: ["群聊", "Group"],
  thirdReader: ["讀者 繁", "Reader 3"],
  forum: ["论坛", "Forum"],
  smallGroup: ["小群", "Small group"],
  privateChat: ["私聊", "Private chat"],
  topics: ["话题", "Topics"],
  general: ["综合", "General"],
  newTopic: ["新话题", "New topic"],
  topicCreated: ["{name} 创建了话题「{topic}」", "{name} opened the topic “{topic}”"],
  hintTopic: ["这个话题里还没有消息", "Nothing in this topic yet"],
  members: ["{count} 位成员和机器人", "{count} members and the bot"],
  more: ["更多", "More"],
  history: ["聊天记录", "Messages"],
  toEnd: ["到最新消息", "To the newest message"],
  newCount: ["{count} 条新消息", "{count} new messages"],
  suggestions: ["建议", "Suggestions"],
  speakAs: ["发言身份", "Speak as"],
  commands: ["命令菜单", "Command menu"],
  noCommands: ["机器人还没有登记命令。", "The bot has not registered commands yet."],
  write: ["输入消息", "Message"],
  placeholder: ["问一个关于新闻的问题…", "Ask about the news…"],
  placeholderGroup: ["用 /ask 或 @机器人 提问…", "Use /ask or mention the bot…"],
  attach: ["发送文件、语音、贴纸或频道文章", "Send a file, a voice message, a sticker or a post"],
  send: ["发送", "Send"],
  ok: ["好", "OK"],
  online: ["机器人", "bot"],
  typing: ["正在输入…", "typing…"],
  uploading: ["正在发送文件…", "sending a file…"],
  offline: ["与服务器的连接断开，正在重连…", "Disconnected from the server, reconnecting…"],
  connecting: ["正在连接…", "Connecting…"],
  back: ["已重新连接", "Connected again"],
  freshStart: ["服务器已重启，聊天从头开始。", "The server was restarted; the chat begins anew."],
  hintTitle: ["还没有消息", "Nothing here yet"],
  hint: ["问问讯一个新闻问题，它会摘出原文并注明来源和日期。", "Ask Wenxun about the news: it answers with verbatim excerpts, their source and date."],
  hintGroup: ["在群里用 @{bot}、/ask 或回复机器人来提问。", "In a group, mention @{bot}, use /ask, or reply to the bot."],
  start: ["开始", "Start"],
  today: ["今天", "Today"],
  yesterday: ["昨天", "Yesterday"],
  edited: ["已编辑", "edited"],
  reply: ["回复", "Reply"],
  edit: ["编辑", "Edit"],
  forward: ["转发", "Forward"],
  forwardTo: ["转发到…", "Forward to…"],
  forwardFrom: ["转发「{name}」的文章", "Forward a post of {name}"],
  sendTo: ["发送到…", "Send to…"],
  options: ["消息菜单", "Message menu"],
  react: ["表态 {emoji}", "React with {emoji}"],
  sendFile: ["文件或图片", "File or photo"],
  sendVoice: ["语音（3 秒）", "Voice message (3 s)"],
  sendSticker: ["贴纸", "Sticker"],
  sendPost: ["频道文章", "Post of a channel"],
  thinking: ["正在思考…", "Thinking…"],
  draft: ["草稿", "draft"],
  moreResults: ["更多结果", "More results"],
  cancel: ["取消", "Cancel"],
  editing: ["编辑消息", "Editing a message"],
  replyingTo: ["回复 {name}", "Reply to {name}"],
  gone: ["原消息已不在", "The message is gone"],
  showMore: ["展开", "Show more"],
  showLess: ["收起", "Show less"],
  spoiler: ["隐藏的文字，按下显示", "Hidden text, press to show"],
  copied: ["已复制", "Copied"],
  copiedText: ["已复制：{text}", "Copied: {text}"],
  copyFailed: ["无法复制", "Could not copy"],
  copy: ["复制", "Copy"],
  save: ["下载 {name}", "Download {name}"],
  photo: ["图片", "Photo"],
  document: ["文件", "File"],
  voice: ["语音消息", "Voice message"],
  sticker: ["贴纸", "Sticker"],
  forwarded: ["转发自 {name}", "Forwarded from {name}"],
  via: ["通过 @{bot}", "via @{bot}"],
  noAnswer: ["机器人没有响应", "The bot did not respond"],
  nothingSuggested: ["没有结果", "No results"],
  searching: ["正在查找…", "Searching…"],
  block: ["拉黑机器人", "Block the bot"],
  unblock: ["解除拉黑", "Unblock the bot"],
  blocked: ["你已拉黑机器人", "You blocked the bot"],
  kick: ["把机器人移出群", "Remove the bot from the group"],
  add: ["把机器人加回群", "Add the bot to the group"],
  promote: ["设机器人为管理员", "Make the bot an administrator"],
  demote: ["取消机器人的管理员", "Make the bot an ordinary member"],
  grow: ["升级为超级群", "Make it a supergroup"],
  deleteAccount: ["注销账号", "Delete the account"],
  sureAccount: ["注销这个账号？重启本地聊天后才会恢复。", "Delete this account? Only a restart brings it back."],
  accountDeleted: ["账号已注销", "Deleted account"],
  accountGone: ["账号已注销，重启后恢复", "The account is deleted; a restart brings it back"],
  deleteGroup: ["解散群", "Delete the group"],
  sureGroup: ["解散这个群？重启本地聊天后才会恢复。", "Delete this group? Only a restart brings it back."],
  asAdministrator: ["{name} · 管理员", "{name} · admin"],
  removed: ["{name} 移出了机器人", "{name} removed the bot"],
  added: ["{name} 把机器人加入了群", "{name} added the bot"],
  grown: ["群已升级为超级群", "The group became a supergroup"],
  pinned: ["置顶消息", "Pinned message"],
  light: ["浅色", "Light"],
  dark: ["深色", "Dark"],
  auto: ["跟随系统", "Follow the system"],
  theme: ["外观：{name}", "Appearance: {name}"],
  switchLanguage: ["Switch to English", "切换到中文"],
  unread: ["{count} 条未读", "{count} unread"],
  tooLong: ["太长：最多 4096 个字符", "Too long: at most 4096 characters"],
  fileTooBig: ["文件太大，最多 50 MB", "The file is too big; at most 50 MB"],
};

const KEPT = "wenxun-language";

export const words = {
  language: preferred(),

  t(key, values = {}) {
    const text = WORDS[key][this.language === "zh" ? 0 : 1];
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  },

  toggle() {
    this.language = this.language === "zh" ? "en" : "zh";
    localStorage.setItem(KEPT, this.language);
    this.apply();
  },

  // Puts the words into everything that stands in the page from the beginning.
  apply() {
    document.documentElement.lang = this.language === "zh" ? "zh-CN" : "en";
    for (const element of document.querySelectorAll("[data-word]")) {
      element.textContent = this.t(element.dataset.word);
    }
    for (const element of document.querySelectorAll("[data-label]")) {
      const text = this.t(element.dataset.label);
      element.setAttribute("aria-label", text);
      if (element.tagName === "BUTTON") element.title = text;
    }
  },

  get locale() {
    return this.language === "zh" ? "zh-CN" : "en-GB";
  },
};

function preferred() {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh" || kept === "en") return kept;
  return (navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en";
}
