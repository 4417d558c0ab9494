"""The size that a policy weighs: as Klaviyo gave it at the moment of proposing, and large where it gave none."""

import pytest

from klaviyo_admin.changes import policing, review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.rules import Rule
from klaviyo_admin.intents import Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage


def suppression(ident: str) -> Intent:
    """Suppresses everybody on a list: a request that names nobody."""
    data = {
        "type": "profile-suppression-bulk-create-job",
        "attributes": {},
        "relationships": {"list": {"data": {"type": "list", "id": ident}}},
    }
    return Intent(
        "test.suppress", "Suppress.", (Request(operation("bulk_suppress_profiles").write(document={"data": data})),)
    )


def proposed_under(stage: Stage, *rules: Rule, target: str = "") -> Change:
    change = policing.propose(stage.admin, stage.account, rules, "House rules.")
    review.approve(stage.colleague, change, change.digest)
    return stage.proposed(suppression(target or stage.lists()[0].id))


def test_klaviyos_number_decides_which_rule_matches(stage: Stage) -> None:
    change = proposed_under(stage, Rule(more_than=1000, approvals=3), Rule(more_than=2, approvals=2))
    assert change.terms["approvals"] == 2
    assert isinstance(change.terms["people"], int)


def test_a_number_that_cannot_be_had_counts_as_large(stage: Stage) -> None:
    target = stage.lists()[0].id
    stage.sandbox.faults.add(Order("get_list", "error_before", status=500))
    change = proposed_under(stage, Rule(more_than=1000, approvals=3), target=target)
    assert change.terms["approvals"] == 3
    assert "people" not in change.terms


def test_an_estimate_lets_nothing_pass_without_approval(stage: Stage) -> None:
    change = proposed_under(stage, Rule(at_most=1000, approvals=0), Rule(more_than=1000, approvals=2))
    assert change.status == "proposed"
    assert "approvals" not in change.terms


def test_without_a_rule_about_size_klaviyo_is_not_asked(stage: Stage) -> None:
    target = stage.lists()[0].id
    stage.sandbox.faults.add(Order("get_list", "error_before", status=500))
    change = proposed_under(stage, Rule(approvals=2), target=target)
    assert change.terms["approvals"] == 2
    with stage.sandbox.store.look() as db:
        assert db.execute("SELECT count(*) FROM request WHERE operation = 'get_list'").fetchone()[0] == 0


def test_the_number_is_under_the_seal(stage: Stage) -> None:
    change = proposed_under(stage, Rule(more_than=2, approvals=2))
    Change.objects.filter(pk=change.pk).update(terms={**change.terms, "people": 1})
    change.refresh_from_db()
    with pytest.raises(review.ReviewRefused, match="not what was proposed"):
        review.approve(stage.admin, change, change.digest)
