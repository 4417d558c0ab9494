"""The facts of an operation in plain words: what it does, how often it may be asked, what a repetition means."""

from collections.abc import Iterator

import orjson

from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.values import Json
from klaviyo_admin.pages.words import RISKS, UNDOS

READS = ("Reads", "good", "It only reads. It runs at once, and nothing changes.")
UNJUDGED = ("Unknown risk", "bad", "Nobody has judged what this does. Look closely.")
RETRIES = {
    "S": "A lost answer can be repeated: asking twice does no more than asking once.",
    "U": "A lost answer can be repeated where the request names its own key; else a person looks first.",
    "C": "A repetition is refused as a conflict, so it shows whether the first one arrived.",
    "V": "After a lost answer somebody looks whether it happened before it is sent again.",
    "N": "After a lost answer it is never sent again by a machine: it might happen twice.",
}


def risk(found: Operation) -> tuple[str, str, str]:
    """The badge, its tone, and what it means."""
    return RISKS.get(found.risk, UNJUDGED) if found.writes else READS


def facts(found: Operation) -> Iterator[tuple[str, str, str]]:
    """Rows of a fact list."""
    yield "What it does", " ".join(filter(None, (risk(found)[2], found.warning))), "text"
    if found.writes:
        yield "Undo", UNDOS.get(found.undo, UNDOS["irreversible"]), "text"
        yield "After a lost answer", RETRIES.get(found.retry, RETRIES["N"]), "text"
    yield "Limits", limits(found), "text"
    yield "Key needs", ", ".join(found.scopes) or "no scope", "text"
    if found.aliases:
        yield "Also called", ", ".join(found.aliases), "text"
    if headers := [one.name for one in found.parameters if one.place == "header"]:
        yield "Not offered here", f"the header {', '.join(headers)}", "text"
    if found.page_max:
        yield "Page", f"{found.page_default} things, at most {found.page_max}", "text"


def limits(found: Operation) -> str:
    """ "10 a second, 150 a minute; with include=list 1 a second, 15 a minute"."""
    said = _rates(found.limits.burst, found.limits.minute, found.limits.day)
    lower = [f"with {one.when} {_rates(one.burst, one.minute, None)}" for one in found.limits.reduced]
    return "; ".join([said, *lower])


def _rates(burst: int | None, minute: int | None, day: int | None) -> str:
    pairs = ((burst, "a second"), (minute, "a minute"), (day, "a day"))
    return ", ".join(f"{number:,} {unit}" for number, unit in pairs if number) or "none declared"


def pretty(document: Json) -> str:
    """JSON over several lines, "" for none."""
    return "" if document is None else orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
