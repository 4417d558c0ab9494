// Ctrl-K or ⌘-K, or the button, opens the palette. Without this file the button leads to a page with the same search.
(() => {
  const palette = document.getElementById("palette");
  if (!palette?.showModal) return;
  const input = palette.querySelector("input");
  const form = palette.querySelector("form");
  const ways = () => [...palette.querySelectorAll(".found a")];

  const open = () => {
    if (palette.open) return input.select();
    palette.showModal();
    input.select();
    form.dispatchEvent(new Event("palette-open"));
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open();
    }
    if (event.target === palette || event.target.closest("[data-palette-close]")) palette.close();
  });

  palette.addEventListener("keydown", (event) => {
    const all = ways();
    const at = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      (next < 0 ? input : all[Math.min(next, all.length - 1)])?.focus();
    } else if (event.key.length === 1 && at >= 0 && !event.ctrlKey && !event.metaKey && event.key !== " ") {
      input.focus(); // and the key arrives there
    }
  });

  // Enter opens the first way; where none is shown yet, the page with the search does it.
  form.addEventListener("submit", (event) => {
    const first = ways()[0];
    if (!first) return;
    event.preventDefault();
    first.click();
  });
})();
