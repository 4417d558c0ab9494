"""The secret of a webhook is in the request that leaves, and on no page, in no file and no line of the audit."""

import json
from typing import Any

import pytest

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import bodies, review
from klaviyo_admin.changes.models import Change
from tests.pages.conftest import Shop

SECRET = "a-long-secret-of-a-webhook"
HOOK = "https://hooks.example.com/in/a-token"


def proposed(shop: Shop) -> Change:
    """A webhook with a new secret and address, from the API console."""
    webhook = shop.read("/api/webhooks")["data"][0]
    document: dict[str, Any] = {"data": {"type": "webhook", "id": webhook["id"]}}
    document["data"]["attributes"] = {"secret_key": SECRET, "endpoint_url": HOOK}
    typed = {"p/id": webhook["id"], "view": "json", "json": json.dumps(document), "reason": "New", "do": "propose"}
    answer = shop.browser().post(shop.url("console/update_webhook/"), typed)
    assert answer.status_code == 302, answer.content.decode()
    return Change.objects.get()


def test_no_page_and_no_file_shows_it(shop: Shop) -> None:
    change = proposed(shop)
    step = change.steps.get()
    assert SECRET.encode() in bodies.of(step)
    places = [f"changes/{change.pk}/", f"changes/{change.pk}/steps/1/body/", f"changes/{change.pk}/evidence/"]
    for place in [*places, f"audit/?change={change.pk}"]:
        told = shop.browser("admin").get(shop.url(place)).content.decode()
        assert SECRET not in told, place
        assert place.startswith("audit") or "•••" in told
        assert not place.endswith(("/", "evidence/")) or "body" in place or step.body_sha256 in told
    for place in (places[0], places[2]):
        told = " ".join(shop.browser("admin").get(shop.url(place)).content.decode().split())
        assert "of the real bytes, secrets included" in told
    assert "Its secrets were left out" in Entry.objects.get(action="body.taken").sentence


def test_no_line_of_the_audit_and_no_field_holds_it(shop: Shop) -> None:
    change = proposed(shop)
    shop.browser("admin")
    change = review.approve(shop.people["admin"], change, change.digest)
    told = json.dumps([change.steps.get().fields, *Entry.objects.values_list("sentence", flat=True)])
    told += json.dumps(list(Entry.objects.values_list("detail", flat=True)))
    assert SECRET not in told
    assert "•••" in change.steps.get().fields[0]["after"]


@pytest.mark.parametrize("view", ["json", "form"])
def test_what_the_console_shows_for_other_hands_leaves_it_out(shop: Shop, view: str) -> None:
    hook = {"type": "webhook", "attributes": {"name": "X", "secret_key": SECRET, "endpoint_url": HOOK}}
    typed = {"view": "json", "json": json.dumps({"data": hook}), "do": view}
    told = shop.browser().post(shop.url("console/create_webhook/"), typed).content.decode()
    assert SECRET not in told.partition('id="as-curl"')[2]
