"""The states of an upload: who may do what when, and what the worker leaves behind."""

import io

import pytest
from django_q.models import OrmQ

from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.areas.sheets.likeness import NotCsv
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.imports import columns, journey, storing, tasks
from klaviyo_admin.imports.journey import UploadRefused
from klaviyo_admin.imports.mapping import Choice
from klaviyo_admin.imports.models import Piece, Upload
from klaviyo_admin.klaviyo.values import Kind
from tests.changes.stage import Stage

PEOPLE = "Email,First Name,Points\nann@example.com,Ann,12\nbob.example.com,Bob,3\n\ncarl@example.com,Carl,7\n"


def received(stage: Stage, text: str | bytes = PEOPLE, name: str = "people.csv") -> Upload:
    data = text.encode() if isinstance(text, str) else text
    return journey.receive(stage.marketer, stage.account, name, len(data), io.BytesIO(data))


def analysed(stage: Stage, text: str | bytes = PEOPLE) -> Upload:
    upload = received(stage, text)
    tasks.analyse(upload.pk)
    return Upload.objects.get(pk=upload.pk)


def checked(stage: Stage, text: str | bytes = PEOPLE, to: Kind | None = None, named: str = "") -> Upload:
    upload = analysed(stage, text)
    journey.choose(stage.marketer, upload, journey.choices_of(upload), "", to, named)
    tasks.check(upload.pk)
    return Upload.objects.get(pk=upload.pk)


def test_a_file_goes_from_upload_to_a_proposed_change(stage: Stage) -> None:
    upload = checked(stage)
    assert (upload.status, upload.good, upload.listed, upload.blank) == ("checked", 2, 1, 1)
    assert [[p.line for p in row] for row in storing.problem_rows(upload)] == [[3]]
    assert list(storing.lines(upload)) == [[2, 5]]
    change = journey.propose(stage.marketer, upload, "Newsletter sign-ups of May.")
    assert change.sentence == "Import 2 profiles from “people.csv”."
    upload.refresh_from_db()
    assert (upload.status, upload.change) == ("proposed", change)


def test_the_worker_reads_what_the_columns_hold(stage: Stage) -> None:
    analysis = columns.from_json(analysed(stage).analysis)
    assert analysis.rows == 3
    assert [(c.heading.name, c.samples[0], c.kind) for c in analysis.columns] == [
        ("Email", "ann@example.com", "text"),
        ("First Name", "Ann", "text"),
        ("Points", "12", "number"),
    ]


def test_nothing_of_a_file_lies_in_clear_columns(stage: Stage) -> None:
    upload = checked(stage)
    rows = list(Upload.objects.values()) + list(Piece.objects.values())
    with_tokens = repr([{k: v for k, v in row.items() if k not in ("analysis", "choices", "data")} for row in rows])
    assert "example.com" not in with_tokens
    assert upload.choices[0]["target"] == "email"


def test_an_upload_is_on_record_and_the_worker_is_told(stage: Stage) -> None:
    upload = received(stage)
    entry = Entry.objects.get(action="upload.received")
    assert entry.sentence == "Uploaded the file “people.csv” with 94 bytes."
    assert (entry.person_id, entry.object_id) == (stage.marketer.pk, str(upload.pk))
    assert OrmQ.objects.count() == 1


def test_only_those_who_may_propose_may_upload_choose_and_propose(stage: Stage) -> None:
    upload = checked(stage)
    for person in (stage.viewer, stage.auditor):
        with pytest.raises(NotAllowed):
            journey.receive(person, stage.account, "people.csv", 5, io.BytesIO(b"Email"))
        with pytest.raises(NotAllowed):
            journey.choose(person, upload, journey.choices_of(upload), "", None, "")
        with pytest.raises(NotAllowed):
            journey.propose(person, upload, "Because.")


