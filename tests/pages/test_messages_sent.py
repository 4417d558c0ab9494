"""Every write that the screens of messages propose is taken by Klaviyo when it is carried out, step by step."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import pytest

from klaviyo_admin.areas.base import Action, Resource
from klaviyo_admin.changes import execution, review
from klaviyo_admin.changes.models import Change
from tests.accounts import given
from tests.fakes import InProcess, sandbox_in_process
from tests.pages import answers
from tests.pages.conftest import START, Shop
from tests.pages.filling import RESOURCES, posted, some

KEYS = ("images", "templates", "universal-content", "campaign-messages", "campaigns")
LAST = ("delete", "send", "cancel", "revert")  # what takes things away from the others
OURS = [resource for key in KEYS for resource in RESOURCES if resource.key == key]
DOINGS = sorted(
    (
        (resource, action, said)
        for resource in OURS
        for action in resource.actions
        for said in answers.variants((resource.key, action.key))
        # One draft can be sent and one scheduled campaign stopped: each once.
        if (resource.key, action.key) != ("campaigns", "cancel") and said != {"method": ""}
    ),
    key=lambda doing: doing[1].key in LAST,
)


@pytest.fixture(scope="module")
def klaviyo() -> Iterator[InProcess]:
    """A sandbox of this file's own, for it does not stay as it was."""
    ticks = count()
    with sandbox_in_process(40, now=lambda: START + next(ticks) * 0.5) as sandbox:
        yield sandbox


@pytest.mark.parametrize(("resource", "action", "said"), DOINGS, ids=lambda each: str(getattr(each, "key", "")))
def test_what_a_screen_proposes_is_taken(
    shop: Shop, resource: Resource, action: Action, said: Mapping[str, Any]
) -> None:
    items = [] if action.on == "new" else some(shop, resource, 1, action.key)
    address = shop.url(f"{resource.key}/act/{action.key}/?{'&'.join(f'id={item.id}' for item in items)}")
    browser = shop.browser()
    browser.post(address, posted(shop, browser.get(address).content.decode(), action, said))
    change = Change.objects.get()
    admin = given.member(shop.account, "admin")
    change = review.approve(admin, change, change.digest)
    for _ in range(5):
        execution.carry_out(change.pk)
        shop.klaviyo.advance(10)
    change.refresh_from_db()
    told = [(step.operation, step.status, step.error) for step in change.steps.all()]
    assert change.status == "done", told
    assert {status for _, status, _ in told} == {"done"}
