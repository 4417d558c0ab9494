"""What a detail page shows: one thing, its facts, and what is related to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import area_of
from klaviyo_admin.areas.base import Action, Asked, Resource, Tab
from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound
from klaviyo_admin.klaviyo.values import Item, Page
from klaviyo_admin.pages import belonging, facts, tables
from klaviyo_admin.pages.act import list_url
from klaviyo_admin.pages.klaviyo_links import address_in_klaviyo
from klaviyo_admin.pages.render import Trouble, trouble

OPEN = ("proposed", "approved", "running")


@dataclass(frozen=True, slots=True)
class Panel:
    """One tab of the page: a table with its pager, or what went wrong with it alone. `unread` is where a lazy tab is
    read from once somebody wants it; `ids_url` gives the ids of all that is in the tab: of `one` thing, where the relation
    leads to one. `items` are for pages that draw a tab in their own way."""

    key: str
    label: str
    empty: str
    heads: Sequence[tables.Head] = ()
    rows: Sequence[tables.Row] = ()
    trouble: Trouble | None = None
    first_url: str = ""
    next_url: str = ""
    ids_url: str = ""
    one: bool = False
    unread: str = ""
    items: Sequence[Item] = ()


def gather(
    reader: Reader, account: Account, resource: Resource, id: str, data: QueryDict
) -> tuple[Item | KlaviyoError, list[Panel]]:
    """The item and the first pages of its tabs that are not lazy (but the one asked for), all read at once."""
    now = [tab for tab in resource.tabs if not tab.lazy or data.get("tab") == tab.key]
    calls: list[Callable[[], Any]] = [partial(resource.item, reader, id)]
    calls += [partial(tab.read, reader, id, asked(tab, data)) for tab in now]
    item, *pages = reader.gather(*calls)
    read = {tab.key: found for tab, found in zip(now, pages, strict=True)}
    return item, [panel_of(account, resource, id, tab, read.get(tab.key)) for tab in resource.tabs]


def panel(reader: Reader, account: Account, resource: Resource, id: str, data: QueryDict) -> Panel:
    """One tab alone, for htmx."""
    tab = next((t for t in resource.tabs if t.key == data.get("tab")), None)
    if tab is None:
        raise Http404("There is no such tab.")
    (found,) = reader.gather(partial(tab.read, reader, id, asked(tab, data)))
    return panel_of(account, resource, id, tab, found)


def ids(reader: Reader, tab: Tab, id: str) -> Iterator[str]:
    """Lines for a file: every id that the tab's relationship holds."""
    try:
        for found in reader.pages(tab.ids, path={"id": id}):
            yield "".join(f"{item.id}\n" for item in found.items)
    except NotFound:
        return
    except KlaviyoError as error:
        yield f"# The list ends here, because Klaviyo did not answer: {error.summary}\n"


def asked(tab: Tab, data: QueryDict) -> Asked:
    """Only one tab at a time is turned over; the others stay at their first page."""
    return Asked(cursor=data.get("cursor", "") if data.get("tab") == tab.key else "")


def panel_of(account: Account, resource: Resource, id: str, tab: Tab, found: Page | KlaviyoError | None) -> Panel:
    shown = [column for column in tab.columns if column.first]
    if found is None:
        return Panel(tab.key, tab.label, tab.empty, unread=f"?tab={tab.key}")
    if isinstance(found, KlaviyoError):
        return Panel(tab.key, tab.label, tab.empty, trouble=trouble(found))
    turned = QueryDict(mutable=True)
    turned["tab"] = tab.key
    if found.next_cursor:
        turned["cursor"] = found.next_cursor
    return Panel(
        tab.key,
        tab.label,
        tab.empty,
        heads=tables.heads(shown),
        rows=tables.rows(found.items, shown, account, tab.links_to),
        first_url=f"?tab={tab.key}" if found.previous_cursor else "",
        next_url=f"?{turned.urlencode()}" if found.next_cursor else "",
        ids_url=reverse("resource-ids", args=[account.pk, resource.key, tab.key, id])
        if tab.ids and found.items
        else "",
        one="_id_for_" in tab.ids,
        items=found.items,
    )


def frame(
    account: Account, resource: Resource, item: Item, panels: Sequence[Panel], may_propose: bool
) -> dict[str, Any]:
    return {
        "here": resource.key,
        "resource": resource,
        "item": item,
        "title": resource.name(item),
        "facts": facts.facts(resource, item),
        "groups": facts.groups(resource, item),
        "properties": facts.properties(item),
        "related": belonging.related(account, resource, item),
        "panels": panels,
        "panel": {panel.key: panel for panel in panels},
        "area": area_of(resource.key),
        "back_url": list_url(account, resource),
        **buttons(offered(resource, item) if may_propose else []),
        "klaviyo_url": address_in_klaviyo(account, item),
        "open_changes": open_changes(account, item),
    }


def offered(resource: Resource, item: Item) -> list[Action]:
    """The actions for a thing that allows them."""
    found = (action for action in resource.actions if action.on in ("item", "many"))
    return [action for action in found if action.suits is None or action.suits(item)]


def buttons(actions: Sequence[Action]) -> dict[str, Sequence[Action]]:
    """The first two harmless actions stand in sight; the others under "More"."""
    shown = [action for action in actions if not action.dangerous][:2]
    return {"actions": shown, "more_actions": [action for action in actions if action not in shown]}


def open_changes(account: Account, item: Item) -> list[Change]:
    """Changes that will touch this thing, or are touching it: as their subject or in one of their requests."""
    mine = Change.objects.for_account(account).select_related("author").filter(status__in=OPEN)
    subjects = mine.filter(target_type=item.type, target_id=item.id)
    parts = mine.filter(steps__target_type=item.type, steps__target_id=item.id)
    return sorted({*subjects[:10], *parts[:10]}, key=lambda change: -change.pk)
