/*
 * Asks the page again while a file is being made or taken in, and puts the new state in place of the old one.
 * Without this script the page's button does the same.
 */
(() => {
  "use strict";

  const EVERY = 2000;
  const SELECTOR = "[data-exchange-progress]";

  const again = async () => {
    const shown = document.querySelector(SELECTOR);
    if (!shown || shown.dataset.exchangeProgress !== "in-hand") return;
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector(SELECTOR);
      if (answer.ok && found) shown.replaceWith(found);
    } catch {
      // The next try may find the network again.
    }
    window.setTimeout(again, EVERY);
  };

  window.setTimeout(again, EVERY);
})();
