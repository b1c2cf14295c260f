// Shows of all answers the one that belongs to what was chosen.
"use strict";
(() => {
  const follow = (select, answers) => {
    const show = () => {
      for (const answer of answers) answer.hidden = answer.dataset.of !== select.value;
    };
    select.addEventListener("change", show);
    show();
  };
  const form = document.getElementById("update");
  follow(document.getElementById("version"), form.querySelectorAll(":scope > .answer"));
  for (const select of form.querySelectorAll("[data-ask]")) {
    follow(select, select.closest(".field").querySelectorAll(".answer"));
  }
})();
