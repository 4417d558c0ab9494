"""One change may create something and go on with its id: the answer to one request completes another."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import digests, purge, refs, review
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.intents import Intent, Ref, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage, actions, statuses


def making(pointer: str = "/data/id", step: int = 1) -> Intent:
    """Creates a list, renames it, and takes it away again."""
    ref = Ref(step, pointer)
    made = operation("create_list").write(document={"data": {"type": "list", "attributes": {"name": "Fair"}}})
    name = {"data": {"type": "list", "id": ref, "attributes": {"name": f"Fair {Ref(1)}"}}}
    renamed = operation("update_list").write({"id": ref}, name)
    gone = operation("delete_list").write({"id": ref})
    return Intent("lists.fair", "Make a list and go on with it.", tuple(map(Request, (made, renamed, gone))))


def test_later_requests_take_the_id_that_the_first_one_made(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(making()))
    assert (change.status, statuses(change)) == ("done", ["done"] * 3)
    first, second, third = Step.objects.filter(change=change)
    made = json.loads(bytes(first.response))["data"]["id"]
    assert [write["path"] for write in stage.writes()][1:] == [f"/api/lists/{made}"] * 2
    path, body = refs.as_sent(second)
    assert (path, json.loads(body)["data"]["id"]) == (f"/api/lists/{made}", made)
    assert json.loads(body)["data"]["attributes"]["name"] == f"Fair {Ref(1)}"
    assert third.taken == [made]
    assert made not in str(second.path)


def test_the_audit_says_which_id_was_taken_and_what_exactly_left(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(making()))
    sent = list(Entry.objects.filter(change_id=change.pk, action="step.sent").order_by("id"))
    made = stage.writes()[1]["path"].rpartition("/")[2]
    assert "taken" not in sent[0].detail
    assert [row["value"] for row in sent[1].detail["taken"]] == [made, made]
    assert [line.detail.get("sent_sha256", line.detail["body_sha256"]) for line in sent] == [
        write["sha256"] for write in stage.writes()
    ]


def test_an_answer_that_gives_nothing_stops_the_change_before_anything_half_made_leaves(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(making("/data/relationships/tags/id")))
    assert (change.status, statuses(change)) == ("failed", ["done", "failed", "waiting"])
    assert len(stage.writes()) == 1
    error = Step.objects.get(change=change, number=2).error
    assert error == "The answer to request 1 does not give what it needs (/data/relationships/tags/id)."
    assert actions(change).count("step.sent") == 1


def test_a_text_of_a_customer_is_sent_and_kept_out_of_the_audit(stage: Stage) -> None:
    profile = {"data": {"type": "profile", "attributes": {"email": "ref@example.com"}}}
    made = operation("create_profile").write(document=profile)
    attributes = {"organization": Ref(1, "/data/attributes/email")}
    told = {"data": {"type": "profile", "id": Ref(1), "attributes": attributes}}
    then = operation("update_profile").write({"id": Ref(1)}, told)
    change = stage.carried_out(stage.approved(Intent("profiles.x", "Make one.", (Request(made), Request(then)))))
    assert change.status == "done"
    assert "ref@example.com" not in str(list(Entry.objects.filter(change_id=change.pk).values()))
    assert json.loads(refs.as_sent(Step.objects.get(change=change, number=2))[1])["data"]["attributes"] == {
        "organization": "ref@example.com"
    }


@pytest.mark.parametrize("step", [2, 3])
def test_a_request_cannot_wait_for_itself_or_for_a_later_one(stage: Stage, step: int) -> None:
    with pytest.raises(ReviewRefused, match="only wait for the answer to an earlier one"):
        stage.proposed(making(step=step))


@pytest.mark.parametrize(
    "forged", [[], [{"at": "path/3", "step": 1, "pointer": "/data/links/self"}, {"at": "body/data/id", "step": 1}]]
)
def test_the_digest_covers_the_references(stage: Stage, forged: list[dict[str, Any]]) -> None:
    change = stage.approved(making())
    Step.objects.filter(change=change, number=2).update(gaps=forged)
    assert stage.carried_out(change).outcome == digests.ALTERED
    assert stage.writes() == []


def test_a_request_left_out_gives_nothing_to_the_next(stage: Stage) -> None:
    change = stage.approved(making())
    stage.sandbox.faults.add(Order("create_list", "error_before", times=1, status=400))
    stage.carried_out(change)
    review.resolve(stage.admin, Step.objects.get(change=change, number=1), "skip")
    review.resume(stage.admin, Change.objects.get(pk=change.pk))
    change = stage.carried_out(change)
    assert (change.status, statuses(change)) == ("failed", ["skipped", "failed", "waiting"])


def test_a_purge_removes_the_taken_texts_too(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(making()))
    Change.objects.filter(pk=change.pk).update(purge_after=timezone.now() - timedelta(days=1))
    assert purge.purge(change.pk)
    assert Step.objects.get(change=change, number=2).taken is None
