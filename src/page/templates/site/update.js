// Shows of all answers the one that belongs to what was chosen.
"use strict";
(() => {
  // The answers of which one belongs to all that these have chosen.
  const follow = (selects, answers) => {
    const show = () => {
      const chosen = selects.map((select) => select.value).join("-");
      for (const answer of answers) answer.hidden = answer.dataset.of !== chosen;
    };
    for (const select of selects) select.addEventListener("change", show);
    show();
  };
  const form = document.getElementById("update");
  const versions = form.querySelectorAll(":scope > .answer");
  follow([document.getElementById("version")], versions);
  for (const version of versions) {
    const selects = [...version.querySelectorAll("[data-ask]")];
    if (selects.length) follow(selects, version.querySelectorAll(".answer"));
  }
})();
