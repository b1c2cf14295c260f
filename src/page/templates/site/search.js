// Searches the sections of all pages. What people type are rarely the words of the page: what only
// connects words is left out, endings don't count, and one word stands for others. A section needn't hold
// each word; rare words and headings count more, and what stands on the page that is open.
"use strict";
(() => {
  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const count = document.getElementById("found-count");
  const root = input.dataset.root;
  const most = 12;

  const idle = new Set(
    "a an and any anymore are as at be by can cannot could did do does don for from get gets have how i in is it its me my no not of on or s so t that the their there this to want was what when where which who why will with you your".split(" "),
  );
  // What people call what the pages call something else.
  const others = {
    access: "reach",
    bill: "cost price charged",
    calling: "with",
    delete: "terminate end ended",
    deleted: "terminate kept back",
    disable: "off switched",
    egress: "traffic download",
    email: "mail notification",
    failed: "fail failure",
    files: "scp",
    jira: "issue",
    leaked: "known",
    limit: "duration ends",
    login: "log",
    lose: "lost deleted",
    manually: "hand calls call",
    memory: "gib",
    onboarding: "begin",
    os: "operating",
    owns: "belongs owner",
    pat: "token",
    phi: "health",
    price: "cost pricing",
    pricing: "cost price",
    rdp: "desktop",
    reboot: "restart",
    remove: "terminate end",
    request: "asked ask",
    resize: "size",
    restore: "back",
    shut: "stop",
    sidebar: "left",
    software: "installed program",
    sns: "notification",
    space: "full disk",
    status: "state",
    support: "help",
    terminal: "shell",
    timeout: "idle",
    transfer: "move change copy",
    turn: "stop",
    upload: "copy",
    vm: "instance machine",
  };

  const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  // Without its ending; short words have none.
  const stem = (word) =>
    word.length < 5 ? word : word.replace(/(ing|ions?|ed|ship|es|s|e|y)$/, "").replace(/([^aeiouls])\1$/, "$1");

  const sections = globalThis.catalogIndex.map((entry) => ({
    entry,
    heading: words(entry.title),
    page: words(entry.page),
    text: words(entry.text),
    isOpen: decodeURI(location.pathname).endsWith(`/${entry.address.split("#")[0]}`),
  }));
  const isOf = (word, one) => {
    if (one.length < 3) return word === one;
    return one.length < 5 ? word.startsWith(one) : word.includes(one);
  };
  const holds = (held, stems) => held.some((word) => stems.some((one) => isOf(word, one)));
  const isIn = (section, stems) =>
    [section.heading, section.page, section.text].some((held) => holds(held, stems));

  // What was asked: each word with its others, and how much it counts.
  const asked = (typed) => {
    const all = words(typed);
    const telling = all.filter((word) => !idle.has(word));
    return (telling.length > 0 ? telling : all).map((word) => {
      const own = [stem(word)];
      const stems = [...own, ...(others[word] ?? "").split(" ").filter(Boolean).map(stem)];
      const held = sections.filter((section) => isIn(section, stems)).length;
      return { own, stems, counts: held === 0 ? 0 : Math.log(1 + sections.length / held) };
    });
  };

  const rank = (section, question) => {
    let rank = 0;
    let found = 0;
    for (const { own, stems, counts } of question) {
      // Another word for it is a little less than the word itself.
      const worth = isIn(section, own) ? counts : 0.8 * counts;
      if (holds(section.heading, stems)) rank += 3 * worth;
      else if (holds(section.page, stems)) rank += 1.2 * worth;
      else if (holds(section.text, stems)) rank += worth;
      else continue;
      found += 1;
    }
    // A section that has them all stands before one that has some of them.
    const part = found / question.length;
    return rank * part * (section.isOpen ? 1.3 : 1);
  };

  // The best first; what several pages say under one heading doesn't crowd out all else.
  const best = (typed) => {
    const question = asked(typed);
    const found = sections
      .map((section) => ({ entry: section.entry, rank: rank(section, question) }))
      .filter((one) => one.rank > 0)
      .sort((a, b) => b.rank - a.rank);
    const before = new Map();
    const timesOf = (name) => {
      const times = before.get(name) ?? 0;
      before.set(name, times + 1);
      return times;
    };
    for (const one of found) one.rank *= 0.6 ** timesOf(one.entry.title) * 0.9 ** timesOf(`page ${one.entry.page}`);
    return found.sort((a, b) => b.rank - a.rank).slice(0, most);
  };

  const show = () => {
    const hasWords = words(input.value).length > 0;
    const found = hasWords ? best(input.value) : [];
    list.hidden = found.length === 0;
    list.replaceChildren(
      ...found.map(({ entry }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = root + entry.address;
        link.textContent = `${entry.page}: ${entry.title}`;
        item.append(link);
        return item;
      }),
    );
    if (!hasWords) count.textContent = "";
    else if (found.length === 0) count.textContent = "Nothing found";
    else count.textContent = found.length === most ? `The ${most} best` : `${found.length} found`;
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
