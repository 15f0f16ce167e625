/* Small comforts. Every page works without this file; it needs no library and sets no styles. */
"use strict";

(() => {
  /* The error summary is where the reader should begin. */
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  /* Chrome scrolls to a fragment's control but leaves focus behind; an error link must move both. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    for (let box = control.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const group = control.closest("fieldset, .form-group") || control;
    group.scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });

  /* A form is sent once; the server has the last word on doubles. */
  const RESET_AFTER = 10000;
  const sent = new Map();

  const release = (form) => {
    const button = sent.get(form);
    if (button === undefined) return;
    sent.delete(form);
    if (!button) return;
    button.removeAttribute("aria-disabled");
    (button.querySelector("span") || button).textContent = button.dataset.label;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    const button = event.submitter;
    sent.set(form, button);
    if (button && button.matches(".button")) {
      const text = button.querySelector("span") || button;
      button.dataset.label = text.textContent;
      button.setAttribute("aria-disabled", "true");
      text.textContent = document.body.dataset.sending || text.textContent;
    } else {
      sent.set(form, null);
    }
    window.setTimeout(release, RESET_AFTER, form);
  });

  /* Coming back with the browser's back button, the page may be as it was left. */
  window.addEventListener("pageshow", () => [...sent.keys()].forEach(release));

  /* The menu on phones: Escape and a click outside close it. */
  const menu = document.querySelector("[data-menu]");
  if (menu) {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
  }
})();
