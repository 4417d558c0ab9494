"""The offer to undo a change: on its page, with three columns, linked both ways."""

from datetime import timedelta

from django.utils import timezone

from klaviyo_admin.changes import timing
from klaviyo_admin.changes.models import Change
from tests.changes.stage import Stage
from tests.pages.test_changes import browser, page, post, stage, text, url

__all__ = ["stage"]  # the fixture


def test_a_finished_change_is_undone_from_its_page(stage: Stage) -> None:
    change = stage.carried_out(stage.approved())
    for who, offered in (("marketer", True), ("admin", True), ("viewer", False), ("auditor", False)):
        assert ("Undo this change" in page(stage, who, change)) == offered
    told = page(stage, "marketer", change, "undo/")
    for words in ("When proposed", "In Klaviyo now", "Can be undone", "Propose this undo"):
        assert words in told
    told = text(post(stage, "marketer", change, "undo/", **{"why-reason": "A mistake."}))
    back = Change.objects.get(undoes=change)
    assert "The undo is proposed" in told
    assert f"Change {change.pk}</a>" in told
    told = page(stage, "marketer", change)
    assert f"Change {back.pk}</a>" in told
    assert "Undo this change" not in told


def test_an_undo_may_wait_for_its_time_like_any_other_change(stage: Stage) -> None:
    change = stage.carried_out(stage.approved())
    assert "When and how it is sent" in page(stage, "marketer", change, "undo/")
    asked = {"why-reason": "A mistake.", "why-when": "at"}
    assert browser(stage, "marketer").post(url(stage, change, "undo/"), asked).status_code == 422
    at = timezone.localtime(timezone.now() + timedelta(days=1)).replace(second=0, microsecond=0)
    post(stage, "marketer", change, "undo/", **asked, **{"why-at": f"{at:%Y-%m-%dT%H:%M}"})
    assert timing.of(Change.objects.get(undoes=change)).at == at


def test_an_undo_needs_a_reason_and_the_right(stage: Stage) -> None:
    change = stage.carried_out(stage.approved())
    assert browser(stage, "marketer").post(url(stage, change, "undo/"), {"why-reason": ""}).status_code == 422
    assert browser(stage, "viewer").post(url(stage, change, "undo/"), {"why-reason": "x"}).status_code == 403
    assert not Change.objects.exclude(undoes=None).exists()


def test_what_has_moved_on_is_shown_and_left_out(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(stage.renaming(3)))
    assert page(stage, "marketer", change).count("Undo this request") == 3
    stage.carried_out(stage.approved(stage.renaming(to="Newer")))
    told = page(stage, "marketer", change, "undo/")
    assert "1 of 3 requests are left out" in told
    assert "Changed again since" in told
    told = page(stage, "marketer", change, "undo/?request=1")
    assert "undoing it would overwrite what somebody else wanted" in told
    assert "Propose this undo" not in told
    post(stage, "marketer", change, "undo/", **{"why-reason": "A mistake."})
    back = Change.objects.get(undoes=change)
    assert back.steps.count() == 2
    assert back.details["left_out"] == 1


def test_what_cannot_be_undone_says_so_and_offers_no_button(stage: Stage) -> None:
    change = stage.proposed()
    assert "Undo this change" not in page(stage, "marketer", change)
    assert "Propose this undo" not in page(stage, "marketer", change, "undo/")


def test_the_audit_and_the_history_offer_to_undo_what_they_tell_of(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(stage.renaming(2)))
    lines = page_at(stage, "admin", f"audit/?change={change.pk}")
    assert lines.count("Undo this change") == 1
    assert f"/changes/{change.pk}/undo/?request=2" in lines
    assert "Undo this" not in page_at(stage, "auditor", f"audit/?change={change.pk}")
    thing = f"lists/{stage.lists()[0].id}/"
    assert f"/changes/{change.pk}/undo/" in page_at(stage, "marketer", thing)
    assert f"/changes/{change.pk}/undo/" not in page_at(stage, "viewer", thing)
    post(stage, "marketer", change, "undo/", **{"why-reason": "A mistake."})
    assert "Undo this change" not in page_at(stage, "admin", f"audit/?change={change.pk}")


def page_at(stage: Stage, who: str, rest: str) -> str:
    return browser(stage, who).get(f"/a/{stage.account.pk}/{rest}").content.decode()
