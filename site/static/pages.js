// Lessons: the other language at the same place of the page, which counts its cells.
const cells = () => [...document.querySelectorAll("article .cell")];

if (document.querySelector(".lesson-tools")) import("./cells.js");

const link = document.querySelector(".lesson-tools a");
link?.addEventListener("click", () => {
  const seen = cells().findIndex((cell) => cell.getBoundingClientRect().bottom > 0);
  if (scrollY > innerHeight / 2 && seen >= 0) link.hash = `cell-${seen}`;
});

const place = /^#cell-(\d+)$/.exec(location.hash);
if (place) cells()[Number(place[1])]?.scrollIntoView({ behavior: "instant" });

// What scrolls can be scrolled with the keyboard too.
for (const block of document.querySelectorAll("pre, .formula")) if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
