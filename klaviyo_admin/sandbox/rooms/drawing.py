"""What a template built of blocks looks like as a page: plain HTML, block under block."""

import html
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def html_of(definition: Json) -> str:
    """The page of a definition. Content of text and html blocks is markup already."""
    blocks = "\n".join(_drawn(block) for block in _blocks(definition))
    return f"<!DOCTYPE html>\n<html>\n<body>\n{blocks}\n</body>\n</html>"


def _blocks(definition: Json) -> Iterator[Json]:
    for section in definition["body"].get("sections") or ():
        for row in section.get("rows") or ():
            for column in row.get("columns") or ():
                yield from column.get("blocks") or ()


def _drawn(block: Json) -> str:
    data = block.get("data") or {}
    content, about = data.get("content") or "", data.get("properties") or {}
    link, picture = (html.escape(about.get(name) or "") for name in ("href", "src"))
    drawn = {
        "text": f"<div>{content}</div>",
        "html": content,
        "button": f'<a class="button" href="{link}">{content}</a>',
        "image": f'<img src="{picture}" alt="{html.escape(about.get("alt_text") or "")}">',
        "horizontal_rule": "<hr>",
        "spacer": "<br>",
    }
    return drawn.get(block["type"], f"<div>{content}</div>")
