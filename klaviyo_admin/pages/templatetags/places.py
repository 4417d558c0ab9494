"""Where the menu and the tabs of an area lead."""

from django import template
from django.urls import reverse

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import Area, Place
from klaviyo_admin.areas.base import Resource

register = template.Library()


@register.filter
def tabs(area: Area | None) -> tuple[Resource | Place, ...]:
    """What an area shows: its resources that have a list, or at least something to create, then its own pages."""
    if area is None:
        return ()
    shown = [each for each in area.resources if each.source.list or any(a.on == "new" for a in each.actions)]
    return (*shown, *area.places)


@register.simple_tag
def tab_url(account: Account, tab: Resource | Place) -> str:
    if isinstance(tab, Place):
        return reverse(tab.url_name, args=[account.pk])
    return reverse("resource-list", args=[account.pk, tab.key])


@register.simple_tag
def area_url(account: Account, area: Area) -> str:
    """Where the menu leads: the first of an area's tabs."""
    return tab_url(account, tabs(area)[0])
