"""How a letter is drawn on a page: its source in colours, and the address of the frame that shows it."""

import re
from collections.abc import Iterator

import orjson
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.klaviyo.values import Item, Json
from klaviyo_admin.pages import letters

register = template.Library()
MOST = 300_000  # characters of a source that is coloured; more only costs time
_TOKENS = re.compile(
    r"(?P<note><!--.*?-->|\{#.*?#\})|(?P<logic>\{%.*?%\})|(?P<value>\{\{.*?\}\})"
    r"|(?P<tag></?[A-Za-z][\w:-]*|(?<=[\w\"'\s/])/?>)|(?P<text>\"[^\"<>{}]*\"|'[^'<>{}]*')",
    re.S,
)


@register.simple_tag
def letter_frame(account: Account, shown: Item) -> str:
    """The address of a frame with a template, its variables filled with samples."""
    return letters.frame_url(account, shown.id, letters.read(letters.asked_for(shown)))


@register.filter
def source(written: Json) -> SafeString:
    """Source in lines, each a row with its number; tags, quoted texts, comments and variables in colours of their own."""
    text = written if isinstance(written, str) else orjson.dumps(written).decode()
    if len(text) > MOST:
        return format_html('<pre class="source" tabindex="0">{}</pre>', text)
    rows = format_html_join("", '<span class="source-line">{}\n</span>', ((line,) for line in lines(text)))
    return format_html('<pre class="source" tabindex="0"><code>{}</code></pre>', rows)


def lines(text: str) -> Iterator[SafeString]:
    """The lines of a source, each with its pieces marked."""
    line: list[SafeString] = []
    for kind, piece in pieces(text):
        first, *rest = piece.split("\n")
        line.append(marked(kind, first))
        for each in rest:
            yield joined(line)
            line = [marked(kind, each)]
    yield joined(line)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """A source in pieces of one kind each, "" for plain text."""
    at = 0
    for found in _TOKENS.finditer(text):
        yield "", text[at : found.start()]
        yield found.lastgroup or "", found.group()
        at = found.end()
    yield "", text[at:]


def marked(kind: str, piece: str) -> SafeString:
    return format_html('<span class="source-{}">{}</span>', kind, piece) if kind and piece else format_html("{}", piece)


def joined(line: list[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in line))
