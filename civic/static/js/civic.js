// Comfort only: every page works without this file.
(() => {
  "use strict";
  const body = document.body;
  const live = document.getElementById("live");
  const busy = new Map();
  let said = "";

  const say = (text) => {
    if (!live || !text) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 50);
  };

  const release = (form) => {
    clearTimeout(busy.get(form));
    busy.delete(form);
    form.querySelectorAll('[aria-disabled="true"]').forEach((b) => b.removeAttribute("aria-disabled"));
  };

  // A form is sent once; the button stays focusable and comes back when the answer does.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (busy.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.querySelectorAll(".failed").forEach((old) => old.remove());
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    busy.set(form, setTimeout(release, 15000, form));
  }, true);
  addEventListener("pageshow", () => [...busy.keys()].forEach(release));
  body.addEventListener("htmx:afterRequest", (event) => {
    [...busy.keys()].filter((f) => f === event.detail.elt || !f.isConnected).forEach(release);
  });

  // What failed says so beside its button; nothing typed is lost, since nothing is swapped.
  const failed = (name) => (event) => {
    const { elt, requestConfig } = event.detail;
    const by = requestConfig && requestConfig.triggeringEvent && requestConfig.triggeringEvent.submitter;
    const button = by || elt.querySelector("button:not([type=button])") || elt;
    const note = document.createElement("p");
    note.className = "error failed";
    note.setAttribute("role", "alert");
    note.textContent = body.dataset[name];
    const row = button.closest(".actions, .choices");
    if (row) row.append(note); else button.after(note);
  };
  body.addEventListener("htmx:sendError", failed("unsent"));
  body.addEventListener("htmx:timeout", failed("unsent"));
  body.addEventListener("htmx:responseError", failed("refused"));

  // After a swap: go where the new part says ([data-focus]), and read out [data-say].
  body.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt || event.target;
    const find = (key) => (part.matches(`[${key}]`) ? part : part.querySelector(`[${key}]`));
    const next = find("data-focus");
    if (next) next.focus();
    const words = find("data-say");
    const text = words && (words.dataset.say || words.textContent.trim());
    // What asks by itself says only what is new.
    if (words && !(text === said && words.matches("[hx-trigger]"))) say(text);
    said = text;
  });

  // How long somebody still has the floor: counted down from when the page, or its part, came.
  const ends = new WeakMap();
  setInterval(() => document.querySelectorAll("[data-left]").forEach((clock) => {
    if (!ends.has(clock)) ends.set(clock, performance.now() + clock.dataset.left * 1000);
    const left = Math.max(0, Math.ceil((ends.get(clock) - performance.now()) / 1000));
    const words = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : clock.dataset.over;
    if (clock.textContent !== words) clock.textContent = words;
  }), 500);

  // An open menu closes with Escape or a tap elsewhere.
  const shut = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!except || !menu.contains(except)) menu.open = false;
  });
  document.addEventListener("click", (event) => shut(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();
