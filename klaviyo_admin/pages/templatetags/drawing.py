"""How a value looks on a page: moments, numbers, ids, long text and the dash that says there is nothing."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

import orjson
from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
LONG = 120  # characters of a text that a table cell shows before it is cut
EMPTY = format_html(
    '<span class="nothing"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
    "–",
    "empty",
)
GOOD = frozenset({"done", "complete", "SUBSCRIBED", "live", "active", "sent", "NEVER_UNSUBSCRIBED", "good"})
BAD = frozenset({"failed", "error", "UNSUBSCRIBED", "rejected", "cancelled", "bad"})
WARY = frozenset({"unclear", "stale", "proposed", "waiting", "suppressed", "processing", "queued", "warning"})


@register.simple_tag
@lru_cache(maxsize=512)  # a page draws some fifty of a hundred
def icon(name: str, extra: str = "") -> SafeString:
    """One drawing from static/icons.svg; decoration only, so the words beside it must carry the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def draw(value: Any, as_: str = "text", whole: bool = False) -> SafeString:
    """A plain value as a Column's `as_` asks: text, id, moment, number, money, share, badge, flag, json. `whole` cuts nothing."""
    if value is None or value == "" or value == [] or value == {}:
        return EMPTY
    if whole and isinstance(value, str) and as_ == "text":
        return SafeString(f'<span class="lines-kept">{_escaped(value)}</span>')
    return DRAWN.get(as_, text)(value)


def _escaped(value: Any) -> str:
    """What conditional_escape says, without its way for lazy texts: some pages escape thousands of texts."""
    return value if isinstance(value, SafeString) else escape(str(value))


@register.simple_tag
def fact_list(facts: Iterable[tuple[str, Any, str]]) -> SafeString:
    """A definition list of facts: label, value, and how it is drawn. Some pages have a thousand, too many for a loop of a
    template."""
    lines = (f"<div><dt>{_escaped(label)}</dt><dd>{draw(value, as_, True)}</dd></div>" for label, value, as_ in facts)
    return SafeString(f'<dl class="facts">{"".join(lines)}</dl>')


@register.simple_tag
def cells(row: Any) -> SafeString:
    """The cells of a row (pages.tables.Row); one with an address is a link."""
    drawn = ((cell.as_, _length(cell.value), _linked(cell)) for cell in row.cells)
    return format_html_join("", '<td class="as-{}{}">{}</td>', drawn)


def _length(value: Any) -> str:
    """Classes for the room that a text needs in a crowded table: some, more, or a word that may be broken."""
    if not isinstance(value, str) or len(value) <= 20:
        return ""
    broken = " unbroken" if max(map(len, value.split()), default=0) > 36 else ""
    return f"{' wordy' if len(value) <= 40 else ' long'}{broken}"


def _linked(cell: Any) -> SafeString:
    drawn = draw(cell.value, cell.as_)
    return format_html('<a href="{}">{}</a>', cell.url, drawn) if cell.url else drawn


def text(value: Any) -> SafeString:
    """Text of any length; what is long is cut for the eye, and whole in the title. Other values in their natural look."""
    if isinstance(value, bool):
        return flag(value)
    if isinstance(value, (datetime, date)):
        return moment(value)
    if isinstance(value, (int, float, Decimal)):
        return number(value)
    if isinstance(value, Mapping):
        return json(value)
    if isinstance(value, (list, tuple)):
        return format_html_join(", ", "{}", ((text(v),) for v in value)) if flat(value) else json(value)
    words = str(value)
    if len(words) > LONG:
        return format_html('<span title="{}">{}…</span>', words[:2000], words[: LONG - 1].rstrip())
    return conditional_escape(words)


def flat(values: Any) -> bool:
    return all(isinstance(v, (str, int, float, bool)) for v in values)


def localised(at: datetime) -> datetime:
    return timezone.localtime(at if timezone.is_aware(at) else at.replace(tzinfo=UTC))


@register.filter
def moment(value: Any) -> SafeString:
    """A datetime (or its ISO text) in the viewer's zone, with the zone's name and the exact ISO form for machines."""
    try:
        at = parse_datetime(value) if isinstance(value, str) else value
        here = localised(at) if isinstance(at, datetime) else None
    except (ValueError, OverflowError):  # it is written like a moment, but there is no such day
        return conditional_escape(value)
    if here is not None:
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            here.isoformat(),
            f"{here:%A, %-d %B %Y, %H:%M:%S} {here:%Z}",
            f"{here:%-d %b %Y, %H:%M}",
        )
    if isinstance(at, date):
        return format_html('<time datetime="{}">{}</time>', at.isoformat(), f"{at:%-d %b %Y}")
    return EMPTY if value in (None, "") else format_html("{}", value)


@register.filter
def clock(value: datetime) -> SafeString:
    """The time of day to the second in the viewer's zone: 14:05:09 CET."""
    here = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', here.isoformat(), f"{here:%H:%M:%S %Z}")


@register.filter
def number(value: Any) -> SafeString:
    """12,345 or 1,234.5; anything that is no number as it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return format_html("{}", value)
    plain = f"{value:,}" if isinstance(value, int) else f"{value:,.4f}".rstrip("0").rstrip(".")
    return format_html('<span class="figure">{}</span>', plain)


def money(value: Any) -> SafeString:
    """Two decimals; the currency stands in the column's head, because the API does not repeat it."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return format_html("{}", value)
    return format_html('<span class="figure">{}</span>', f"{value:,.2f}")


def share(value: Any) -> SafeString:
    """A fraction of one as per cent."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return format_html("{}", value)
    return format_html('<span class="figure">{} %</span>', f"{value * 100:,.2f}".rstrip("0").rstrip("."))


def flag(value: Any) -> SafeString:
    return format_html("{}", "Yes" if value else "No")


@register.filter
def json(value: Any) -> SafeString:
    """Indented JSON in a box that scrolls by itself; the keyboard reaches it."""
    said = orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode()
    return format_html('<pre class="json" tabindex="0">{}</pre>', said)


@register.filter
def badge(value: Any, as_: str = "") -> SafeString:
    """A status as a small label: a tone for the eye, the words for everyone. `as_` is the tone, if the words alone do not
    say it: good, bad, wary or plain."""
    words = str(value)
    said = words[:1].upper() + words[1:] if as_ else words.replace("_", " ").capitalize()
    return format_html('<span class="tag tag-{}">{}</span>', as_ or tone(words), said)


def tone(word: str) -> str:
    for name, words in (("good", GOOD), ("bad", BAD), ("wary", WARY)):
        if word in words or word.lower() in words:
            return name
    return "plain"


@register.filter
def short_id(value: Any) -> SafeString:
    """An id, cut in the middle if long, with a button that copies the whole of it."""
    plain = str(value)
    whole = escape(plain)
    cut = whole if len(plain) <= 14 else f"{escape(plain[:6])}…{escape(plain[-5:])}"
    return SafeString(
        f'<span class="id"><code title="{whole}">{cut}</code><button type="button" class="copy" data-copy="{whole}" hidden>'
        f'{icon("copy")}<span class="visually-hidden">Copy id {whole}</span></button></span>'
    )


DRAWN = {
    "text": text,
    "id": short_id,
    "moment": moment,
    "number": number,
    "money": money,
    "share": share,
    "badge": badge,
    "flag": flag,
    "json": json,
}
