"""How a change stands is said in sentences: what is missing, why it stopped, who cut it short, and what is over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from klaviyo_admin.accounts import trust
from klaviyo_admin.accounts.models import Membership
from klaviyo_admin.changes import controls, review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.rules import Rule
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage, set_up
from tests.changes.test_controls import planned
from tests.changes.test_policy import holds
from tests.changes.test_undo import undone
from tests.pages.test_changes import browser, page, post, text


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path
    with set_up() as made:
        yield made


def inbox(stage: Stage, tab: str) -> str:
    return text(browser(stage, "admin").get(f"/a/{stage.account.pk}/changes/?tab={tab}"))


def test_after_the_first_approval_the_page_says_what_is_missing(stage: Stage) -> None:
    trust.set_duties(stage.admin, stage.account, stage.viewer, ["legal"])
    holds(stage, Rule(approvals=2, also=("legal",)))
    change = stage.proposed()
    assert "Somebody other than its author decides about it." in page(stage, "admin", change)
    told = text(post(stage, "admin", change, "approve/", digest=change.digest))
    assert "Still missing: 1 approval by an admin and the agreement of legal." in told
    assert "It begins once every approval that is needed is given." in told


def test_the_last_approval_is_told_as_such(stage: Stage) -> None:
    change = stage.proposed()
    assert "Nothing more is needed." in text(post(stage, "admin", change, "approve/", digest=change.digest))


def test_the_inbox_says_of_a_change_under_way_what_holds_it(stage: Stage) -> None:
    Change.objects.filter(pk=stage.approved().pk).update(waits_for="window")
    assert "Waits for its hours" in inbox(stage, "running")


def test_a_change_that_stopped_says_why(stage: Stage) -> None:
    stage.sandbox.faults.add(Order("update_list", "error_before", status=400, times=5))
    change = stage.carried_out(planned(stage, 8, tolerate=20))
    assert "because more than 20 % of its requests failed." in page(stage, "admin", change)


def test_who_cancelled_the_rest_is_said_with_the_reason(stage: Stage) -> None:
    change = planned(stage)
    controls.cancel(stage.admin, change, "Enough of it.")
    told = page(stage, "marketer", change)
    assert "left out what had not been sent: “Enough of it.”" in told
    assert "Left out, as the rest of the change was cancelled." in told


def test_what_was_undone_offers_no_second_undo_of_a_request(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(stage.renaming(2)))
    assert "Undo this request" in page(stage, "marketer", change)
    undone(stage, change)
    assert "Undo this request" not in page(stage, "marketer", change)


def test_what_was_settled_is_not_offered_to_be_settled_again(stage: Stage) -> None:
    change = stage.carried_out(stage.approved())
    Change.objects.filter(pk=change.pk).update(status="stale")
    assert "Settle it" in page(stage, "marketer", change)
    home = f"/a/{stage.account.pk}/"
    assert change in browser(stage, "marketer").get(home).context["troubled"]
    again = review.propose(stage.marketer, stage.account, stage.renaming(), "Once more.", supersedes=change)
    assert "Settle it" not in page(stage, "marketer", change)
    assert change not in browser(stage, "marketer").get(home).context["troubled"]
    review.withdraw(stage.marketer, again)
    assert "Settle it" in page(stage, "marketer", change)


def test_who_has_decided_is_not_among_those_to_ask(stage: Stage) -> None:
    holds(stage, Rule(approvals=2))
    change = stage.proposed()
    review.approve(stage.admin, change, change.digest)
    asked = browser(stage, "marketer").get(f"/a/{stage.account.pk}/changes/{change.pk}/").context["may_hand_on"]
    assert stage.colleague in asked
    assert stage.admin not in asked


def test_the_page_and_the_inbox_say_whose_approval_no_longer_counts(stage: Stage) -> None:
    holds(stage, Rule(approvals=2))
    change = stage.proposed()
    review.approve(stage.admin, change, change.digest)
    Membership.objects.filter(person=stage.admin).delete()
    told = page(stage, "colleague", change)
    assert "Admin approved it, but may no longer decide about it. Still missing: 2 approvals by admins." in told
    listed = text(browser(stage, "colleague").get(f"/a/{stage.account.pk}/changes/?tab=waiting"))
    assert "2 approvals by admins are needed; 0 given" in told
    assert "2 approvals by admins are needed; 0 given" in listed


def test_what_was_never_stuck_is_not_called_settled(stage: Stage) -> None:
    change = stage.approved()
    holds(stage, Rule(approvals=2))
    change = stage.carried_out(change)
    told = page(stage, "admin", change)
    assert "so nothing was sent. Propose it again." in told
    assert "What has not been sent waits until somebody lets it go on." in told
    assert "settled" not in told
