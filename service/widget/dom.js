// Elements made of text nodes and attributes: no markup is ever read from a string.

export function el(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value != null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

// What each button does. One listener on the shadow root looks it up; nothing has to be taken off again.
const actions = new WeakMap();

export function button(name, attributes, action, ...children) {
  const made = el(`button${name}`, { type: "button", ...attributes }, ...children);
  actions.set(made, action);
  return made;
}

export function press(event) {
  const pressed = event.target.closest?.("button");
  if (pressed) actions.get(pressed)?.(pressed);
}

// Change what is inside an element; the focus stays on what took the place of what had it.
export function refocus(element, change) {
  const had = element.getRootNode().activeElement;
  const inside = had && element.contains(had);
  change();
  if (!inside || had.isConnected) return;
  const like = [...had.classList].map((name) => `.${name}`).join("");
  (element.querySelector(like || null) ?? element.querySelector(".retry, .looking") ?? element).focus();
}

export function icon(path) {
  const NS = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS(NS, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

export const CROSS = "M6 6l12 12M18 6L6 18";
export const PLUS = "M12 5v14M5 12h14";
export const PILCROW = "M14 4v16M18 4v16M19 4h-8.500a4.500 4.500 0 0 0 0 9H14";
export const PENCIL = "M4 20l1-4L16 5l3 3L8 19z";
export const MICROPHONE = "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4";
