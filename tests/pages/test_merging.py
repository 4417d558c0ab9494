"""The page on which a stale change is settled."""

from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage
from tests.pages.test_changes import browser, page, post, stage, text, url

__all__ = ["stage"]  # the fixture


def stale(stage: Stage) -> Change:
    change = stage.approved()
    stage.carried_out(stage.approved(stage.renaming(to="Theirs")))
    return stage.carried_out(change)


def test_a_stale_change_is_settled_from_its_page(stage: Stage) -> None:
    change = stale(stage)
    for who, offered in (("marketer", True), ("admin", True), ("viewer", False), ("auditor", False)):
        assert (f"/changes/{change.pk}/settle/" in page(stage, who, change)) == offered
    told = page(stage, "marketer", change, "settle/")
    for words in ("In Klaviyo now", "Theirs 1", "Keep mine", "Take theirs", "Moved"):
        assert words in told
    told = text(post(stage, "marketer", change, "settle/", **{"keep-1-0": "mine", "why-reason": "Mine counts."}))
    assert "Proposed anew" in told
    new = Change.objects.get(supersedes=change)
    assert new.steps.get().fields[0]["before"] == "Theirs 1"
    assert stage.carried_out(review.approve(stage.admin, new, new.digest)).status == "done"
    assert stage.lists()[0].get("name") == "Renamed 1"


def test_theirs_everywhere_says_that_nothing_is_left(stage: Stage) -> None:
    change = stale(stage)
    answer = browser(stage, "marketer").post(
        url(stage, change, "settle/"), {"keep-1-0": "theirs", "why-reason": "Theirs."}
    )
    assert answer.status_code == 422
    assert "nothing is left to change" in answer.content.decode()
    assert 'value="theirs" id="theirs-1-0" checked' in answer.content.decode()
    assert not Change.objects.exclude(supersedes=None).exists()


def test_nothing_but_a_stale_change_is_settled_and_viewers_may_not(stage: Stage) -> None:
    assert browser(stage, "marketer").get(url(stage, stage.proposed(), "settle/")).status_code == 404
    assert browser(stage, "viewer").get(url(stage, stale(stage), "settle/")).status_code == 403


def test_a_klaviyo_that_cannot_be_asked_is_a_calm_panel(stage: Stage) -> None:
    change = stale(stage)
    stage.sandbox.faults.add(Order("get_list", "error_before", status=500))
    told = page(stage, "marketer", change, "settle/")
    assert "Propose it like this" not in told
    assert "Klaviyo cannot be reached" in told
