/* The catalogue without a new page for each choice. Without this file and htmx the form's button does the same. */
"use strict";

(() => {
  const form = document.getElementById("filters");
  const status = document.getElementById("found-status");
  if (!form || !status) return;

  /* An address that can be shared names only what was chosen. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt !== form) return;
    const asked = event.detail.formData;
    for (const [name, value] of [...asked.entries()]) if (!value) asked.delete(name);
    /* Enter is a change and a submit; what is shown already is not asked for again. */
    if (sorted(new URLSearchParams(asked)) === sorted(new URLSearchParams(location.search))) event.preventDefault();
  });
  const sorted = (query) => {
    query.delete("page");
    query.sort();
    return query.toString();
  };

  /* The form stays as it is, so that nobody loses the field they are in; it takes over counts and choices. */
  const takeOver = (page) => {
    for (const fresh of page.querySelectorAll("#filters select, #filters input:not([type=hidden])")) {
      const here = document.getElementById(fresh.id);
      if (!here) continue;
      if (fresh.tagName === "SELECT" && fresh.options.length === here.options.length) {
        [...fresh.options].forEach((option, place) => { here.options[place].textContent = option.textContent; });
      }
      if (here === document.activeElement) continue;
      if (fresh.type === "checkbox") here.checked = fresh.checked;
      else here.value = fresh.value;
    }
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "results") return;
    takeOver(new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html"));
    const found = document.querySelector("[data-found]");
    if (!found) return;
    status.textContent = found.textContent;
    /* The link that was pressed is gone: begin at what was found. */
    if (document.activeElement === document.body || !document.activeElement) found.focus({ preventScroll: true });
  });
})();
