// Links to the bot itself: `https://t.me/<bot>?start=<payload>` and `tg://resolve?domain=<bot>&start=<payload>`.

const HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);
const PAYLOAD = /^[A-Za-z0-9_-]{1,64}$/;

let username = "";

export function nameBot(name) {
  username = name.toLowerCase();
}

// What a link to the bot asks for: { payload }, which is empty where there is none; null for other links.
export function botLink(address) {
  let url;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`);
  } catch {
    return null;
  }
  const isApp = url.protocol === "tg:" && url.hostname === "resolve";
  const isWeb = /^https?:$/.test(url.protocol) && HOSTS.has(url.hostname);
  const name = isApp ? url.searchParams.get("domain") : isWeb ? url.pathname.replace(/^\/|\/$/g, "") : null;
  if (!name || name.toLowerCase() !== username) return null;
  const payload = url.searchParams.get("start") ?? "";
  return { payload: PAYLOAD.test(payload) ? payload : "" };
}
