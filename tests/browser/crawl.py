"""The pages that links and buttons lead to, one of each kind."""

import re
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page

_WORD = re.compile(r"[a-z][a-z_-]*")
_TELLING = ("tab", "view", "only")  # parameters that lead to another page rather than to other rows
# Addresses of links, and of the buttons that take the things that are ticked with them.
_LEADS = """() => [
  ...[...document.querySelectorAll('main a[href]:not([download]), nav a[href]')].map(link => link.href),
  ...[...document.querySelectorAll('button[formaction][formmethod=get], form[method=get] button[formaction]')].map(button => {
    const ticked = button.form?.querySelector('input[type=checkbox][name=id]');
    return ticked && button.formAction + '?id=' + encodeURIComponent(ticked.value);
  }),
].filter(Boolean)"""


def kind(address: str) -> str:
    """What pages of one kind have in common: the words of the path, and what is asked, not of what: "/a/*/lists/*/?tab=tags"."""
    parts = urlsplit(address)
    path = "/".join(part if _WORD.fullmatch(part) or not part else "*" for part in parts.path.split("/"))
    asked = sorted({name: value if name in _TELLING else "*" for name, value in parse_qsl(parts.query)}.items())
    return path + "".join(f"?{name}={value}" for name, value in asked)


def leads(page: Page) -> dict[str, str]:
    """Where the page leads within its own site: kind -> address."""
    here = urlsplit(page.url)
    found = (address.partition("#")[0] for address in page.evaluate(_LEADS))
    return {kind(address): address for address in found if urlsplit(address)[:2] == here[:2]}
