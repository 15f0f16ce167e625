/* A long select becomes a field to type in, with the list below it. Without this file it stays the select it is. */
"use strict";

(() => {
  /* "Aeblegaard" finds "Æblegård": not every keyboard has the Danish letters. */
  const SPELLED = { æ: "ae", ø: "oe", å: "aa", ä: "ae", ö: "oe", é: "e", è: "e", ü: "u" };
  const plain = (text) => text.toLocaleLowerCase("da").replace(/[æøåäöéèü]/g, (letter) => SPELLED[letter]);

  /* Every word must begin a word of the name, in any order. */
  const fits = (name, query) => {
    const words = plain(name).split(/[^a-z0-9]+/);
    return plain(query).split(/[^a-z0-9]+/).filter(Boolean).every((part) => words.some((word) => word.startsWith(part)));
  };

  for (const select of document.querySelectorAll("select[data-choose]")) {
    const told = select.dataset;
    const notes = (select.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
    const hint = notes.map((id) => document.getElementById(id)?.textContent.trim()).filter(Boolean).join(" ");
    const options = [...select.options].filter((option) => option.value);
    const always = options.filter((option) => option.hasAttribute("data-always") || option.value === told.always);
    const chosen = select.selectedOptions[0]?.value ? select.selectedOptions[0].textContent : "";
    const id = select.id;
    const find = (query) => {
      const found = options.filter((option) => fits(option.textContent, query));
      return [...found, ...always.filter((option) => !found.includes(option))].map((option) => option.textContent);
    };
    window.accessibleAutocomplete.enhanceSelectElement({
      selectElement: select,
      defaultValue: chosen,
      source: (query, show) => show(find(query)),
      minLength: 1,
      confirmOnBlur: false,
      displayMenu: "overlay",
      inputClasses: "form-input",
      onConfirm: (name) => {
        const option = options.find((each) => each.textContent === name);
        if (!option) return;
        select.value = option.value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      },
      tNoResults: () => told.none,
      tStatusQueryTooShort: () => "",
      tStatusNoResults: () => told.none,
      tStatusSelectedOption: (name, length, index) =>
        told.selected.replace("{name}", name).replace("{number}", index + 1).replace("{all}", length),
      tStatusResults: (length, selected) => `${told.results.replace("{all}", length)} ${selected}`,
      tAssistiveHint: () => [hint, told.how].filter(Boolean).join(" "),
    });
    const input = document.getElementById(id);
    input.setAttribute("autocomplete", "off");
    if (select.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
    /* What is in the field and what is chosen must never be two things. */
    input.addEventListener("input", () => {
      const option = options.find((each) => each.textContent === input.value);
      select.value = option ? option.value : "";
    });
  }
})();
