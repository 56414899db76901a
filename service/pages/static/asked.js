// The questions asked on this page, kept in this browser where its user wants that, and sent nowhere.
"use strict";

const KEY = "fiqra:asked";
const MOST = 50;
const room = document.getElementById("asked-before");
const wanted = room.querySelector("input");
const forget = room.querySelector("button");

// What is kept, newest first; null where nothing is to be.
function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter(({ q } = {}) => typeof q === "string") : null;
  } catch {
    return null;
  }
}

function save(kept) {
  try {
    if (kept) localStorage.setItem(KEY, JSON.stringify(kept.slice(0, MOST)));
    else localStorage.removeItem(KEY);
  } catch {
    // full, or forbidden
  }
  draw();
}

function draw() {
  const kept = load();
  wanted.checked = kept !== null;
  forget.hidden = !kept?.length;
  room.querySelector("ul").replaceChildren(
    ...(kept ?? []).map((asked) => {
      const link = document.createElement("a");
      const query = Object.entries({ lang: document.documentElement.lang, ...asked }).filter(([, value]) => value);
      link.href = `?${new URLSearchParams(query)}`;
      link.textContent = asked.q;
      link.dir = "auto";
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
}

let last = {};
addEventListener("fiqra:ask", ({ detail }) => (last = detail));
addEventListener("fiqra:answer", ({ detail: { answer } }) => {
  const { question: q, report } = last;
  const after = answer.leans_on;
  const kept = load();
  if (kept) save([{ q, report, after }, ...kept.filter((asked) => asked.q !== q || asked.report !== report)]);
});
addEventListener("storage", draw);
wanted.addEventListener("change", () => save(wanted.checked ? [] : null));
forget.addEventListener("click", () => {
  save([]);
  wanted.focus();
  document.getElementById("status").textContent = forget.dataset.done;
});
room.hidden = false;
draw();
