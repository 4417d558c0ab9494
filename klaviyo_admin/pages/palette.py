"""Finds the way to anything from a few words: pages, areas, actions, changes, things and operations."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import AREAS, Place, of_type
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.pages.asking import searches
from klaviyo_admin.pages.render import account_for, page, part, wants_part
from klaviyo_admin.pages.templatetags.places import tabs

EACH = 8  # results of one kind
LATELY = 60  # changes that are looked through
LONGEST = 200  # characters of what is typed
# The pages that belong to no area: what they are called, their address, the right that they need, and other words for them.
PAGES = (
    ("Home", "account-home", "read", "start overview"),
    ("Changes", "changes", "read", "inbox approve waiting proposals"),
    ("Imports", "imports", "propose", "upload csv file"),
    ("Import profiles from a file", "import-new", "propose", "upload csv"),
    ("API console", "console", "read", "operations developer"),
    ("Coverage", "coverage", "read", "tools operations tests"),
    ("Audit", "audit", "audit", "log history"),
    ("Policies", "policies", "manage", "rules approvals"),
    ("Settings", "account-settings", "manage", "key account"),
    ("People and roles", "account-people", "manage", "members"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """One result: where it leads, its words, what kind of thing it is, and an icon's name."""

    url: str
    label: str
    hint: str = ""
    icon: str = "on"


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    ways: Sequence[Way]


def find(request: HttpRequest, account: int) -> HttpResponse:
    """A page with a search box; for htmx only what was found."""
    here = account_for(request, account)
    words = request.GET.get("q", "").strip()[:LONGEST]
    context = {"words": words, "groups": groups(request, here, words)}
    if wants_part(request):
        return part(request, "palette/_found.html", context, here)
    return page(request, "palette/find.html", context, here)


def groups(request: HttpRequest, account: Account, words: str) -> list[Group]:
    """What fits, best kinds first; without words where a person may want to go on."""
    asked = words.lower().split()
    found = [
        ("Go to", (*places(request, account, asked), *areas(account, asked))),
        ("Do", actions(request, account, asked)),
        ("Lately", things(account, asked)),
        ("Changes", changes(account, asked)),
        ("Operations", operations(account, asked) if asked else ()),
        ("Look up in Klaviyo", lookups(account, words)),
    ]
    cut = ((label, list(islice(ways, EACH))) for label, ways in found)
    return [Group(label, ways) for label, ways in cut if ways]


def fits(asked: Sequence[str], *texts: str) -> bool:
    told = " ".join(texts).lower()
    return all(word in told for word in asked)


def places(request: HttpRequest, account: Account, asked: Sequence[str]) -> Iterator[Way]:
    for label, name, right, more in PAGES:
        if fits(asked, label, more) and rights.may(request.user, account, right):
            yield Way(reverse(name, args=[account.pk]), label)


def areas(account: Account, asked: Sequence[str]) -> Iterator[Way]:
    """Each tab of each area, by its own name or the area's; those that are among PAGES are found there."""
    named = {name for _, name, _, _ in PAGES}
    for area in AREAS:
        for tab in tabs(area):
            if isinstance(tab, Place) and tab.url_name in named:
                continue
            label = tab.label if isinstance(tab, Place) else tab.many.capitalize()
            if fits(asked, label, area.label):
                yield Way(address(account, tab), label, "" if label == area.label else area.label, area.icon)


def address(account: Account, tab: Resource | Place) -> str:
    name = tab.url_name if isinstance(tab, Place) else "resource-list"
    return reverse(name, args=[account.pk] if isinstance(tab, Place) else [account.pk, tab.key])


def actions(request: HttpRequest, account: Account, asked: Sequence[str]) -> Iterator[Way]:
    """What can be begun without a thing at hand: "New list"."""
    if not asked or not rights.may(request.user, account, "propose"):
        return
    for area in AREAS:
        for resource in area.resources:
            for action in resource.actions:
                if action.on == "new" and fits(asked, action.verb, resource.one, resource.many):
                    yield Way(
                        reverse("act", args=[account.pk, resource.key, action.key]), action.verb, area.label, "plus"
                    )


def lookups(account: Account, words: str) -> Iterator[Way]:
    """Lists of Klaviyo that can be searched for these very words, as their search boxes can."""
    if len(words) < 3:
        return
    for area in AREAS:
        for resource in area.resources:
            if any(each.guess and each.guess(words) for each in searches(resource)):
                url = f"{reverse('resource-list', args=[account.pk, resource.key])}?{urlencode({'q': words})}"
                yield Way(url, f"Search {resource.many} for “{words}”", "", "search")


def recent(account: Account) -> Iterable[Change]:
    return Change.objects.for_account(account).select_related("author")[:LATELY]


def things(account: Account, asked: Sequence[str]) -> Iterator[Way]:
    """What changes were about lately, as far as it exists and has a page."""
    seen = set()
    for change in recent(account):
        target = change.target
        resource = of_type(target.type) if target else None
        if target is None or resource is None or not resource.source.item:
            continue
        if not target.id or (target.type, target.id) in seen:  # what is to be created has no page yet
            continue
        seen.add((target.type, target.id))
        if fits(asked, target.name, target.id, resource.one):
            yield Way(
                reverse("resource-item", args=[account.pk, resource.key, target.id]), target.name, resource.one, "clock"
            )


def changes(account: Account, asked: Sequence[str]) -> Iterator[Way]:
    for change in recent(account):
        if fits(asked, change.aloud, f"change {change.pk}", str(change.author), change.get_status_display()):
            hint = f"{change.get_status_display()} · {change.author}"
            yield Way(reverse("change", args=[account.pk, change.pk]), change.aloud, hint, "inbox")


def operations(account: Account, asked: Sequence[str]) -> Iterator[Way]:
    """By name first, then by address or alias."""
    near, far = [], []
    for one in catalogue.operations():
        if fits(asked, one.label, one.id):
            near.append(one)
        elif fits(asked, one.method, one.path, *one.aliases):
            far.append(one)
    for one in (*sorted(near, key=lambda one: len(one.label)), *far):
        yield Way(
            reverse("console-operation", args=[account.pk, one.id]), one.label, f"{one.method} {one.path}", "edit"
        )


urlpatterns = [path("a/<int:account>/find/", find, name="find")]
