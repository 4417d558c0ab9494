"""The history of a thing on its page, and looks at people's data on record."""

from typing import Any

import pytest
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.areas.lists.resources import LISTS
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.pages import audit_reads
from klaviyo_admin.pages.audit_history import SHOWN
from tests.pages.conftest import Shop


def page(shop: Shop, path: str, role: str, **headers: str) -> Any:
    answer = shop.browser(role).get(shop.url(path), headers=headers)
    assert answer.status_code == 200
    return answer


def renamed(shop: Shop, times: int = 1) -> tuple[str, Change]:
    """Changes of the first list, the last of them rejected."""
    ident = shop.lists()[0]["id"]
    item = LISTS.item(api.reader(shop.account), ident)
    for role in ("marketer", "admin"):
        shop.browser(role)
    for n in range(times):
        intent = lists.edit([item], {"name": f"Renamed {n}"})
        change = review.propose(shop.people["marketer"], shop.account, intent, "Agreed.")
        review.reject(shop.people["admin"], change, "No.")
    return ident, change


def test_changes_are_told_to_all_and_lines_to_those_who_audit(shop: Shop) -> None:
    ident, change = renamed(shop)
    for role in ("viewer", "auditor"):
        history = page(shop, f"lists/{ident}/", role).context["history"]
        assert list(history.changes) == [change]
        assert [line.action for line in history.lines] == (
            ["change.rejected", "change.proposed"] if role == "auditor" else []
        )
    assert "Rejected: " in page(shop, f"lists/{ident}/", "auditor").content.decode()
    assert "Rejected: " not in page(shop, f"lists/{ident}/", "viewer").content.decode()


def test_a_long_history_shows_its_newest_part(shop: Shop) -> None:
    ident, last = renamed(shop, SHOWN + 2)
    history = page(shop, f"lists/{ident}/", "viewer").context["history"]
    assert len(history.changes) == SHOWN
    assert history.changes[0] == last
    assert history.more


def test_a_thing_without_history_says_so(shop: Shop) -> None:
    ident = shop.lists()[-1]["id"]
    assert "Nothing was changed here" in page(shop, f"lists/{ident}/", "viewer").content.decode()


def looks() -> Any:
    return Entry.objects.filter(action="data.read")


def test_opening_a_profile_is_on_record_once_an_hour_for_each_person(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = shop.profiles(1)[0]["id"]
    for role in ("viewer", "viewer", "auditor"):
        page(shop, f"profiles/{ident}/", role)
    assert [(line.object_type, line.object_id) for line in looks()] == [("profile", ident)] * 2
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + audit_reads.ONCE_IN)
    page(shop, f"profiles/{ident}/", "viewer")
    assert looks().count() == 3


def test_a_part_of_a_page_and_things_that_are_nobody_leave_no_line(shop: Shop) -> None:
    ident = shop.profiles(1)[0]["id"]
    page(shop, f"profiles/{ident}/?tab=lists", "viewer", hx_request="true")
    page(shop, f"lists/{shop.lists()[0]['id']}/", "viewer")
    assert not looks().exists()


def test_looks_can_be_kept_out_of_the_audit(shop: Shop, settings: Any) -> None:
    settings.READ_AUDIT = False
    page(shop, f"profiles/{shop.profiles(1)[0]['id']}/", "viewer")
    assert not looks().exists()
