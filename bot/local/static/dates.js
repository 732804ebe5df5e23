// Moments in a text, shown as Telegram shows them: in this browser's time zone and this page's language.

import { h } from "./dom.js";
import { toast } from "./notices.js";
import { words } from "./words.js";

const REFRESH = 20_000;
const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

// `shape` is the entity's format: "r", or letters of w, d or D, t or T; empty leaves the text as it is.
export function moment(unix, shape, children) {
  const when = new Date(unix * 1000);
  const tell = () => toast(full(when));
  return h(
    "time",
    {
      class: "moment",
      datetime: when.toISOString(),
      title: full(when),
      role: "button",
      tabindex: "0",
      "data-relative": shape === "r",
      onclick: tell,
      onkeydown: (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), tell()),
    },
    shape ? shown(when, shape) : children,
  );
}

export function shown(when, shape) {
  if (shape === "r") return relative(when);
  const options = {};
  if (shape.includes("w")) options.weekday = "long";
  if (shape.includes("d")) Object.assign(options, { year: "2-digit", month: "2-digit", day: "2-digit" });
  if (shape.includes("D")) Object.assign(options, { year: "numeric", month: "long", day: "numeric" });
  if (/t/i.test(shape)) Object.assign(options, { hour: "2-digit", minute: "2-digit", hour12: false });
  if (shape.includes("T")) options.second = "2-digit";
  return when.toLocaleString(words.locale, options);
}

function relative(when) {
  const seconds = Math.round((when.getTime() - Date.now()) / 1000);
  const format = new Intl.RelativeTimeFormat(words.locale, { numeric: "always" });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(seconds, "second");
}

function full(when) {
  const options = { weekday: "long", year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" };
  return when.toLocaleString(words.locale, { ...options, hour12: false, timeZoneName: "short" });
}

setInterval(() => {
  for (const element of document.querySelectorAll(".moment[data-relative]")) {
    element.textContent = relative(new Date(element.dateTime));
  }
}, REFRESH);
