"""Each of the 345 operations through its console page: it opens, its form takes a body, and what leaves the form is valid."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import Operation, operations
from tests.fakes import InProcess
from tests.pages import console_forms
from tests.pages.conftest import Shop

READS = [found for found in operations() if not found.writes]
WRITES = [found for found in operations() if found.writes]
PIXEL = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def named(operation: Operation) -> str:
    return operation.id


HOOK = {
    "data": {
        "type": "webhook",
        "attributes": {"name": "Hook", "endpoint_url": "https://example.com/hook", "secret_key": "a" * 32},
        "relationships": {"webhook-topics": {"data": [{"type": "webhook-topic", "id": "event:klaviyo.opened_email"}]}},
    }
}


@pytest.fixture(scope="module")
def known(klaviyo: InProcess) -> Iterator[dict[str, list[str]]]:
    """Ids of things that exist; a webhook among them for as long as these tests last."""
    with klaviyo.client() as client:
        hook = client.post("/api/webhooks", json=HOOK).json()["data"]["id"]
        yield {**console_forms.idents(klaviyo), "webhook": [hook]}
        client.delete(f"/api/webhooks/{hook}")


def test_every_operation_is_either_a_read_or_a_write() -> None:
    assert len(READS) + len(WRITES) == 345


@pytest.mark.parametrize("operation", READS, ids=named)
def test_a_read_runs_and_shows_what_came(shop: Shop, known: dict[str, list[str]], operation: Operation) -> None:
    browser, url = shop.browser("viewer"), shop.url(f"console/{operation.id}/")
    address = console_forms.address(operation, known)
    page = browser.get(url, address)
    assert page.status_code == 200
    fields = console_forms.Fields(page.content.decode()).found
    assert {name: fields[name][-1] for name in address if address[name]} == {n: v for n, v in address.items() if v}
    document = console_forms.body(operation, known, {})
    if document is not None:
        fields |= {"json": [json.dumps(document)], "view": ["json"]}
    shop.klaviyo.forget_requests()
    answer = browser.post(url, {**fields, "do": "run"}).context["answer"]
    assert answer is not None
    (asked,) = shop.klaviyo.requests(operation=operation.id)
    assert asked["status"] == answer.status
    assert answer.status in (200, 404) or document is not None
    assert not Change.objects.exists()


@pytest.mark.parametrize("operation", WRITES, ids=named)
def test_a_write_is_proposed_as_it_was_filled_in(shop: Shop, known: dict[str, list[str]], operation: Operation) -> None:
    browser, url = shop.browser(), shop.url(f"console/{operation.id}/")
    address = console_forms.address(operation, known)
    fields: dict[str, Any] = dict(address)
    document = console_forms.body(operation, known, address)
    if operation.media:
        fields |= {"b/name": ["Leaf"], "b/hidden": ["true"], "b/file": SimpleUploadedFile("leaf.png", PIXEL)}
    elif document is None:
        fields = console_forms.Fields(browser.get(url, address).content.decode()).found
    else:
        # Written as JSON, looked at as a form, and sent from there.
        fields |= {"view": "json", "json": json.dumps(document), "do": "form"}
        drawn = browser.post(url, fields, headers={"HX-Request": "true"})
        assert not drawn.context["form"].as_json, drawn.context["form"].note
        fields = console_forms.Fields(drawn.content.decode()).found
    answer = browser.post(url, {**fields, "reason": "Because the test asks for it", "do": "propose"})
    assert answer.status_code == 302, (answer.context["form"].faults, answer.context["answer"])
    (change,) = Change.objects.all()
    (step,) = change.steps.all()
    assert change.action == f"console.{operation.id}"
    assert step.operation == operation.id
    matched = catalogue.match(step.method, step.path)
    assert matched
    assert matched[0] is operation
    if document is not None and not operation.media:
        assert json.loads(step.body or b"") == document
        assert not operation.faults(document)
    assert not [r for r in shop.klaviyo.requests() if r["method"] not in ("GET", "HEAD")]
