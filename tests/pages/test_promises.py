"""What every declared Resource and Action promises, whatever the area: one suite, run for each of them."""

import json
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.base import Action, Asked, Column, Filter, Resource
from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo.catalogue import operation
from tests.pages import answers
from tests.pages.conftest import Shop
from tests.pages.filling import RESOURCES, posted, some

ROLES = ("viewer", "marketer", "admin", "auditor")
LISTED = [resource for resource in RESOURCES if resource.source.list]
SHOWN = [resource for resource in RESOURCES if resource.source.item]
ACTIONS = [(resource, action) for resource in RESOURCES for action in resource.actions]
ANSWERED = [(r, action, given) for r, action in ACTIONS for given in answers.variants((r.key, action.key))]
FILTERS = [(resource, found) for resource in RESOURCES for found in resource.filters]
SORTS = [(resource, column) for resource in RESOURCES for column in resource.columns if column.sort]


def named(value: object) -> str:
    return str(getattr(value, "key", ""))


@pytest.fixture
def nothing_sent(shop: Shop) -> Iterator[None]:
    yield
    writes = [r for r in shop.klaviyo.requests() if r["method"] != "GET"]
    assert not writes, "a page sent a write"


@pytest.mark.parametrize("resource", LISTED, ids=named)
def test_its_list_opens_for_every_role_and_sends_nothing(shop: Shop, resource: Resource, nothing_sent: None) -> None:
    for role in ROLES:
        answer = shop.browser(role).get(shop.url(f"{resource.key}/"))
        assert answer.status_code == 200, role
        assert not answer.context["question"].fault, role
        assert "trouble" not in answer.context, role
    assert shop.asked(resource.source.list)


@pytest.mark.parametrize("resource", SHOWN, ids=named)
def test_a_thing_opens_for_every_role_and_sends_nothing(shop: Shop, resource: Resource, nothing_sent: None) -> None:
    (first,) = some(shop, resource, 1)
    for role in ROLES:
        answer = shop.browser(role).get(shop.url(f"{resource.key}/{first.id}/"))
        assert answer.status_code == 200, role
        assert resource.name(first) in unescape(answer.content.decode())


@pytest.mark.parametrize("resource", [r for r in SHOWN if r.tabs], ids=named)
def test_its_tabs_ask_what_they_declare(shop: Shop, resource: Resource, nothing_sent: None) -> None:
    (first,) = some(shop, resource, 1)
    shop.klaviyo.forget_requests()
    browser, here = shop.browser(), shop.url(f"{resource.key}/{first.id}/")
    for tab in resource.tabs:
        answer = browser.get(here, {"tab": tab.key}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, tab.key
        assert "notice-wary trouble" not in answer.content.decode(), tab.key
        assert shop.asked(tab.operation), tab.key
        if tab.ids:
            lines = browser.get(shop.url(f"{resource.key}/ids/{tab.key}/{first.id}/"))
            assert b"#" not in b"".join(lines.streaming_content), tab.key  # type: ignore[arg-type]
            assert shop.asked(tab.ids), tab.key


@pytest.mark.parametrize("resource", [*SHOWN, *(r for r in LISTED if r not in SHOWN)], ids=named)
def test_every_column_and_tab_can_be_shown(shop: Shop, resource: Resource) -> None:
    for item in some(shop, resource):
        assert resource.type == item.type
        assert any(column.show(item) not in (None, "") for column in resource.columns)
        assert resource.name(item)
        for tab in resource.tabs:
            for related in tab.read(api.reader(shop.account), item.id, Asked()).items:
                assert [column.show(related) for column in tab.columns]


@pytest.mark.parametrize(("resource", "found"), FILTERS, ids=named)
def test_every_filter_is_one_that_klaviyo_takes(shop: Shop, resource: Resource, found: Filter) -> None:
    values = {"moment": "2026-01-01T00:00", "flag": "yes", "choice": found.choices[-1][0] if found.choices else ""}
    shop.klaviyo.forget_requests()
    answer = shop.browser().get(shop.url(f"{resource.key}/"), {found.key: values.get(found.kind, "AbC123")})
    assert answer.status_code == 200
    assert not answer.context["question"].fault
    assert "trouble" not in answer.context
    assert shop.asked(resource.source.list)


@pytest.mark.parametrize(("resource", "column"), SORTS, ids=named)
def test_every_sort_goes_both_ways(shop: Shop, resource: Resource, column: Column) -> None:
    conditions = ",".join(f.expression(f.default) for f in resource.filters if f.default)
    ups = resource.page(api.reader(shop.account), Asked(filter=conditions, sort=column.sort)).items
    downs = resource.page(api.reader(shop.account), Asked(filter=conditions, sort=f"-{column.sort}")).items
    assert ups
    assert downs


@pytest.mark.parametrize(("resource", "action"), ACTIONS, ids=named)
def test_an_action_is_for_those_who_may_propose(shop: Shop, resource: Resource, action: Action) -> None:
    items = [] if action.on == "new" else some(shop, resource, 1, action.key)
    address, ids = shop.url(f"{resource.key}/act/{action.key}/"), {"id": [item.id for item in items]}
    for role, status in (("viewer", 403), ("auditor", 403), ("admin", 200)):  # the marketer's is answered below
        assert shop.browser(role).get(address, ids).status_code == status, role


@pytest.mark.parametrize(("resource", "action", "given"), ANSWERED, ids=named)
def test_an_action_becomes_a_change_whose_requests_fit_their_operations(
    shop: Shop, resource: Resource, action: Action, given: Mapping[str, Any], nothing_sent: None
) -> None:
    size = {"new": 0, "item": 1, "many": 2}[action.on]
    ids = "&".join(f"id={item.id}" for item in (some(shop, resource, size, action.key) if size else ()))
    browser, address = shop.browser(), shop.url(f"{resource.key}/act/{action.key}/?{ids}")
    answer = browser.post(address, posted(shop, browser.get(address).content.decode(), action, given))
    assert answer.status_code == 302, answer.content.decode()[:6000]
    change = Change.objects.get()
    assert change.aloud.endswith(".")
    assert "{" not in change.aloud
    for step in change.steps.all():
        facts = operation(step.operation)
        assert facts.writes
        assert facts.id in action.operations
        if step.body and not facts.media:
            assert not facts.faults(json.loads(step.body))
        assert not step.target_id or step.target_read
        assert step.fields or facts.method == "DELETE" or facts.risk != "reversible", "nothing says what will change"


@pytest.mark.parametrize(("resource", "action"), ACTIONS, ids=named)
def test_every_operation_of_an_action_is_sent_by_one_of_its_answers(
    shop: Shop, resource: Resource, action: Action
) -> None:
    size = {"new": 0, "item": 1, "many": 1}[action.on]
    ids = "&".join(f"id={item.id}" for item in (some(shop, resource, size, action.key) if size else ()))
    browser, address = shop.browser(), shop.url(f"{resource.key}/act/{action.key}/?{ids}")
    if len(action.operations) > 1:
        for given in answers.variants((resource.key, action.key)):
            browser.post(address, posted(shop, browser.get(address).content.decode(), action, given))
        sent = {step.operation for change in Change.objects.all() for step in change.steps.all()}
        assert sent == set(action.operations)
