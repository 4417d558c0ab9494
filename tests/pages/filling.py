"""Fills in the form of an action as a person might: what its page shows, changed to answers."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django import forms

from klaviyo_admin import api
from klaviyo_admin.areas import AREAS, find
from klaviyo_admin.areas.base import Action, Asked, Resource
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.klaviyo.values import Item
from tests.pages.answers import FOUND, SUITED
from tests.pages.conftest import Shop

RESOURCES = [resource for area in AREAS for resource in area.resources]
PAGES = 5  # of a collection in which a suited thing is looked for


def some(shop: Shop, resource: Resource, size: int = 2, action: str = "") -> list[Item]:
    """Things of a resource as its pages read them: from its list, or from the tabs of others that lead to it."""
    declared = resource.action(action)
    suited = SUITED.get((resource.key, action)) or (declared and declared.suits) or (lambda item: True)
    reader, found = api.reader(shop.account), list[Item]()
    for item in candidates(shop, resource):
        whole = resource.item(reader, item.id) if resource.source.item else item
        if suited(whole):
            found.append(whole)
        if len(found) == size:
            break
    assert found, f"the sandbox has no {resource.one} for {action or 'a page'}"
    return found


def candidates(shop: Shop, resource: Resource) -> list[Item]:
    reader = api.reader(shop.account)
    if resource.key in FOUND:
        return list(FOUND[resource.key](reader))
    if resource.source.list:
        conditions = ",".join(f.expression(f.default) for f in resource.filters if f.default)
        return list(resource.page(reader, Asked(filter=conditions)).items)
    for other in RESOURCES:
        for tab in other.tabs:
            if tab.links_to == resource.key and other != resource:
                found = [i for o in candidates(shop, other)[:8] for i in tab.read(reader, o.id, Asked()).items]
                if found:
                    return found
    return []


class Fields(HTMLParser):
    """The names and values that a browser would post from the forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._select = self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name") or ""
        ticked = said.get("type") not in ("checkbox", "radio") or "checked" in said
        if tag == "input" and name and ticked:
            self.found.append((name, said.get("value") or ("on" if said.get("type") == "checkbox" else "")))
        self._select = name if tag == "select" else self._select
        if tag == "option" and "selected" in said:
            self.found.append((self._select, said.get("value") or ""))
        if tag == "textarea":
            self._textarea = name
            self.found.append((name, ""))

    def handle_data(self, data: str) -> None:
        if self._textarea and self.found[-1][0] == self._textarea:
            self.found[-1] = (self._textarea, self.found[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""


def posted(shop: Shop, html: str, action: Action, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The form of an action as its page shows it, with ordinary answers where it is empty, and `answers` over all."""
    form = re.search(r'<form[^>]*class="[^"]*\bact\b.*?</form>', html, re.S)
    assert form
    data: dict[str, Any] = {}
    for name, value in Fields(form.group()).found:
        data.setdefault(name, []).append(value.removeprefix("\n"))
    for name, field in action.form.base_fields.items():
        if not any(data.get(name, ())) or isinstance(field, PickField):
            data[name] = ordinary(shop, field, data.get(name, []))
    data |= {name: value if isinstance(value, list) else [value] for name, value in answers.items()}
    data["why-reason"] = ["Because the promise suite asks for it"]
    return {name: value for name, value in data.items() if value}


def ordinary(shop: Shop, field: forms.Field, shown: list[str]) -> list[Any]:
    """An answer that fits a field of this kind; none for a field that may stay empty."""
    if isinstance(field, PickField):
        picked = find(field.resource)
        if shown or not field.required:
            return shown
        assert picked, f"no area declares {field.resource}"
        return [some(shop, picked, 1)[0].id]
    if not field.required:
        return shown
    match field:
        case forms.EmailField():
            return ["robin@example.com"]
        case forms.URLField():
            return ["https://example.com/hook"]
        case forms.DateTimeField():
            return ["2027-03-01T10:00"]
        case forms.DateField():
            return ["2027-03-01"]
        case forms.BooleanField():
            return ["on"]
        case forms.IntegerField():
            return ["5"]
        case forms.ChoiceField():
            return [str(next(value for value, _ in field.choices if value))]
        case _:
            return ["Plan"]
