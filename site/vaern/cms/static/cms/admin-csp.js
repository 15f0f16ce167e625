/*
 * Wagtail starts its date fields, choosers and inline panels with inline scripts, which our content security policy
 * refuses. The templates and choosers.py of vaern.cms leave a hidden marker in their place; this file finds the
 * markers and calls the same Wagtail functions. Only the names listed here can be called, whatever a marker says.
 */
(() => {
  "use strict";

  const SELECTOR = "[data-cms-start]";

  // A new row's widgets must be started before Wagtail goes on: the multiple chooser fills its row in right away.
  const panel = (Panel, options) => {
    const started = new Panel(options);
    const addForm = started.addForm;
    started.addForm = (...args) => {
      addForm.apply(started, args);
      startWithin(started.formContainer[0]);
    };
  };

  const STARTERS = {
    initDateChooser: (id, options) => window.initDateChooser(id, options),
    initTimeChooser: (id, options) => window.initTimeChooser(id, options),
    initDateTimeChooser: (id, options) => window.initDateTimeChooser(id, options),
    Chooser: (id, options) => new window.Chooser(id, options),
    PageChooser: (id, options) => new window.PageChooser(id, options),
    ImageChooser: (id, options) => new window.ImageChooser(id, options),
    DocumentChooser: (id, options) => new window.DocumentChooser(id, options),
    SnippetChooser: (id, options) => new window.SnippetChooser(id, options),
    createTaskChooser: (id) => window.createTaskChooser(id),
    InlinePanel: (_id, options) => panel(window.InlinePanel, options),
    MultipleChooserPanel: (_id, options) => panel(window.MultipleChooserPanel, options),
  };

  // The options are JSON written with Django's escapejs, as in the scripts they replace: Wagtail fills in the number
  // of a new row up to the next quotation mark, so quotation marks must still be written \u0022 in the marker.
  const read = (text) => JSON.parse(JSON.parse(`"${text}"`));

  const start = (marker) => {
    // Started already, together with an element around it.
    if (!marker.isConnected) return;
    const { cmsStart: name, cmsFor: id, cmsOptions: options } = marker.dataset;
    if (!Object.hasOwn(STARTERS, name)) {
      console.error(`admin-csp.js does not know how to start ${name}`);
      return;
    }
    marker.remove();
    STARTERS[name](id, read(options));
  };

  const startWithin = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.matches(SELECTOR)) start(node);
    // Document order, as inline scripts run. The contents of a <template> are not found, which is what we want.
    else node.querySelectorAll(SELECTOR).forEach(start);
  };

  const run = () => {
    // The image editor's cropping tool asks the browser about touch events by writing inline event handlers.
    if (window.jQuery?.Jcrop) window.jQuery.Jcrop.defaults.touchSupport = "ontouchstart" in window;
    startWithin(document.body);
    // Dialogs and filters arrive later.
    new MutationObserver((changes) => {
      changes.forEach((change) => change.addedNodes.forEach(startWithin));
    }).observe(document.body, { childList: true, subtree: true });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", run);
  else run();
})();
