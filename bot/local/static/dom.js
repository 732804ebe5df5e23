// Builds elements. Everything that people or the bot wrote becomes a text node or an
// attribute here; nothing on this page ever parses it as HTML.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

// Only these become links. The server checks too; a page should not have to trust it.
export function safeLink(address) {
  try {
    const url = new URL(address.includes("://") ? address : `http://${address}`);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

export function outwardLink(address, properties, ...children) {
  const href = safeLink(address);
  if (href === null) return h("span", { title: address, ...properties }, ...children);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", title: href, ...properties }, ...children);
}
