// Searches the sections of all pages: every word must stand in a section or its headings.
"use strict";
(() => {
  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const count = document.getElementById("found-count");
  const root = input.dataset.root;
  const most = 12;

  const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  // A word in a heading counts more than one in the text.
  const rank = (entry, asked) => {
    const heading = `${entry.page} ${entry.title}`.toLowerCase();
    const text = entry.text.toLowerCase();
    let rank = 0;
    for (const word of asked) {
      if (heading.includes(word)) rank += 3;
      else if (text.includes(word)) rank += 1;
      else return 0;
    }
    return rank;
  };

  const show = () => {
    const asked = words(input.value);
    const ranked = asked.length === 0 ? [] : globalThis.catalogIndex
      .map((entry) => ({ entry, rank: rank(entry, asked) }))
      .filter((found) => found.rank > 0)
      .sort((a, b) => b.rank - a.rank)
      .slice(0, most);
    list.hidden = ranked.length === 0;
    list.replaceChildren(
      ...ranked.map(({ entry }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = root + entry.address;
        link.textContent = `${entry.page}: ${entry.title}`;
        item.append(link);
        return item;
      }),
    );
    if (asked.length === 0) count.textContent = "";
    else if (ranked.length === 0) count.textContent = "Nothing found";
    else count.textContent = ranked.length === most ? `The ${most} best` : `${ranked.length} found`;
  };

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.value = "";
      show();
    }
  });
  show();
})();
