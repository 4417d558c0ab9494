"""What the page of a change says of how far it reaches: after the page itself, without scripts, and in trouble."""

from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.intents import Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage
from tests.pages.test_changes import page, stage

__all__ = ["stage"]  # the fixture


def deletion(stage: Stage) -> Change:
    target = next(item for item in stage.lists() if item.get("name") == "Newsletter")
    return stage.proposed(
        Intent("lists.delete", "Delete it.", (Request(operation("delete_list").write({"id": target.id})),))
    )


def test_the_page_asks_for_it_by_itself_and_by_a_link(stage: Stage) -> None:
    change = deletion(stage)
    told = page(stage, "viewer", change)
    assert f'hx-get="/a/{stage.account.pk}/changes/{change.pk}/reach/"' in told
    assert "Ask Klaviyo how far it reaches" in told
    for rest in ("reach/", "?reach=1"):
        read = page(stage, "viewer", change, rest)
        for words in (
            "People in the list “Newsletter”",
            "as of",
            "Flows that begin",
            "Segments that are defined by it",
        ):
            assert words in read
        assert "Ask Klaviyo how far" not in read


def test_a_change_that_reaches_nobody_says_so(stage: Stage) -> None:
    change = stage.proposed(lists.create([], {"name": "New"}))
    assert "None by itself" in page(stage, "admin", change, "reach/")


def test_a_change_that_is_over_does_not_ask(stage: Stage) -> None:
    change = deletion(stage)
    review.withdraw(stage.marketer, change)
    assert "Who and what it reaches" not in page(stage, "admin", change, "?reach=1")


def test_trouble_is_a_calm_panel_beside_what_is_known(stage: Stage) -> None:
    change = deletion(stage)
    stage.sandbox.faults.add(Order("get_segments", "error_before", status=500))
    told = page(stage, "admin", change, "reach/")
    assert "Klaviyo cannot be reached" in told
    assert "Tags of it" in told
