"""What a thing belongs to, as far as Klaviyo's answer says it and no tab of its page shows it; and the names of such things."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import find, of_type
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.intents import PEOPLE
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item, Kind
from klaviyo_admin.pages.act import resource_of
from klaviyo_admin.pages.facts import label
from klaviyo_admin.pages.render import account_for, part, trouble

MOST = 100  # related things that a page tells of
ASKED = 20  # of these, those whose names are asked for
CALLED = {"item": "Product", "items": "Products"}


@dataclass(frozen=True, slots=True)
class Link:
    """A related thing: its name or else its id, the address of its page, and where its name is asked for if it is not known."""

    name: str
    url: str
    ask: str = ""


def related(account: Account, resource: Resource, item: Item) -> list[tuple[str, list[Link]]]:
    """What the item belongs to: (the relationship's name, links). What has no page here is left out; where a page shows
    things of another resource in a light of its own, that one's comes first."""
    tabs = {tab.key for tab in resource.tabs}
    shown = {there.type for tab in resource.tabs if (there := find(tab.links_to))}
    found: list[tuple[str, list[Link]]] = []
    own = of_type(item.type)
    if own and own.key != resource.key:
        found.append((own.one.capitalize(), [Link(own.name(item), _page(account, own, item.id))]))
    for relation, kinds in item.related.items():
        if relation in tabs:
            continue
        links = (link(account, item, kind, n < ASKED) for n, kind in enumerate(kinds[:MOST]) if kind.type not in shown)
        if named := [each for each in links if each]:
            found.append((CALLED.get(relation, label(relation)), named))
    return found


def link(account: Account, item: Item, kind: Kind, asking: bool) -> Link | None:
    resource = of_type(kind.type)
    if resource is None or not resource.source.item:
        return None
    url = _page(account, resource, kind.id)
    if came_with := next(iter(item.included.get(kind, ())), None):
        return Link(resource.name(came_with), url)
    # Whose name is shown is on record; so it is only where somebody opens the profile.
    ask = (
        "" if kind.type in PEOPLE or not asking else reverse("resource-name", args=[account.pk, resource.key, kind.id])
    )
    return Link(kind.id, url, ask)


def _page(account: Account, resource: Resource, ident: str) -> str:
    return reverse("resource-item", args=[account.pk, resource.key, ident])


def name(request: HttpRequest, account: int, key: str, id: str) -> HttpResponse:
    """The name of one thing, for a page that knows only its id; nothing, with the status of the trouble, if it cannot be read."""
    here, resource = account_for(request, account), resource_of(key)
    if not resource.source.item or resource.type in PEOPLE:
        raise Http404("Things of this kind are not named by themselves.")
    try:
        item = resource.item(api.reader(here), id)
    except KlaviyoError as error:
        return HttpResponse(status=trouble(error).status)
    return part(request, "areas/_name.html", {"name": resource.name(item)}, here)


urlpatterns = [path("a/<int:account>/<slug:key>/name/<path:id>/", name, name="resource-name")]
