"""A policy at work: who has to agree, when it is sent, and that the policy itself takes four eyes."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from klaviyo_admin.accounts.models import Account, Membership
from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.changes import emergency, execution, holding, policing, policy, review, rules
from klaviyo_admin.changes.models import Approval, Change, PolicyVersion
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.changes.rules import Hours, Rule
from tests.changes.stage import Stage, actions


def holds(stage: Stage, *wanted: Rule) -> Change:
    """Makes these rules the account's policy, by the way that people go."""
    change = policing.propose(stage.admin, stage.account, wanted, "House rules.")
    return review.approve(stage.colleague, change, change.digest)


def test_a_policy_comes_by_a_change_that_somebody_else_approves(stage: Stage) -> None:
    change = policing.propose(stage.admin, stage.account, [Rule(approvals=2)], "House rules.")
    with pytest.raises(ReviewRefused, match="somebody else"):
        review.approve(stage.admin, change, change.digest)
    assert policy.current(stage.account) is None
    change = review.approve(stage.colleague, change, change.digest)
    assert (change.status, change.outcome) == ("done", "Policy 1 holds now.")
    assert actions(change) == ["change.proposed", "change.approved", "policy.changed", "change.ended"]
    version = policy.current(stage.account)
    assert version is not None
    assert rules.read(version.rules) == (Rule(approvals=2),)
    assert stage.writes() == []


@pytest.mark.parametrize("who", ["marketer", "viewer", "auditor"])
def test_only_who_manages_the_account_proposes_a_policy(stage: Stage, who: str) -> None:
    with pytest.raises(NotAllowed):
        policing.propose(getattr(stage, who), stage.account, [Rule(approvals=2)], "Mine.")


def test_of_two_policies_proposed_from_one_the_second_is_refused(stage: Stage) -> None:
    first, second = (policing.propose(stage.admin, stage.account, [Rule(approvals=n)], "Why.") for n in (2, 3))
    review.approve(stage.colleague, first, first.digest)
    with pytest.raises(ReviewRefused, match="has changed since"):
        review.approve(stage.colleague, second, second.digest)
    assert PolicyVersion.objects.count() == 1
    with pytest.raises(ReviewRefused, match="hold already"):
        policing.propose(stage.admin, stage.account, [Rule(approvals=2)], "Again.")


def test_no_rule_locks_people_out_of_the_policy_itself(stage: Stage) -> None:
    holds(stage, Rule(deny=True), Rule(approvals=5))
    assert holds(stage).status == "done"


