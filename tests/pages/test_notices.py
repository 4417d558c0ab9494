"""The page on which an admin says who is told of changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from klaviyo_admin.notices import delivering, writing
from klaviyo_admin.notices.models import Notice
from tests.changes.stage import Stage
from tests.notices.hook import Hook, listening
from tests.pages.test_changes import browser, stage, text

__all__ = ["stage"]  # the fixture


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    settings.PRIVATE_WEBHOOKS = True
    with listening() as found:
        yield found


def test_an_admin_sets_a_webhook_tries_it_out_and_removes_it(stage: Stage, hook: Hook) -> None:
    address, client = f"/a/{stage.account.pk}/settings/notices/", browser(stage, "admin")
    assert "No webhook is set." in text(client.get(address))
    assert "save one of them first" in text(client.post(f"{address}try/", follow=True))
    told = text(client.post(address, {"kinds": ["failed"], "webhook": hook.url}, follow=True))
    assert "A webhook is set." in told
    assert "token=secret" not in told
    assert "on its way" in text(client.post(f"{address}try/", follow=True))
    delivering.deliver(Notice.objects.get().pk)
    assert "Delivered" in text(client.get(address))
    assert "tries out the notices" in hook.taken[0]["text"]
    text(client.post(address, {"kinds": ["failed"]}, follow=True))
    assert writing.webhook_of(writing.wishes_of(stage.account)) == hook.url
    assert "No webhook is set." in text(client.post(address, {"remove": "on"}, follow=True))


def test_a_wrong_address_is_said_at_its_field_and_not_repeated(stage: Stage) -> None:
    answer = browser(stage, "admin").post(
        f"/a/{stage.account.pk}/settings/notices/", {"webhook": "gopher://secret.example"}
    )
    assert answer.status_code == 422
    assert b"begins with https://" in answer.content
    assert b"secret.example" not in answer.content


@pytest.mark.parametrize("who", ["marketer", "viewer", "auditor"])
def test_only_admins_see_the_page(stage: Stage, who: str) -> None:
    for rest in ("", "try/"):
        client, address = browser(stage, who), f"/a/{stage.account.pk}/settings/notices/{rest}"
        assert (client.post(address) if rest else client.get(address)).status_code == 403
