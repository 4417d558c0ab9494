// Comfort only: every page works without this file, except live progress.
(() => {
  const say = (words) => {
    const place = document.getElementById("said");
    if (place) place.textContent = words;
  };

  // Copy buttons show up where they can work.
  const prepare = (root) => {
    root.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = !navigator.clipboard; });
    root.querySelectorAll("[data-enhanced][hidden]").forEach((element) => { element.hidden = false; });
    root.querySelectorAll("form[data-selection]").forEach(count);
  };

  const count = (form) => {
    const boxes = [...form.elements].filter((box) => box.name === "id" && box.type === "checkbox");
    const chosen = boxes.filter((box) => box.checked).length;
    const bar = form.querySelector("[data-bulk]");
    const all = form.querySelector("[data-all]");
    if (bar) bar.dataset.bulk = chosen ? "some" : "none";
    const everything = form.querySelector("[data-everything]")?.checked;
    form.querySelectorAll("[data-count]").forEach((place) => { place.textContent = everything ? "All" : chosen; });
    form.querySelectorAll("[data-bulk] button").forEach((button) => { button.disabled = !chosen && !everything; });
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        copy.classList.add("copied");
        say("Copied");
        setTimeout(() => copy.classList.remove("copied"), 1500);
      });
    }
    document.querySelectorAll("details.drop[open]").forEach((open) => {
      if (!open.contains(event.target)) open.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.("details.drop[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.matches("[data-all]")) {
      [...form.elements].forEach((box) => { if (box.name === "id" && box.type === "checkbox") box.checked = event.target.checked; });
    }
    if (form?.matches("[data-selection]")) count(form);
  });

  // The theme switch comes back to what is on show now, which htmx may have changed since the page was drawn.
  document.addEventListener("submit", (event) => {
    const back = event.target.querySelector("[data-here]");
    if (back) back.value = location.pathname + location.search;
  });

  // Nobody proposes the same thing twice by an impatient second click.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post" || event.target.hasAttribute("hx-post")) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // A page that refreshes itself takes nobody back who is on the way elsewhere, and nothing that they have begun to write:
  // it asks again, and says meanwhile that there is news.
  let left = -Infinity;
  window.addEventListener("beforeunload", () => { left = performance.now(); });
  const writing = () => [...document.querySelectorAll("main textarea, main input:not([type=hidden])")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked
  );
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Refresh") !== "true") return;
    const away = performance.now() - left < 15000; // no longer: a link to a file starts no journey
    if (!away && !writing()) return;
    event.preventDefault();
    if (!away) event.detail.elt.querySelectorAll("[data-news]").forEach((news) => { news.hidden = false; });
  });

  document.addEventListener("htmx:responseError", () => say("The page could not be refreshed. Try again."));
  document.addEventListener("htmx:sendError", () => say("The server cannot be reached. Try again."));
  document.addEventListener("htmx:load", (event) => {
    prepare(event.detail.elt);
    if (event.detail.elt.dataset.said) say(event.detail.elt.dataset.said);
  });
  prepare(document);
})();