def test_the_database_itself_keeps_a_version_as_it_was(stage: Stage) -> None:
    holds(stage, Rule(approvals=2))
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.update(rules=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.all()._raw_delete(using="default")
    assert PolicyVersion.objects.count() == 1


def test_two_approvals_are_two_people(stage: Stage) -> None:
    holds(stage, Rule(areas=("lists",), approvals=2))
    change = stage.proposed()
    assert policy.approvals_needed(change) == 2
    change = review.approve(stage.admin, change, change.digest)
    assert change.status == "proposed"
    with pytest.raises(ReviewRefused):
        review.approve(stage.admin, change, change.digest)
    own = {"change": change, "person": stage.admin, "author": stage.marketer, "decision": "approve"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(**own, digest=change.digest)
    assert not Change.objects.waiting_for(stage.admin, stage.account).filter(pk=change.pk).exists()
    change = review.approve(stage.colleague, change, change.digest)
    assert stage.carried_out(change).status == "done"


def test_no_approvals_means_that_it_runs_when_proposed_and_says_so(stage: Stage) -> None:
    holds(stage, Rule(operations=("update_list",), at_most=1, approvals=0))
    change = stage.proposed()
    assert change.status == "approved"
    assert actions(change) == ["change.proposed", "change.approved"]
    assert stage.carried_out(change).status == "done"
    assert stage.proposed(stage.renaming(2)).status == "proposed"


def test_a_denied_change_cannot_be_proposed_not_even_by_an_admin(stage: Stage) -> None:
    holds(stage, Rule(areas=("lists",), deny=True))
    stage.admin.is_superuser = True
    with pytest.raises(ReviewRefused, match="does not allow it"):
        review.propose(stage.admin, stage.account, stage.renaming(), "I am the boss.")


def test_a_policy_that_became_stricter_binds_what_waits(stage: Stage) -> None:
    change = stage.proposed()
    holds(stage, Rule(approvals=2))
    assert review.approve(stage.admin, change, change.digest).status == "proposed"
    assert review.approve(stage.colleague, change, change.digest).status == "approved"
    other = Change.objects.get(pk=stage.proposed(stage.renaming(to="Other")).pk)
    holds(stage, Rule(deny=True))
    with pytest.raises(ReviewRefused, match="any more"):
        review.approve(stage.admin, other, other.digest)


@pytest.mark.parametrize("rule", [Rule(deny=True), Rule(approvals=2), Rule(also=("legal",))])
def test_a_policy_that_became_stricter_holds_what_was_approved_and_has_not_begun(stage: Stage, rule: Rule) -> None:
    change = stage.approved()
    holds(stage, rule)
    change = stage.carried_out(change)
    assert (change.status, stage.writes()) == ("failed", [])
    assert "stricter since it was approved" in change.outcome
    again = review.resume(stage.admin, change)
    assert (stage.carried_out(again).status, stage.writes()) == ("failed", [])


def test_a_stricter_policy_lets_the_rest_of_what_has_begun_go_on(stage: Stage) -> None:
    change = stage.approved(stage.renaming(2))
    hold = holding.take(change.pk)
    assert hold
    execution.do_slice(hold, 20.0, 1)
    holds(stage, Rule(deny=True))
    assert len(stage.writes()) == 1
    assert stage.carried_out(change).status == "done"
    assert len(stage.writes()) == 2


def test_the_glass_does_not_lift_a_denial_that_came_after_it_was_broken(stage: Stage) -> None:
    Membership.objects.filter(person=stage.admin).update(emergency=True)
    holds(stage, Rule(approvals=2))
    change = stage.proposed()
    emergency.break_glass(stage.admin, change, change.digest, "The shop is closed.")
    holds(stage, Rule(deny=True))
    assert (stage.carried_out(change).status, stage.writes()) == ("failed", [])


def test_a_laxer_policy_frees_nothing_that_was_proposed_before(stage: Stage) -> None:
    holds(stage, Rule(approvals=2))
    change = stage.proposed()
    holds(stage, Rule(approvals=1))
    assert review.approve(stage.admin, change, change.digest).status == "proposed"


def test_terms_that_were_altered_in_the_database_stop_the_change(stage: Stage) -> None:
    holds(stage, Rule(approvals=2))
    change = stage.proposed()
    Change.objects.filter(pk=change.pk).update(terms={})
    with pytest.raises(ReviewRefused, match="not what was proposed"):
        review.approve(stage.admin, change, change.digest)


@pytest.mark.parametrize("terms", [{}, {"approvals": 0, "windows": [], "rules": [1]}])
def test_no_worker_sends_what_lost_its_second_approval(stage: Stage, terms: dict[str, Any]) -> None:
    holds(stage, Rule(approvals=2))
    change = stage.proposed()
    review.approve(stage.admin, change, change.digest)
    Change.objects.filter(pk=change.pk).update(status="approved", terms=terms)
    execution.carry_out(change.pk)
    assert Change.objects.get(pk=change.pk).status == "failed"
    assert stage.writes() == []


def test_a_change_waits_for_its_window(stage: Stage) -> None:
    now = timezone.localtime()
    tomorrow = (now.weekday() + 1) % 7
    holds(stage, Rule(window=Hours((tomorrow,))))
    change = stage.approved()
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, stage.writes()) == ("running", [])
    assert change.not_before is not None
    assert timezone.localtime(change.not_before).weekday() == tomorrow


def test_windows_that_never_meet_end_the_change(stage: Stage) -> None:
    holds(stage, Rule(window=Hours((), 60, 120)), Rule(window=Hours((), 180, 240)))
    change = stage.carried_out(stage.approved())
    assert (change.status, stage.writes()) == ("failed", [])


def test_a_policy_is_of_one_account(stage: Stage) -> None:
    holds(stage, Rule(deny=True))
    assert policy.current(Account(pk=stage.account.pk + 1)) is None


def test_replay_tells_what_other_rules_would_have_decided(stage: Stage) -> None:
    stage.proposed()
    stage.proposed(stage.renaming(3))
    wanted: Sequence[Rule] = [Rule(more_than=2, approvals=2)]
    found = list(policing.replay(stage.account, wanted))
    assert [(line.then, line.would.approvals, line.differs) for line in found] == [(1, 2, True), (1, 1, False)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM changes_policyversion")
        assert cursor.fetchone()[0] == 0
