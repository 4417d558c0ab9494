"""What every declared Resource and Action promises, whatever the area: one suite, run for each of them."""

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas import AREAS
from klaviyo_admin.areas.base import Action, Asked, Column, Filter, Resource
from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item
from tests.pages.conftest import Shop

ROLES = ("viewer", "marketer", "admin", "auditor")
RESOURCES = [area.resource for area in AREAS]
ACTIONS = [(resource, action) for resource in RESOURCES for action in resource.actions]
FILTERS = [(resource, found) for resource in RESOURCES for found in resource.filters]
SORTS = [(resource, column) for resource in RESOURCES for column in resource.columns if column.sort]

# What a person might answer; the forms of every action are filled from here by field name.
ANSWERS: dict[str, Any] = {"name": "Plan", "value": "gold", "kind": "text", "opt_in_process": "double_opt_in"}


def named(value: object) -> str:
    return str(getattr(value, "key", ""))


def some(shop: Shop, resource: Resource, size: int = 2) -> list[Item]:
    page = resource.page(api.reader(shop.account), Asked())
    return [resource.item(api.reader(shop.account), item.id) for item in page.items[:size]]


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
        if tag == "input" and name and said.get("type") != "checkbox":
            self.found.append((name, said.get("value") or ""))
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


def posted(html: str) -> dict[str, list[str]]:
    """The form of an action as its page shows it, each field changed to what ANSWERS say."""
    form = re.search(r'<form[^>]*class="[^"]*\bact\b.*?</form>', html, re.S)
    assert form
    data: dict[str, list[str]] = {}
    for name, value in Fields(form.group()).found:
        data.setdefault(name, []).append(value.removeprefix("\n"))
    for name in [n for n in data if n in ANSWERS]:
        data[name] = [ANSWERS[name]]
    if "first_name" in data:
        data["first_name"] = ["Somebody Else"]
    data["why-reason"] = ["Because the promise suite asks for it"]
    return data


@pytest.fixture
def nothing_sent(shop: Shop) -> Iterator[None]:
    yield
    writes = [r for r in shop.klaviyo.requests() if r["method"] != "GET"]
    assert not writes, "a page sent a write"


@pytest.mark.parametrize("resource", RESOURCES, ids=named)
def test_its_pages_open_for_every_role_and_send_nothing(shop: Shop, resource: Resource, nothing_sent: None) -> None:
    (first,) = some(shop, resource, 1)
    for role in ROLES:
        browser = shop.browser(role)
        for address in (f"{resource.key}/", f"{resource.key}/{first.id}/"):
            answer = browser.get(shop.url(address))
            assert answer.status_code == 200, (role, address)
            assert address == f"{resource.key}/" or resource.name(first) in unescape(answer.content.decode())


@pytest.mark.parametrize("resource", RESOURCES, ids=named)
def test_every_column_and_tab_can_be_shown(shop: Shop, resource: Resource) -> None:
    for item in some(shop, resource):
        assert any(column.show(item) not in (None, "") for column in resource.columns)
        assert resource.name(item)
        for tab in resource.tabs:
            for related in tab.page(api.reader(shop.account), item.id, Asked()).items:
                assert [column.show(related) for column in tab.columns]


@pytest.mark.parametrize(("resource", "found"), FILTERS, ids=named)
def test_every_filter_is_one_that_klaviyo_takes(shop: Shop, resource: Resource, found: Filter) -> None:
    values = {"moment": "2026-01-01T00:00", "flag": "true", "choice": found.choices[0][0] if found.choices else ""}
    answer = shop.browser().get(shop.url(f"{resource.key}/"), {found.key: values.get(found.kind, "AbC123")})
    assert answer.status_code == 200
    assert b"notice-bad" not in answer.content


@pytest.mark.parametrize(("resource", "column"), SORTS, ids=named)
def test_every_sort_goes_both_ways(shop: Shop, resource: Resource, column: Column) -> None:
    ups = resource.page(api.reader(shop.account), Asked(sort=column.sort)).items
    downs = resource.page(api.reader(shop.account), Asked(sort=f"-{column.sort}")).items
    assert ups
    assert downs


@pytest.mark.parametrize(("resource", "action"), ACTIONS, ids=named)
def test_an_action_is_for_those_who_may_propose(shop: Shop, resource: Resource, action: Action) -> None:
    items = [] if action.on == "new" else some(shop, resource, 1)
    address, ids = shop.url(f"{resource.key}/act/{action.key}/"), {"id": [item.id for item in items]}
    for role, status in (("viewer", 403), ("auditor", 403), ("marketer", 200), ("admin", 200)):
        assert shop.browser(role).get(address, ids).status_code == status, role


@pytest.mark.parametrize(("resource", "action"), ACTIONS, ids=named)
def test_an_action_becomes_a_change_whose_requests_fit_their_operations(
    shop: Shop, resource: Resource, action: Action, nothing_sent: None
) -> None:
    size = {"new": 0, "item": 1, "many": 2}[action.on]
    ids = "&".join(f"id={item.id}" for item in (some(shop, resource, size) if size else ()))
    browser, address = shop.browser(), shop.url(f"{resource.key}/act/{action.key}/?{ids}")
    answer = browser.post(address, posted(browser.get(address).content.decode()))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    change = Change.objects.get()
    assert change.action.startswith(f"{resource.key}.")
    assert change.aloud.endswith(".")
    assert "{" not in change.aloud
    for step in change.steps.all():
        facts = operation(step.operation)
        assert facts.writes
        assert step.body is not None
        assert not facts.faults(json.loads(step.body))
        assert not step.target_id or step.target_read
        assert step.fields
