"""Where the menu and the tabs of an area lead."""

from django import template
from django.urls import reverse

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import Area, Place
from klaviyo_admin.areas.base import Resource

register = template.Library()


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
    if isinstance(tab, Place):
        return reverse(tab.url_name, args=[account.pk])
    return reverse("resource-list", args=[account.pk, tab.key])


@register.simple_tag
def area_url(account: Account, area: Area) -> str:
    """Where the menu leads: the first of an area's tabs."""
    return tab_url(account, tabs(area)[0])
