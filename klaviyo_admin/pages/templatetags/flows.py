"""How templates ask for the steps of a flow."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.urls import reverse

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas.flows import chains, steps
from klaviyo_admin.klaviyo.values import Item

register = template.Library()
_PAGES = {"list": "lists", "segment": "segments", "metric": "metrics"}


@dataclass(frozen=True, slots=True)
class Graph:
    """A flow as it is drawn: what sets it off (words, name, address or ""), who may pass, and the chain of steps."""

    triggers: tuple[tuple[str, str, str], ...]
    only: str
    chain: tuple[chains.Step, ...]
    unnamed: bool


@register.simple_tag
def graph(account: Account, flow: Item, names: Mapping[str, str] | str = "") -> Graph:
    """The graph of a flow that was read with its definition."""
    definition = flow.get("definition", {})
    known = names if isinstance(names, Mapping) else {}
    triggers = [
        (words, known.get(ident, ident), reverse("resource-item", args=[account.pk, _PAGES[kind], ident]))
        if ident and kind in _PAGES
        else (words, "", "")
        for words, kind, ident in steps.set_off(definition)
    ]
    chain = chains.chain(definition, known)
    return Graph(tuple(triggers), steps.filtered(definition, known), chain, bool(steps.named_by_id(definition)))


@register.filter
def switched(flow: Item) -> tuple[chains.Step, ...]:
    """The steps of a flow that get its status with it; none where its definition was not read."""
    return chains.switched(flow.get("definition", {}))
