// What loading /widget.js does: the element is there, and with `data-auto` on the script a bubble is, too.

import { FiqraChat } from "./chat.js";

if (!customElements.get("fiqra-chat")) customElements.define("fiqra-chat", FiqraChat);

const script = [...document.querySelectorAll("script[data-auto]")].find(({ src }) => src === import.meta.url);
if (script && !document.querySelector("fiqra-chat[data-mounted]")) {
  const chat = document.createElement("fiqra-chat");
  chat.setAttribute("data-mounted", "");
  // data-lang="ar" → lang="ar", and so for the other attributes
  for (const name of [...FiqraChat.observedAttributes, "dir", "theme"]) {
    if (script.hasAttribute(`data-${name}`)) chat.setAttribute(name, script.getAttribute(`data-${name}`));
  }
  document.body.append(chat);
}
