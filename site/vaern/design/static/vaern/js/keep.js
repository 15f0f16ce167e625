/* A form that is sent on a bad connection keeps what is written, and says when nothing was saved. The page works without. */
"use strict";

(() => {
  const PATIENCE = 20000;
  let busy = false;

  const say = (form, text) => {
    let box = form.querySelector("[data-keep-said]");
    if (!box) {
      box = document.createElement("p");
      box.className = "v-lost";
      box.dataset.keepSaid = "";
      box.setAttribute("role", "alert");
      form.append(box);
    }
    box.textContent = "";
    window.setTimeout(() => { box.textContent = text; }, 50);
  };

  const send = async (form, submitter) => {
    const label = submitter && (submitter.querySelector("span") || submitter);
    const before = label && label.textContent;
    if (label) label.textContent = document.body.dataset.sending || before;
    const body = new FormData(form);
    if (submitter && submitter.name) body.set(submitter.name, submitter.value); // older browsers leave the button out
    const patience = new AbortController();
    const timer = window.setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        redirect: "manual",
        credentials: "same-origin",
        signal: patience.signal,
      });
      if (answer.type === "opaqueredirect") {
        window.location.assign(form.action);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = page.querySelector("main");
      if (!main || !main.querySelector("form[data-keep]")) throw new Error("not our page");
      document.querySelector("main").replaceWith(document.adoptNode(main));
      document.title = page.title;
      const first = document.querySelector("main [data-error-summary], main [role=alert]");
      if (first) {
        first.setAttribute("tabindex", "-1");
        first.focus();
      }
    } catch {
      say(form, form.dataset.keepLost);
    } finally {
      window.clearTimeout(timer);
      busy = false;
      if (label) label.textContent = before;
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-keep]")) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    send(form, event.submitter);
  }, true);
})();
