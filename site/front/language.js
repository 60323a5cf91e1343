// The reader's language, kept between pages, and the switch in the page's head.
import { KOREAN } from "./words.js";

const english = new Map();
const kept = () => { try { return localStorage.getItem("language"); } catch { return null; } };
const keep = (language) => { try { localStorage.setItem("language", language); } catch { /* private windows may refuse */ } };

export const language = () => document.documentElement.lang;

function speak(wanted) {
  document.documentElement.lang = wanted;
  for (const part of document.querySelectorAll("[data-word]")) {
    if (!english.has(part)) english.set(part, part.textContent);
    part.textContent = wanted === "ko" ? KOREAN[part.dataset.word] : english.get(part);
  }
  for (const link of document.querySelectorAll("a[data-word=lessons]")) link.href = wanted === "ko" ? "ko/index.html" : "lessons/index.html";
  const button = document.getElementById("language");
  button.lang = wanted === "ko" ? "en" : "ko";
  button.textContent = wanted === "ko" ? "English" : "한국어";
}

// `changed` is called when the reader chooses another language.
export function start(changed) {
  speak(kept() ?? (navigator.language.startsWith("ko") ? "ko" : "en"));
  document.getElementById("language").addEventListener("click", () => {
    speak(language() === "ko" ? "en" : "ko");
    keep(language());
    changed();
  });
}
