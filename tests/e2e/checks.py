"""What is asked of every page: axe (WCAG 2.2 AA), no sideways scrolling, and a focus that can be seen."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

_RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
_FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
# A box whose own picture is hidden (DKFDS draws check boxes and radio buttons) shows focus on its label's ::before.
_FOCUS_SHOWS = """() => {
  const element = document.activeElement;
  const drawn = (style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
    || style.boxShadow !== 'none';
  const label = element.matches('input[type=checkbox], input[type=radio]') && element.labels[0];
  const box = element.getBoundingClientRect();
  return (drawn(getComputedStyle(element)) || (label && drawn(getComputedStyle(label, '::before'))))
    && box.bottom > 0 && box.top < innerHeight;
}"""
_NAME_OF_FOCUSED = "() => document.activeElement.outerHTML.slice(0, 200)"


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def axe_violations(page: Any) -> list[str]:
    """Return axe's findings, one line each. Evaluated through the debugger, so it works under the strict CSP.

    A page after a click may still be fetching its styles: wait for them, or it is judged without. Not for a page on
    which scripts may not run: axe never answers there.
    """
    page.wait_for_load_state("load")
    page.evaluate(_axe())
    found = page.evaluate(_RUN, TAGS)["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: "
        + "; ".join(" ".join(map(str, node["target"])) for node in rule["nodes"])
        for rule in found
    ]


_WIDEST = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((one) => one.tagName + "." + one.className + ": " + one.textContent.trim().slice(0, 60)).slice(-2)"""


def scrolls_sideways(page: Any) -> bool:
    """Say whether the page, with its styles, is wider than the window (WCAG 1.4.10)."""
    page.wait_for_load_state("load")
    return not page.evaluate(_FITS)


def findings(page: Any, name: str) -> list[str]:
    """Return all that is wrong with the page as it is shown now."""
    width = page.viewport_size["width"]
    found = [f"{name} at {width} px: {line}" for line in axe_violations(page)]
    if scrolls_sideways(page):
        found.append(f"{name} at {width} px: scrolls sideways, {page.evaluate(_WIDEST)}")
    return found


def tab_to(page: Any, target: Any, *, limit: int = 150) -> None:
    """Press Tab until `target` has focus; at every stop on the way the focus must be visible."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        assert page.evaluate(_FOCUS_SHOWS), f"the focus is not visible on {page.evaluate(_NAME_OF_FOCUSED)}"
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{limit} tabs and not there: {target}")
