"""A bulk job is followed until it ends; what Klaviyo refused of it is kept row by row."""

import httpx
import pytest

from klaviyo_admin import api
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import execution, results, review
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.intents import Follow, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage, statuses

FOLLOW = Follow("get_bulk_import_profiles_job", "job_id", "get_errors_for_bulk_import_profiles_job")


def importing(emails: list[str], jobs: int = 1) -> Intent:
    def request(job: int) -> Request:
        rows = [{"type": "profile", "attributes": {"email": email.replace("@", f"{job}@")}} for email in emails]
        document = {"data": {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": rows}}}}
        write = operation("bulk_import_profiles").write({}, document)
        return Request(write, follow=FOLLOW, counts=len(rows))

    return Intent("profiles.import", "Import profiles.", tuple(request(n) for n in range(jobs)))


GOOD = [f"guest{n}@example.com" for n in range(30)]


def test_a_job_is_followed_in_slices_that_sleep_nowhere(stage: Stage) -> None:
    change = stage.approved(importing(GOOD))
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, statuses(change), change.lease_until) == ("running", ["accepted"], None)
    assert change.not_before is not None
    change = stage.carried_out(change)
    step = Step.objects.get(change=change)
    assert (change.status, step.total_rows, step.completed_rows, step.failed_rows) == ("done", 30, 30, 0)
    assert results.row_errors(step) == []
    assert len(stage.writes()) == 1


class Overstating(httpx.BaseTransport):
    """A Klaviyo that counts the rows of a job as no job has them."""

    def __init__(self, line: httpx.BaseTransport) -> None:
        self.line = line

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.line.handle_request(request)
        if "total_count" not in answer.text or request.method != "GET":
            return answer
        document = answer.json()
        document["data"]["attributes"] |= {"total_count": 1e300, "completed_count": -1, "failed_count": 2**31}
        return httpx.Response(200, json=document, request=request)


def test_a_number_of_rows_that_no_column_holds_is_left_out(stage: Stage) -> None:
    with api.use_transport(Overstating(stage.line)):
        change = stage.carried_out(stage.approved(importing(GOOD)))
    step = Step.objects.get(change=change)
    assert (change.status, step.total_rows, step.completed_rows, step.failed_rows) == ("done", None, None, None)


def test_refused_rows_are_kept_and_the_change_says_how_many(stage: Stage) -> None:
    bad = [*GOOD, "no address", *[f"bad..{n}@@example.com" for n in range(140)]]
    change = stage.carried_out(stage.approved(importing(bad)))
    step = Step.objects.get(change=change)
    assert (change.status, step.completed_rows, step.failed_rows) == ("done", 30, 141)
    errors = results.row_errors(step)
    assert len(errors) == 141
    assert errors[0]["pointer"].startswith("/data/attributes/profiles/data/30/")
    assert set(errors[0]) == {"pointer", "code", "title", "detail"}
    assert "Klaviyo refused 141 rows." in change.outcome
    told = str(list(Entry.objects.filter(change_id=change.pk).values_list("sentence", "detail")))
    assert "example.com" not in told
    assert results.progress(change).rows_failed == 141


def test_chunks_of_one_import_go_out_together(stage: Stage) -> None:
    change = stage.approved(importing(GOOD, jobs=3))
    execution.carry_out(change.pk)
    assert statuses(change) == ["accepted"] * 3
    assert stage.carried_out(change).status == "done"
    assert len(stage.writes()) == 3


def test_another_request_waits_until_the_job_has_ended(stage: Stage) -> None:
    both = Intent("x.y", "Import, then rename.", importing(GOOD).requests + stage.renaming().requests)
    change = stage.approved(both)
    execution.carry_out(change.pk)
    assert statuses(change) == ["accepted", "waiting"]
    assert stage.carried_out(change).status == "done"


@pytest.mark.parametrize("fault", ["throttle", "drop_before"])
def test_trouble_on_the_way_to_the_job_does_not_lose_it(stage: Stage, fault: str) -> None:
    change = stage.approved(importing([*GOOD, "no address"]))
    for name in ("get_bulk_import_profiles_job", "get_errors_for_bulk_import_profiles_job"):
        stage.sandbox.faults.add(Order(name, fault, times=3, seconds=30))
    change = stage.carried_out(change)
    assert (change.status, len(results.row_errors(Step.objects.get(change=change)))) == ("done", 1)
    assert len(stage.writes()) == 1


def test_a_job_that_klaviyo_no_longer_knows_is_unclear(stage: Stage) -> None:
    change = stage.approved(importing(GOOD))
    execution.carry_out(change.pk)
    stage.sandbox.advance(8 * 24 * 3600)
    change = stage.carried_out(change)
    assert (change.status, statuses(change)) == ("unclear", ["unclear"])
    review.resolve(stage.admin, Step.objects.get(change=change), "done")
    assert Change.objects.get(pk=change.pk).status == "done"


def test_an_answer_that_names_no_job_is_unclear(stage: Stage) -> None:
    change = stage.approved(importing(GOOD))
    # Three times: a bulk import is keyed by its people, so the Writer sends it again by itself.
    stage.sandbox.faults.add(Order("bulk_import_profiles", "truncate", times=3))
    change = stage.carried_out(change)
    assert (change.status, len(stage.writes())) == ("unclear", 3)


def test_jobs_go_on_to_be_followed_when_another_request_failed(stage: Stage) -> None:
    change = stage.approved(importing(GOOD, jobs=3))
    writes = []

    def third_is_refused(request: httpx.Request) -> None:
        writes.append(request.method)
        if writes.count("POST") == 2:
            stage.sandbox.faults.add(Order("bulk_import_profiles", "error_before", times=1, status=400))

    stage.line.after = third_is_refused
    execution.carry_out(change.pk)
    assert statuses(change) == ["accepted", "accepted", "failed"]
    change = stage.carried_out(change)
    assert (change.status, statuses(change)) == ("failed", ["done", "done", "failed"])


def test_a_job_that_names_its_own_errors_keeps_them(stage: Stage) -> None:
    codes = [
        {
            "type": "coupon-code",
            "attributes": {"unique_code": code},
            "relationships": {"coupon": {"data": {"type": "coupon", "id": "WELCOME10"}}},
        }
        for code in ("TWICE", "TWICE", "ONCE")
    ]
    document = {"data": {"type": "coupon-code-bulk-create-job", "attributes": {"coupon-codes": {"data": codes}}}}
    write = operation("bulk_create_coupon_codes").write({}, document)
    request = Request(write, follow=Follow("get_bulk_create_coupon_codes_job", "job_id"), counts=3)
    change = stage.carried_out(stage.approved(Intent("coupons.add_codes", "Add 3 codes.", (request,))))
    step = Step.objects.get(change=change)
    assert (change.status, step.completed_rows, step.failed_rows) == ("done", 2, 1)
    (error,) = results.row_errors(step)
    assert error["pointer"].startswith("/data/attributes/coupon-codes/data/1/")
