// A button to speak a question, where the browser turns speech into text; null elsewhere, or where the page forbids it.

import { MICROPHONE, button, icon } from "./dom.js";

export function voice({ words, language, announce }, input, note) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition || document.featurePolicy?.allowsFeature("microphone") === false) return null;
  let heard = null;
  const tell = (text) => {
    note.textContent = text;
    announce(text);
  };
  const made = button(".shut.voice", { "aria-label": words.speak, "aria-pressed": "false" }, () => {
    if (heard) return heard.stop();
    heard = new Recognition();
    heard.lang = language;
    heard.onresult = ({ results }) => {
      tell("");
      input.value = results[0][0].transcript;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    heard.onerror = () => tell(words.unheard);
    heard.onend = () => {
      heard = null;
      made.setAttribute("aria-pressed", "false");
      input.focus();
    };
    tell(words.speaking);
    made.setAttribute("aria-pressed", "true");
    heard.start();
  }, icon(MICROPHONE));
  return made;
}
