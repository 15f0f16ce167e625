/* Shows how a message's text looks while it is written. Without this script a button does the same. */
(() => {
  "use strict";

  const form = document.getElementById("text-form");
  const place = document.getElementById("text-preview");
  const status = document.getElementById("text-preview-status");
  if (!form || !place) return;

  let timer = 0;
  let asked = 0;

  const show = async () => {
    asked += 1;
    const mine = asked;
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer || !answer.ok || mine !== asked) return;
    const open = place.querySelector("details")?.open;
    place.innerHTML = await answer.text();
    if (open) place.querySelector("details").open = true;
    status.textContent = status.dataset.done;
  };

  form.addEventListener("input", () => {
    status.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(show, 400);
  });
})();
