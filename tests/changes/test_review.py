"""Who may decide what, and that nothing is decided twice."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Approval, Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.intents import Intent, Request
from klaviyo_admin.klaviyo.values import Write
from tests.changes.stage import Stage, actions, statuses


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_q_ormq")
        return int(cursor.fetchone()[0])


def test_a_proposal_keeps_the_exact_bytes_and_a_digest_over_them(stage: Stage) -> None:
    intent = stage.renaming()
    change = stage.proposed(intent)
    step = Step.objects.get(change=change)
    assert (step.body, step.path) == (intent.requests[0].write.body, intent.requests[0].write.path)
    assert len(change.digest) == 64
    assert (change.status, change.risk, change.reversibility) == ("proposed", "reversible", "exact")
    assert actions(change) == ["change.proposed"]
    assert stage.writes() == []


def test_an_id_that_no_column_holds_is_refused_in_words(stage: Stage) -> None:
    (request,) = stage.renaming().requests
    assert request.target
    long = replace(request, target=replace(request.target, id="L" * 300))
    with pytest.raises(ReviewRefused, match="longer than 255 characters"):
        stage.proposed(Intent("lists.rename", "Rename it.", (long,)))
    assert not Change.objects.exists()


def test_a_proposal_without_a_reason_is_refused(stage: Stage) -> None:
    with pytest.raises(ReviewRefused, match="why"):
        review.propose(stage.marketer, stage.account, stage.renaming(), "  ")
    assert not Change.objects.exists()


def test_a_proposal_without_requests_is_refused(stage: Stage) -> None:
    with pytest.raises(ReviewRefused, match="nothing"):
        review.propose(stage.marketer, stage.account, Intent("lists.edit", "Do nothing.", ()), "Because.")


@pytest.mark.parametrize(
    "write",
    [
        Write("no_such_operation", "POST", "/api/lists", b"{}"),
        Write("get_lists", "GET", "/api/lists"),
        Write("update_list", "DELETE", "/api/lists/Ab3dEf"),
        Write("update_list", "PATCH", "/api/profiles/Ab3dEf", b"{}"),
    ],
)
def test_a_request_that_is_not_what_its_operation_does_is_refused(stage: Stage, write: Write) -> None:
    with pytest.raises(ReviewRefused):
        review.propose(stage.marketer, stage.account, Intent("x.y", "Do it.", (Request(write),)), "Because.")


@pytest.mark.parametrize("who", ["viewer", "auditor"])
def test_nobody_proposes_without_the_right(stage: Stage, who: str) -> None:
    with pytest.raises(NotAllowed):
        review.propose(getattr(stage, who), stage.account, stage.renaming(), "Because.")


def test_an_approval_sets_the_change_to_work_in_one_transaction(stage: Stage) -> None:
    change = stage.proposed()
    review.approve(stage.admin, change, change.digest, "Fine.")
    approval = Approval.objects.get(change=change)
    assert (approval.person, approval.author, approval.digest) == (stage.admin, stage.marketer, change.digest)
    assert Change.objects.get(pk=change.pk).status == "approved"
    assert actions(change) == ["change.proposed", "change.approved"]
    assert queued() == 1


def test_nobody_approves_their_own_change(stage: Stage) -> None:
    change = review.propose(stage.admin, stage.account, stage.renaming(), "Because.")
    with pytest.raises(ReviewRefused, match="somebody else"):
        review.approve(stage.admin, change, change.digest)
    assert Change.objects.get(pk=change.pk).status == "proposed"
    assert queued() == 0


def test_the_database_itself_refuses_the_authors_own_approval(stage: Stage) -> None:
    change = stage.proposed()
    own = {"change": change, "person": stage.marketer, "author": stage.marketer, "decision": "approve"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(**own, digest=change.digest)


def test_the_database_itself_refuses_a_false_copy_of_the_author(stage: Stage) -> None:
    change = stage.proposed()
    false = {"change": change, "person": stage.marketer, "author": stage.admin, "decision": "approve"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(**false, digest=change.digest)
    review.approve(stage.admin, change, change.digest)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(change=change).update(author=stage.colleague)
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(author=stage.colleague)


def test_a_one_person_installation_approves_its_own_changes_loudly(stage: Stage, settings: Any) -> None:
    settings.SELF_APPROVAL = True
    change = review.propose(stage.admin, stage.account, stage.renaming(), "Because.")
    review.approve(stage.admin, change, change.digest)
    assert Approval.objects.get(change=change).self_approved
    entry = Entry.objects.get(change_id=change.pk, action="change.approved")
    assert entry.sentence.startswith("Self-approved")
    assert entry.detail["self_approved"] is True


@pytest.mark.parametrize("who", ["marketer", "viewer", "auditor"])
def test_only_admins_decide(stage: Stage, who: str) -> None:
    change = stage.proposed()
    with pytest.raises(NotAllowed):
        review.approve(getattr(stage, who), change, change.digest)
    with pytest.raises(NotAllowed):
        review.reject(getattr(stage, who), change, "No.")


def test_an_approval_of_another_digest_is_refused(stage: Stage) -> None:
    change = stage.proposed()
    with pytest.raises(ReviewRefused, match="no longer"):
        review.approve(stage.admin, change, "0" * 64)
    assert not Approval.objects.exists()


def test_nothing_is_decided_twice(stage: Stage) -> None:
    change = stage.approved()
    for again in (
        lambda: review.approve(stage.admin, change, change.digest),
        lambda: review.approve(stage.colleague, change, change.digest),
        lambda: review.reject(stage.colleague, change, "No."),
    ):
        with pytest.raises(ReviewRefused, match="already"):
            again()
    assert Approval.objects.count() == 1
    assert queued() == 1


def test_a_rejection_needs_a_comment_and_ends_the_change(stage: Stage) -> None:
    change = stage.proposed()
    with pytest.raises(ReviewRefused, match="why"):
        review.reject(stage.admin, change, " ")
    review.reject(stage.admin, change, "Wrong list.")
    change.refresh_from_db()
    assert (change.status, change.ended_at is not None) == ("rejected", True)
    assert Entry.objects.get(action="change.rejected").detail["comment"] == "Wrong list."
    assert stage.carried_out(change).status == "rejected"
    assert stage.writes() == []


def test_the_author_withdraws_and_nobody_else_does(stage: Stage) -> None:
    change = stage.proposed()
    with pytest.raises(ReviewRefused, match="author"):
        review.withdraw(stage.admin, change)
    review.withdraw(stage.marketer, change)
    with pytest.raises(ReviewRefused):
        review.approve(stage.admin, change, change.digest)
    assert actions(change) == ["change.proposed", "change.withdrawn"]


def test_an_approved_change_can_be_withdrawn_until_a_worker_begins(stage: Stage) -> None:
    change = stage.approved()
    review.withdraw(stage.marketer, change)
    assert stage.carried_out(change).status == "withdrawn"
    ran = stage.carried_out(stage.approved())
    with pytest.raises(ReviewRefused, match="no longer"):
        review.withdraw(stage.marketer, ran)
    assert len(stage.writes()) == 1


def test_the_inbox_shows_what_a_person_can_decide(stage: Stage) -> None:
    theirs = stage.proposed()
    own = review.propose(stage.admin, stage.account, stage.renaming(to="Other"), "Because.")
    waiting = Change.objects.waiting_for
    assert list(waiting(stage.admin, stage.account)) == [theirs]
    assert list(waiting(stage.colleague, stage.account)) == [own, theirs]
    assert list(waiting(stage.admin, stage.account, own=True)) == [own, theirs]
    assert not waiting(stage.marketer, stage.account).exists()
    assert statuses(theirs) == ["waiting"]
