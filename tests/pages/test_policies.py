"""The page of an account's policy: its rules in words, a draft, its replay and its proposal."""

import json
from typing import Any

import pytest

from klaviyo_admin.accounts import trust
from klaviyo_admin.changes import policing, review, rules
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.rules import Hours, Rule
from klaviyo_admin.pages import policy_story
from klaviyo_admin.pages.policy_form import RuleForm, answers, sentence
from tests.changes.stage import Stage
from tests.changes.test_policy import holds
from tests.pages.test_changes import browser, page, post, stage, text

__all__ = ["stage"]  # the fixture

TWO = Rule(areas=("lists",), approvals=2)


def send(stage: Stage, do: str, *draft: Rule, **data: Any) -> str:
    asked = {"do": do, "draft": json.dumps(rules.written(draft)), **data}
    return text(browser(stage, "admin").post(f"/a/{stage.account.pk}/policies/", asked, follow=True))  # type: ignore[arg-type]  # Django's stubs


@pytest.mark.parametrize("who", ["marketer", "viewer", "auditor"])
def test_only_who_manages_the_account_sees_its_policy(stage: Stage, who: str) -> None:
    assert browser(stage, who).get(f"/a/{stage.account.pk}/policies/").status_code == 403


def test_an_admin_writes_proposes_and_another_approves_a_policy(stage: Stage) -> None:
    told = text(browser(stage, "admin").get(f"/a/{stage.account.pk}/policies/"))  # type: ignore[arg-type]  # Django's stubs
    assert "every change needs one approval" in told
    told = send(stage, "save ", decision="2", areas=["lists"])
    assert "Changes in Lists need 2 approvals by admins." in told
    assert "can never collect" in told
    told = send(stage, "propose", TWO, **{"why-reason": "House rules."})
    change = Change.objects.get()
    assert "The policy is proposed" in told
    assert "Changes in Lists need 2 approvals by admins." in page(stage, "colleague", change)
    review.approve(stage.colleague, change, change.digest)
    assert "Policy 1 holds now." in page(stage, "admin", change)
    waits = stage.proposed()
    review.approve(stage.admin, waits, waits.digest)
    for told in (page(stage, "colleague"), page(stage, "colleague", waits)):
        assert "2 approvals by admins are needed; 1 given" in told


def test_who_decides_reads_what_is_new_what_goes_and_what_is_wrong(stage: Stage) -> None:
    holds(stage, TWO, Rule(deny=True, areas=("flows",)))
    change = policing.propose(stage.admin, stage.account, [TWO, Rule(approvals=5, fields=("name",))], "Stricter.")
    told = page(stage, "colleague", change)
    assert "<del>Changes in Flows are not allowed.</del>" in told
    assert "Changes that touch name need 5 approvals by admins." in told
    assert "It asks for 5 approvals, but only 2 admins may approve." in told
    assert "Changes in Lists need 2 approvals by admins." in told
    for words in ("Approve this policy", "hold from the moment", "If it is not approved before"):
        assert words in told
    other = policing.propose(stage.admin, stage.account, [], "None.")
    assert "No rule is left" in page(stage, "colleague", other)
    review.approve(stage.colleague, other, other.digest)
    assert "Other rules hold since this was proposed" in page(stage, "colleague", change)


def test_what_cannot_be_read_of_a_policy_is_said(stage: Stage) -> None:
    change = policing.propose(stage.admin, stage.account, [TWO], "Why.")
    change.details = {"rules": [{"no": "rule"}]}
    told = policy_story.of(change)
    assert told is not None
    assert [line.sentence for line in told.lines] == [policy_story.UNREADABLE]


def test_a_rule_is_edited_and_removed_in_the_draft(stage: Stage) -> None:
    assert "Save rule 1" in send(stage, "edit 1", TWO)
    assert "Changes in Lists are not allowed." in send(stage, "save 1", TWO, decision="deny", areas=["lists"])
    assert "There are no rules" in send(stage, "remove 1", TWO)
    for nonsense in ("remove 9", "edit x", "dance", ""):
        assert "need 2 approvals" in send(stage, nonsense, TWO)
    assert "There are no rules" in send(stage, "replay", draft="{broken")


def test_a_wrong_rule_and_a_missing_reason_are_said(stage: Stage) -> None:
    assert "no_such_thing" in send(stage, "save", decision="2", operations="no_such_thing")
    assert "Say why" in send(stage, "propose", TWO, **{"why-reason": ""})
    assert not Change.objects.exists()


def test_replay_shows_only_what_would_have_been_decided_otherwise(stage: Stage) -> None:
    stage.proposed()
    told = send(stage, "replay", TWO)
    assert "1 of 1 changes would have been decided otherwise" in told
    assert "Then 1 approval. With these rules 2: rule 1." in told
    assert "decided every change as it was" in send(stage, "replay", Rule(areas=("flows",), approvals=2))


def test_what_no_rule_lets_through_is_said_at_the_proposal(stage: Stage) -> None:
    waits = stage.proposed()
    holds(stage, Rule(areas=("lists",), deny=True, window=Hours((0,), 480, 1080)))
    assert "does not allow this change any more" in page(stage, "admin", waits)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule(approvals=0, fields=("name", "email")), "Changes that touch nothing but name or email need no approval."),
        (Rule(roles=("admin",), more_than=1000), "Changes on more than 1,000 things, by admins need 1 approval by an admin."),
        (Rule(risks=("sends",), hours=Hours((5, 6)), deny=True), "Changes of the risk “Can send messages”, proposed on Saturday or Sunday are not allowed."),
        (Rule(window=Hours((), 480, 1080)), "All changes need 1 approval by an admin, and are sent only from 08:00 to 18:00 on any day."),
        (Rule(operations=("update_list",), at_most=5, approvals=3), "Changes with “Update list” (update_list), on at most 5 things need 3 approvals by admins."),
        (Rule(by=("admin", "marketer"), approvals=2), "All changes need 2 approvals by admins or marketers."),
        (Rule(risks=("privacy",), also=("legal",)), "Changes of the risk “Privacy” need 1 approval by an admin and the agreement of legal."),
        (Rule(approvals=0, also=("legal", "data protection")), "All changes need the agreement of legal and of data protection."),
    ],
)  # fmt: skip
def test_a_rule_reads_as_a_sentence_and_comes_back_from_its_form(rule: Rule, said: str) -> None:
    assert sentence(rule) == said
    form = RuleForm({key: value for key, value in answers(rule).items() if value is not None})
    assert form.is_valid(), form.errors
    assert form.rule() == rule


def test_somebody_responsible_finds_and_approves_what_waits_for_them(stage: Stage) -> None:
    trust.set_duties(stage.admin, stage.account, stage.viewer, ["legal"])
    holds(stage, Rule(areas=("lists",), approvals=0, also=("legal",)))
    change = stage.proposed()
    assert "Renamed 1" in page(stage, "viewer", rest="?tab=waiting")
    assert "Approve and send" in page(stage, "viewer", change)
    assert "Approve and send" not in page(stage, "auditor", change)
    post(stage, "viewer", change, "approve/", digest=change.digest)
    assert Change.objects.get(pk=change.pk).status == "approved"
    assert "responsible for legal" in page(stage, "admin", change)
