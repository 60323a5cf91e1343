// What the pages that Sphinx makes can do: their cells run, they work offline, and they change their language in place.
import { keepForLater } from "../offline.js";

const cells = () => [...document.querySelectorAll("article .cell")];

if (document.querySelector(".lesson-tools")) import("./cells.js");

// The other language at the same place of the page, by the number of the cell.
const link = document.querySelector(".lesson-tools a");
link?.addEventListener("click", () => {
  const seen = cells().findIndex((cell) => cell.getBoundingClientRect().bottom > 0);
  if (scrollY > innerHeight / 2 && seen >= 0) link.hash = `cell-${seen}`;
});

const place = /^#cell-(\d+)$/.exec(location.hash);
if (place) cells()[Number(place[1])]?.scrollIntoView({ behavior: "instant" });

// What scrolls can be scrolled with the keyboard too: also an output that a picture has widened.
const blocks = document.querySelectorAll("pre, .formula, .cell_output");
const reach = () => blocks.forEach((block) => { if (block.scrollWidth > block.clientWidth) block.tabIndex = 0; });
reach();
addEventListener("load", reach);

keepForLater();
