"""Who decides beside admins: the roles and the responsibilities that a policy names."""

from datetime import UTC, datetime

import pytest

from klaviyo_admin.accounts import service, trust
from klaviyo_admin.accounts.models import Account, Membership
from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.accounts.service import AccountRefused
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import deciders, policy, review, timing
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.changes.rules import Hours, Rule
from klaviyo_admin.changes.zones import zone
from tests.changes.stage import Stage
from tests.changes.test_policy import holds


def signs(stage: Stage, who: str, change: Change) -> Change:
    return review.approve(getattr(stage, who), change, change.digest)


def test_a_second_area_of_responsibility_has_to_agree_whatever_its_role(stage: Stage) -> None:
    trust.set_duties(stage.admin, stage.account, stage.viewer, ["Legal"])
    holds(stage, Rule(areas=("lists",), also=("legal",)))
    change = stage.proposed()
    assert set(deciders.of(change)) == {stage.admin, stage.colleague, stage.viewer}
    change = signs(stage, "admin", change)
    assert change.status == "proposed"
    change = signs(stage, "colleague", change)
    assert change.status == "proposed", "a second admin is not legal"
    assert Change.objects.waiting_for(stage.viewer, stage.account).get() == change
    assert signs(stage, "viewer", change).status == "approved"
    assert stage.carried_out(change).status == "done"


def test_who_is_not_asked_may_not_decide(stage: Stage) -> None:
    holds(stage, Rule(areas=("lists",), also=("legal",)))
    change = stage.proposed()
    assert not Change.objects.waiting_for(stage.viewer, stage.account).exists()
    for act in (review.approve, review.reject):
        with pytest.raises(NotAllowed):
            act(stage.viewer, change, change.digest)


def test_an_admin_who_is_responsible_agrees_for_both(stage: Stage) -> None:
    trust.set_duties(stage.admin, stage.account, stage.colleague, ["legal"])
    holds(stage, Rule(areas=("lists",), also=("legal",)))
    assert signs(stage, "colleague", stage.proposed()).status == "approved"


def test_approvals_count_by_the_roles_that_the_rule_names(stage: Stage) -> None:
    holds(stage, Rule(areas=("lists",), by=("auditor", "viewer"), approvals=2))
    change = signs(stage, "admin", stage.proposed())
    assert change.status == "proposed", "an admin may sign, and does not count"
    change = signs(stage, "viewer", change)
    assert signs(stage, "auditor", change).status == "approved"


def test_a_marketer_who_is_asked_still_never_approves_their_own(stage: Stage) -> None:
    holds(stage, Rule(areas=("lists",), by=("marketer", "admin")))
    change = stage.proposed()
    with pytest.raises(ReviewRefused, match="somebody else"):
        signs(stage, "marketer", change)
    assert not Change.objects.waiting_for(stage.marketer, stage.account).exists()


def test_an_approval_keeps_what_its_signer_was_at_the_time_while_they_may_decide_at_all(stage: Stage) -> None:
    trust.set_duties(stage.admin, stage.account, stage.viewer, ["legal"])
    holds(stage, Rule(areas=("lists",), also=("legal",)))
    change = signs(stage, "viewer", signs(stage, "admin", stage.proposed()))
    trust.set_duties(stage.admin, stage.account, stage.viewer, [])
    service.give_role(stage.admin, stage.account, stage.viewer, "admin")
    assert stage.carried_out(change).status == "done"


def test_the_terms_are_sealed(stage: Stage) -> None:
    holds(stage, Rule(areas=("lists",), also=("legal",)))
    change = stage.proposed()
    Change.objects.filter(pk=change.pk).update(terms={**change.terms, "also": []})
    with pytest.raises(ReviewRefused, match="not what was proposed"):
        signs(stage, "admin", Change.objects.get(pk=change.pk))


def test_a_policy_that_becomes_stricter_asks_those_it_names_too(stage: Stage) -> None:
    change = stage.proposed()
    trust.set_duties(stage.admin, stage.account, stage.viewer, ["legal"])
    holds(stage, Rule(areas=("lists",), also=("legal",)))
    change = signs(stage, "admin", change)
    assert change.status == "proposed"
    assert signs(stage, "viewer", change).status == "approved"


def test_duties_are_given_by_admins_and_on_record(stage: Stage) -> None:
    assert trust.set_duties(stage.admin, stage.account, stage.viewer, [" Data  Protection", "legal", "LEGAL", ""]) == (
        "data protection",
        "legal",
    )
    line = Entry.objects.get(action="role.duties")
    assert (line.person_name, line.detail["after"]) == ("Admin", ["data protection", "legal"])
    trust.set_duties(stage.admin, stage.account, stage.viewer, ["data protection", "legal"])
    assert Entry.objects.filter(action="role.duties").count() == 1
    with pytest.raises(NotAllowed):
        trust.set_duties(stage.marketer, stage.account, stage.marketer, ["legal"])
    with pytest.raises(AccountRefused):
        trust.set_duties(stage.admin, stage.account, stage.viewer, [str(n) for n in range(6)])
    with pytest.raises(AccountRefused, match="Another admin"):
        trust.set_duties(stage.admin, stage.account, stage.admin, ["legal"])
    trust.set_duties(stage.colleague, stage.account, stage.admin, ["legal", "brand"])
    assert trust.set_duties(stage.admin, stage.account, stage.admin, ["brand"]) == ("brand",)
    Membership.objects.filter(person=stage.viewer).delete()
    with pytest.raises(AccountRefused, match="no role"):
        trust.set_duties(stage.admin, stage.account, stage.viewer, ["legal"])


def test_windows_are_in_the_zone_of_the_account(stage: Stage) -> None:
    Account.objects.filter(pk=stage.account.pk).update(zone="Pacific/Auckland")
    stage.account.refresh_from_db()
    holds(stage, Rule(areas=("lists",), window=Hours((), 9 * 60, 10 * 60)))
    change = stage.proposed()
    assert str(policy.window_zone(change)) == "Pacific/Auckland"
    Account.objects.update(zone="UTC")
    change = signs(stage, "admin", Change.objects.get(pk=change.pk))
    found = timing.wait(change, False, datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert found is not None
    assert found.until.astimezone(zone("Pacific/Auckland")).hour == 9


def test_the_hour_of_proposing_is_that_of_the_account(stage: Stage) -> None:
    change = stage.proposed()
    change.account.zone, change.proposed_at = "Asia/Tokyo", datetime(2026, 7, 5, 20, tzinfo=UTC)  # a Monday there
    at = policy.facts(change, change.steps.all(), "marketer").at
    assert (at.weekday(), at.hour) == (0, 5)
