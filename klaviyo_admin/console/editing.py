"""What the small buttons of a form do to its draft: add and remove a line or a part."""

from collections.abc import Mapping

from klaviyo_admin.console.drafts import lines, small

VERBS = ("add", "remove", "in", "null", "out")


def edited(draft: Mapping[str, str], verb: str, place: str, start: int = 0) -> dict[str, str]:
    """The draft after a button: "add" a line to the list at `place` (which has `start` lines as long as nobody touched it),
    "remove" the line at `place`, or say that the part there is "in", "null" or "out"; what was typed inside stays."""
    changed = dict(draft)
    if verb == "add":
        changed[f"{place}#n"] = str(lines(draft, place, False) + 1 if f"{place}#n" in draft else start + 1)
        changed[f"{place}#is"] = "in"
    elif verb == "remove":
        _remove(changed, *place.rpartition("/")[::2])
    elif verb in ("in", "null", "out"):
        changed[f"{place}#is"] = verb
    return changed


def _remove(draft: dict[str, str], place: str, number: str) -> None:
    """Takes one line out; those behind it move up."""
    total = lines(draft, place, True)
    gone = small(number, total)
    if gone >= total:
        return
    for at in range(gone, total):
        for key in [key for key in draft if _within(key, f"{place}/{at}")]:
            del draft[key]
        if at + 1 < total:
            for key in [key for key in draft if _within(key, f"{place}/{at + 1}")]:
                draft[f"{place}/{at}" + key.removeprefix(f"{place}/{at + 1}")] = draft[key]
    draft[f"{place}#n"] = str(total - 1)


def _within(key: str, place: str) -> bool:
    return key == place or key.startswith((f"{place}/", f"{place}#"))
