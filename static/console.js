// After a button of a console form has redrawn it, the focus goes where the work goes on. Everything works without.
(() => {
  let verb = "";
  let place = "";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    verb = button.value.split(":")[0];
    place = button.value.slice(verb.length + 1).split("@")[0];
  });

  const first = (element) => element?.querySelector("input:not([type=hidden]), select, textarea, button");
  const last = (found) => found[found.length - 1];

  const next = () => {
    const wrong = document.querySelector("#console .is-invalid, #console .field-wrong :is(input:not([type=hidden]), select, textarea, button)");
    if (["run", "next", "propose", "check"].includes(verb)) return wrong || document.querySelector("#answer:not(:empty)");
    const part = document.getElementById(verb === "remove" ? place.slice(0, place.lastIndexOf("/")) : place);
    return first(verb === "add" ? last(part?.querySelectorAll(":scope > .node") || []) : part);
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.id !== "operation" || !verb) return;
    const found = next();
    verb = "";
    if (!found) return;
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "nearest" });
  });
})();
