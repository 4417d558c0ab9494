"""Where the menu and the tabs of an area lead."""

from functools import cache
from itertools import groupby
from typing import NamedTuple

from django import template
from django.urls import reverse

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import AREAS, Area, Place
from klaviyo_admin.areas.base import Resource

register = template.Library()
_GROUPS = tuple((group, tuple(areas)) for group, areas in groupby(AREAS, key=lambda area: area.group))


class Entry(NamedTuple):
    """An area in the menu; its address does not change while the process lives."""

    key: str
    label: str
    icon: str
    url: str


@register.filter
def tabs(area: Area | None) -> tuple[Resource | Place, ...]:
    """What an area shows: its resources that have a list, or at least something to create, then its own pages. Kinds of
    jobs stand behind the first of them."""
    if area is None:
        return ()
    shown = [each for each in area.resources if each.source.list or any(a.on == "new" for a in each.actions)]
    return (*(each for each in shown if not is_job(each)), *area.places, *jobs(area)[:1])


@register.filter
def jobs(area: Area | None) -> tuple[Resource, ...]:
    """The kinds of background jobs that an area lists."""
    return tuple(each for each in area.resources if each.source.list and is_job(each)) if area else ()


@register.filter
def is_job(resource: Resource | Place | None) -> bool:
    """Whether these are jobs that Klaviyo works off in the background."""
    return isinstance(resource, Resource) and resource.type.endswith("-job")


@register.simple_tag
def tab_url(account: Account, tab: Resource | Place) -> str:
    return _address(account.pk, tab)


@register.simple_tag
def area_groups(account: Account) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """The areas in the menu under their headings; each leads to the first of its tabs."""
    return _area_groups(account.pk)


@cache
def _area_groups(account: int) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    return tuple((group, tuple(_entry(account, area) for area in areas)) for group, areas in _GROUPS)


def _entry(account: int, area: Area) -> Entry:
    return Entry(area.key, area.label, area.icon, _address(account, tabs(area)[0]))


def _address(account: int, tab: Resource | Place) -> str:
    if isinstance(tab, Place):
        return reverse(tab.url_name, args=[account])
    return reverse("resource-list", args=[account, tab.key])
