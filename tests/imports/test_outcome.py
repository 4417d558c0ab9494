"""Every row of a file has an end, however its change ended, and says why."""

import dataclasses

import pytest

from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.imports import journey, outcome
from klaviyo_admin.imports.models import Upload
from klaviyo_admin.klaviyo.values import Kind
from tests.changes.stage import Stage
from tests.imports.test_journey import checked

PEOPLE = "Email,Klaviyo ID\nann@example.com,\nbob@example.com,01UNKNOWN\nnobody,\n\ncarl@example.com,\ndora@example.com,01UNKNOWN2\n"


def approved(stage: Stage, to: Kind | None = None) -> tuple[Upload, Change]:
    upload = checked(stage, PEOPLE, to, "Newsletter")
    change = journey.propose(stage.marketer, upload, "The fair in May.")
    change = review.approve(stage.admin, change, change.digest)
    return Upload.objects.get(pk=upload.pk), change


def ends(upload: Upload) -> dict[str, int]:
    upload = Upload.objects.get(pk=upload.pk)
    counts = {name: n for name, n in dataclasses.asdict(outcome.tally(upload)).items() if n}
    assert sum(n for name, n in counts.items() if name != "unplaced") == upload.rows
    return counts


def reasons(upload: Upload) -> dict[int, str]:
    return {row[0].line: row[0].wrong for row in outcome.problems(Upload.objects.get(pk=upload.pk))}


def test_rows_wait_until_the_change_is_carried_out(stage: Stage) -> None:
    upload, _ = approved(stage)
    assert ends(upload) == {"waiting": 4, "listed": 1, "blank": 1}
    assert list(reasons(upload)) == [4]


def test_klaviyos_refusals_come_back_to_their_lines_and_columns(stage: Stage) -> None:
    upload, change = approved(stage)
    stage.carried_out(change)
    assert ends(upload) == {"imported": 2, "refused": 2, "listed": 1, "blank": 1}
    rows = {row[0].line: row[0] for row in outcome.problems(Upload.objects.get(pk=upload.pk))}
    assert sorted(rows) == [3, 4, 7]
    assert (rows[3].column, rows[7].column) == ("Klaviyo ID", "Klaviyo ID")
    assert "does not exist" in rows[3].wrong


def test_a_request_that_is_refused_whole_lists_all_its_rows(stage: Stage) -> None:
    upload, change = approved(stage, Kind("list", "NOPE01"))
    assert stage.carried_out(change).status == "failed"
    assert ends(upload) == {"refused": 4, "listed": 1, "blank": 1}
    assert set(reasons(upload)) == {2, 3, 4, 6, 7}
    assert reasons(upload)[2] == "Its whole request was refused. A list with id NOPE01 does not exist."


@pytest.mark.parametrize(
    ("status", "more", "expected"),
    [
        ("skipped", {}, {"not_sent": 4}),
        ("unclear", {}, {"unclear": 4}),
        ("failed", {"remote_job": "J", "error": "Klaviyo cancelled the job."}, {"unclear": 4}),
        ("done", {"failed_rows": 3}, {"imported": 1, "refused": 3, "unplaced": 3}),
        ("accepted", {}, {"waiting": 4}),
        ("waiting", {}, {"not_sent": 4}),
    ],
)
def test_whatever_a_request_ended_as_its_rows_did_too(
    stage: Stage, status: str, more: dict[str, object], expected: dict[str, int]
) -> None:
    upload, change = approved(stage)
    Change.objects.filter(pk=change.pk).update(status="failed")
    Step.objects.filter(change=change).update(status=status, **more)
    assert ends(upload) == expected | {"listed": 1, "blank": 1}


def test_the_pages_of_problems_are_the_same_rows_as_the_whole(stage: Stage) -> None:
    upload, change = approved(stage)
    stage.carried_out(change)
    upload = Upload.objects.get(pk=upload.pk)
    whole = list(outcome.problems(upload))
    assert [row for skip in range(4) for row in list(outcome.problems(upload, skip))[:1]] == whole
