// Shows the copy buttons and lets them copy, and asks what the address asks. Every page reads whole without this.
"use strict";

const status = document.getElementById("status");

function text(citation) {
  return `${citation.querySelector("p").textContent.trim()}\n${citation.querySelector("a").href}`;
}

async function copy(button) {
  const block = button.closest(button.classList.contains("all") ? ".citations" : ".citation, .snippet");
  const cited = block.matches(".citation") ? [block] : [...block.querySelectorAll(".citation")];
  try {
    await navigator.clipboard.writeText(block.querySelector("pre")?.textContent ?? cited.map(text).join("\n\n"));
  } catch {
    getSelection().selectAllChildren(block); // no permission, or no secure context: ready for the reader to copy
    return;
  }
  status.textContent = status.dataset.copied;
  button.classList.add("done");
  setTimeout(() => {
    status.textContent = "";
    button.classList.remove("done");
  }, 2000);
}

// On the first page of a long report, `#para_450` is a link to the page that has the paragraph.
function follow() {
  const place = document.getElementById(location.hash.slice(1));
  if (place?.closest(".elsewhere")) {
    location.replace(place.href);
  }
}

addEventListener("hashchange", follow);
follow();

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

// `/?q=…` is answered by the server where no script runs; here the widget asks it, once.
const chat = document.querySelector("fiqra-chat[mode=inline]");
const address = new URL(location.href);
const asked = address.searchParams.get("q");
if (chat && asked) {
  address.searchParams.delete("q");
  history.replaceState(null, "", address);
  customElements.whenDefined("fiqra-chat").then(() => chat.submitUserMessage(asked));
}
