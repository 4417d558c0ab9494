"""An approval counts as long as whoever gave it may still decide, until the first request has left."""

import pytest

from klaviyo_admin.accounts import trust
from klaviyo_admin.accounts.models import Membership, Person
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import controls, execution, holding, review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.rules import Rule
from tests.changes.stage import Stage
from tests.changes.test_policy import holds


def leaves(stage: Stage, how: str) -> None:
    member = Membership.objects.filter(person=stage.admin, account=stage.account)
    if how == "left":
        Person.objects.filter(pk=stage.admin.pk).update(is_active=False)
    elif how == "no role":
        member.delete()
    else:
        member.update(role=how)


@pytest.mark.parametrize("how", ["left", "no role", "marketer", "viewer"])
def test_what_somebody_approved_who_may_no_longer_decide_waits_for_approval_again(stage: Stage, how: str) -> None:
    change = stage.approved()
    leaves(stage, how)
    change = stage.carried_out(change)
    assert (change.status, stage.writes(), change.lease_until, change.started_at) == ("proposed", [], None, None)
    assert change.expires_at is not None
    line = Entry.objects.get(change_id=change.pk, action="change.reopened")
    assert str(stage.admin) in line.sentence
    assert "may no longer decide" in line.sentence
    assert Change.objects.waiting_for(stage.colleague, stage.account).get() == change
    change = review.approve(stage.colleague, change, change.digest)
    assert change.status == "approved"
    assert stage.carried_out(change).status == "done"
    assert len(stage.writes()) == 1


def test_what_enough_others_approved_is_sent_all_the_same(stage: Stage) -> None:
    trust.set_duties(stage.admin, stage.account, stage.viewer, ["legal"])
    holds(stage, Rule(also=("legal",)))
    change = stage.proposed()
    for signer in (stage.admin, stage.colleague, stage.viewer):
        change = review.approve(signer, change, change.digest)
    leaves(stage, "left")
    assert stage.carried_out(change).status == "done"


def test_the_approval_of_one_who_has_left_is_not_made_up_to_a_whole_by_another(stage: Stage) -> None:
    holds(stage, Rule(approvals=2))
    change = stage.proposed()
    review.approve(stage.admin, change, change.digest)
    leaves(stage, "left")
    assert review.approve(stage.colleague, change, change.digest).status == "proposed"


def test_who_was_asked_for_a_responsibility_counts_while_they_have_it(stage: Stage) -> None:
    trust.set_duties(stage.admin, stage.account, stage.viewer, ["legal"])
    holds(stage, Rule(also=("legal",)))
    change = stage.proposed()
    review.approve(stage.colleague, change, change.digest)
    change = review.approve(stage.viewer, change, change.digest)
    assert change.status == "approved"
    trust.set_duties(stage.admin, stage.account, stage.viewer, [])
    assert stage.carried_out(change).status == "proposed"
    trust.set_duties(stage.colleague, stage.account, stage.admin, ["legal"])
    change = Change.objects.get(pk=change.pk)
    assert stage.carried_out(review.approve(stage.admin, change, change.digest)).status == "done"


def test_the_rest_of_what_has_begun_goes_on_when_a_signer_leaves(stage: Stage) -> None:
    change = stage.approved(stage.renaming(2))
    hold = holding.take(change.pk)
    assert hold
    execution.do_slice(hold, 20.0, 1)
    leaves(stage, "left")
    assert stage.carried_out(change).status == "done"
    assert len(stage.writes()) == 2


@pytest.mark.parametrize(("wish", "status"), [("pause", "paused"), ("cancel", "cancelled")])
def test_what_a_person_wants_of_it_meanwhile_comes_first(stage: Stage, wish: str, status: str) -> None:
    change = stage.approved()
    hold = holding.take(change.pk)
    assert hold
    leaves(stage, "left")
    if wish == "pause":
        controls.pause(stage.colleague, change)
    else:
        controls.cancel(stage.colleague, change, "Not wanted any more.")
    execution.do_slice(hold, 20.0, 10)
    assert (stage.carried_out(change).status, stage.writes()) == (status, [])
    assert not Entry.objects.filter(action="change.reopened").exists()
