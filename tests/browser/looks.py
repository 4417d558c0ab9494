"""How a page is held to its looks: wide and light, narrow and dark, on one load of it."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Error, Page, expect

AXE = (Path(__file__).resolve().parent.parent.parent / "node_modules/axe-core/axe.min.js").read_text()
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"))
# What axe does beside judging rules costs more than the rules: selectors of each element, and files it would fetch anew.
_ASKED = "axe.run(document, {resultTypes: ['violations'], selectors: false, preload: false})"
_TO_COME = "[hx-trigger^=load]"  # the place of a part that comes later, and takes that place
# A script hears of another light some frames after the page was turned, and what it changes is drawn a frame later.
_DRAWN = """light => new Promise(done => {
  const root = document.documentElement.dataset;
  const look = () => (root.bsTheme ?? light) === light ? requestAnimationFrame(() => requestAnimationFrame(done)) : requestAnimationFrame(look);
  look();
})"""


def looked_at(page: Page, address: str) -> list[str]:
    """What is wrong with the page at this address in every look, once all its parts are there; nothing with a file."""
    _turn(page, *LOOKS[0])
    try:
        answer = page.goto(address)
    except Error as fault:
        if "Download is starting" in str(fault):
            return []
        raise
    if answer is None or not answer.ok:
        return [f"{address} does not open."]
    if "text/html" not in answer.headers.get("content-type", ""):
        return []
    expect(page.locator(_TO_COME)).to_have_count(0)
    return looked_over(page, address)


def looked_over(page: Page, called: str) -> list[str]:
    """What is wrong with the page as it stands: the faults that axe calls serious or critical, and what is cut off."""
    page.evaluate(AXE)
    wrong = []
    for width, light in LOOKS:
        _turn(page, width, light)
        page.evaluate(_DRAWN, light)
        seen = f"{called} ({width} px, {light})"
        wrong += [f"{seen} is wider than the screen"] if _cut_off(page) else []
        wrong += [f"{seen} {fault}" for fault in _faults(page)]
    return wrong


def _turn(page: Page, width: int, light: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=light, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})


def _faults(page: Page) -> list[str]:
    found = page.evaluate(_ASKED)
    grave = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
    return [f"{each['id']}: {[node['html'][:90] for node in each['nodes'][:3]]}" for each in grave]


def _cut_off(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))