def test_what_is_no_csv_leaves_nothing_behind(stage: Stage) -> None:
    with pytest.raises(NotCsv):
        received(stage, b"\x89PNG\r\n\x1a\n", "photo.png")
    with pytest.raises(NotCsv, match="60 MB"):
        journey.receive(stage.marketer, stage.account, "big.csv", 60 * 1024 * 1024, io.BytesIO(b"Email"))
    assert not Upload.objects.exists()
    assert not Piece.objects.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [("Email,Name\n\n , \n", "no rows below"), ("ann@example.com,Ann\nbob@example.com,Bob\n", "looks like a person")],
)
def test_what_turns_out_unreadable_is_refused_with_a_sentence(stage: Stage, text: str, says: str) -> None:
    upload = analysed(stage, text)
    assert upload.status == "refused"
    assert says in upload.refusal


def test_a_mapping_with_faults_is_refused(stage: Stage) -> None:
    upload = analysed(stage)
    with pytest.raises(UploadRefused, match="“Email” and “First Name” both go to Email"):
        journey.choose(
            stage.marketer, upload, [Choice(0, "Email", "email"), Choice(1, "First Name", "email")], "", None, ""
        )
    assert Upload.objects.get().status == "analysed"


def test_a_new_choice_voids_a_check_that_still_runs(stage: Stage) -> None:
    upload = analysed(stage)
    choices = journey.choices_of(upload)
    journey.choose(stage.marketer, upload, choices, "", None, "")
    slow = tasks._claimed(upload.pk, "mapped")
    assert slow is not None
    journey.choose(stage.marketer, upload, choices[:1], "", None, "")
    tasks._move(slow, "mapped", status="checked", good=99)
    assert Upload.objects.get().status == "mapped"
    tasks.check(upload.pk)
    upload.refresh_from_db()
    assert (upload.status, upload.good) == ("checked", 2)
    assert storing.first_profiles(upload, 1)[0]["attributes"] == {"email": "ann@example.com"}


def test_a_second_choice_replaces_what_the_first_check_left(stage: Stage) -> None:
    upload = checked(stage)
    journey.choose(stage.marketer, upload, journey.choices_of(upload)[:1], "", None, "")
    tasks.check(upload.pk)
    assert sorted(Piece.objects.values_list("kind", flat=True)) == ["chunk", "file", "lines", "problems"]


def test_a_task_that_comes_twice_does_its_work_once(stage: Stage) -> None:
    upload = checked(stage)
    before = Upload.objects.values().get()
    tasks.analyse(upload.pk)
    tasks.check(upload.pk)
    assert Upload.objects.values("status", "fence", "good").get() == {k: before[k] for k in ("status", "fence", "good")}


def test_a_proposal_needs_a_reason_good_rows_and_the_check_that_was_seen(stage: Stage) -> None:
    upload = checked(stage)
    with pytest.raises(ReviewRefused):
        journey.propose(stage.marketer, upload, " ")
    other = Upload.objects.get(pk=upload.pk)
    journey.choose(stage.marketer, other, journey.choices_of(other), "", None, "")
    with pytest.raises((UploadRefused, ReviewRefused)):
        journey.propose(stage.marketer, upload, "Because.")
    none = checked(stage, "Email\nnobody\n")
    with pytest.raises(UploadRefused, match="No row"):
        journey.propose(stage.marketer, none, "Because.")


def test_a_file_of_many_pieces_is_read_as_it_was(stage: Stage) -> None:
    rows = "".join(f"p{n}@example.com,{'Zoë ' * 40}\n" for n in range(12_000))
    upload = received(stage, "Email,Note\n" + rows)
    assert Piece.objects.filter(kind="file").count() > 2
    with storing.open_file(upload) as stream:
        assert stream.read().decode() == "Email,Note\n" + rows


def test_a_name_of_a_file_is_plain_text(stage: Stage) -> None:
    assert received(stage, name="C:\\lists\\may\n{target}.csv").name == "may {target}.csv"
    assert len(received(stage, name="x" * 500 + ".csv").name) < 110
