/* "Leave this page": without this file it is an ordinary link; with it, this page is not in the history afterwards. */
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leave]");
  if (!link) return;
  event.preventDefault();
  document.documentElement.hidden = true; // at once, also where the next page is slow
  window.location.replace(link.href);
});

/* Back by the browser's button, the page is shown again. */
window.addEventListener("pageshow", () => {
  document.documentElement.hidden = false;
});
