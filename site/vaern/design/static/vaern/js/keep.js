/* A form that is sent on a bad connection keeps what is written, and says what is known: saved, not saved, or not known.
   Sending again is safe, because the form has a key of its own. The page works without. */
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

  const pathOf = (url) => new URL(url, window.location.href).pathname;
  const pageOf = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  /* Signing in makes the form's own token invalid: take that of the page as it is now, if it can be had. */
  const renew = async (form, signal) => {
    const answer = await fetch(form.action, { credentials: "same-origin", cache: "no-store", signal });
    const fresh = (await pageOf(answer)).querySelector("form[data-keep] [name=csrfmiddlewaretoken]");
    const token = form.elements.namedItem("csrfmiddlewaretoken");
    if (fresh && token && pathOf(answer.url) === pathOf(form.action)) token.value = fresh.value;
  };

  const show = (page, main) => {
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = page.title;
    const first = document.querySelector("main [data-error-summary], main [role=alert], main [role=status]");
    if (first) {
      first.setAttribute("tabindex", "-1");
      first.focus();
    }
  };

  const send = async (form, submitter) => {
    if (!navigator.onLine) {
      say(form, form.dataset.keepOffline);
      busy = false;
      return;
    }
    const label = submitter && (submitter.querySelector("span") || submitter);
    const before = label && label.textContent;
    if (label) label.textContent = document.body.dataset.sending || before;
    const patience = new AbortController();
    const timer = window.setTimeout(() => patience.abort(), PATIENCE);
    try {
      if (form.dataset.keepStale) await renew(form, patience.signal);
      const body = new FormData(form);
      if (submitter && submitter.name) body.set(submitter.name, submitter.value); // older browsers leave the button out
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        redirect: "follow",
        credentials: "same-origin",
        signal: patience.signal,
      });
      if (answer.status >= 500) throw new Error("who knows how far it came");
      const page = await pageOf(answer);
      const main = page.querySelector("main");
      const isOurs = pathOf(answer.url) === pathOf(form.action);
      if (isOurs && main && main.querySelector("form[data-keep]")) {
        if (answer.redirected) window.history.replaceState(null, "", answer.url);
        show(page, main); // the message that it is saved is on this page and on no later one
      } else if (isOurs && answer.redirected) {
        window.location.assign(answer.url);
      } else {
        form.dataset.keepStale = "1";
        say(form, form.dataset.keepRefused);
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
