"""The whole way of a difficult file: through the pages, four eyes and the sandbox, until every row has its end."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.imports import outcome, tasks
from klaviyo_admin.imports.models import Upload
from klaviyo_admin.imports.outcome import Tally
from tests.changes.stage import Stage
from tests.imports.generated import ROWS, Difficult, difficult


@pytest.fixture(scope="module")
def file() -> Difficult:
    return difficult()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_a_difficult_file_of_ten_thousand_rows_loses_none(stage: Stage, file: Difficult, encoding: str) -> None:
    browser = Client()
    browser.force_login(stage.marketer)
    before = members(stage), profiles(stage)
    upload = uploaded(browser, stage, file.text.encode(encoding))
    newsletter = stage.lists()[0]
    columns_chosen(browser, stage, upload, newsletter.id)
    upload.refresh_from_db()
    assert (upload.status, upload.good) == ("checked", len(file.good) + len(file.refused))
    assert (upload.listed, upload.blank) == (len(file.listed), len(file.blank))
    assert upload.rows == ROWS
    change = proposed(browser, stage, upload)
    assert f"add them to the list “{newsletter.get('name')}”" in change.aloud
    review.approve(stage.admin, change, change.digest)
    assert stage.carried_out(change).status == "done"
    every_row_has_its_end(Upload.objects.get(pk=upload.pk), file)
    assert_in_klaviyo(stage, file, *before)
    rejected_rows_can_be_downloaded(browser, stage, upload, file)


def uploaded(browser: Client, stage: Stage, data: bytes) -> Upload:
    sent = {"file": SimpleUploadedFile("spring.csv", data)}
    answer = browser.post(reverse("import-new", args=[stage.account.pk]), sent)
    upload = Upload.objects.get()
    assert answer["Location"] == reverse("import", args=[stage.account.pk, upload.pk])
    tasks.analyse(upload.pk)
    return upload


def columns_chosen(browser: Client, stage: Stage, upload: Upload, to: str) -> None:
    url = reverse("import-columns", args=[stage.account.pk, upload.pk])
    shown = browser.get(url)
    form = shown.context["form"]
    answers = {name: bound.value() for name, bound in ((name, form[name]) for name in form.fields)}
    assert answers["target9"] == ""
    assert "The column is empty." in shown.content.decode()
    answer = browser.post(url, answers | {"country": "US", "list": to})
    assert answer.status_code == 302, answer.content.decode()
    tasks.check(upload.pk)


def proposed(browser: Client, stage: Stage, upload: Upload) -> Change:
    preview = browser.get(reverse("import", args=[stage.account.pk, upload.pk])).content.decode()
    assert "import0@example.com" in preview
    assert "The e-mail address has no @." in preview
    answer = browser.post(
        reverse("import-propose", args=[stage.account.pk, upload.pk]), {"why-reason": "The spring fair."}
    )
    change = Change.objects.get()
    assert answer["Location"] == reverse("change", args=[stage.account.pk, change.pk])
    return change


def every_row_has_its_end(upload: Upload, file: Difficult) -> None:
    assert outcome.tally(upload) == Tally(
        imported=len(file.good), listed=len(file.listed), blank=len(file.blank), refused=len(file.refused)
    )
    said = {row[0].line: row[0] for row in outcome.problems(upload)}
    assert set(said) == set(file.listed) | file.refused
    for line, part in file.listed.items():
        assert part in said[line].wrong, line
        assert said[line].remedy
    for line in file.refused:
        assert said[line].column == "Klaviyo ID"
        assert said[line].wrong.startswith("Klaviyo: ")


def assert_in_klaviyo(stage: Stage, file: Difficult, members_before: int, profiles_before: set[str]) -> None:
    assert profiles(stage) - profiles_before == set(file.good.values())
    assert members(stage) - members_before == len(file.good)
    with stage.sandbox.store.look() as db:
        row = db.execute("SELECT * FROM profile WHERE email = 'import4@example.com'").fetchone()
        assert (row["phone_number"], row["first_name"], row["last_name"]) == ("+16465550004", "Zoë", "Müller")
        note = db.execute("SELECT properties FROM profile WHERE email = 'import3@example.com'").fetchone()
        assert "three\\r\\nlines,\\nwith a comma" in note["properties"]


def rejected_rows_can_be_downloaded(browser: Client, stage: Stage, upload: Upload, file: Difficult) -> None:
    answer = browser.get(reverse("import-rejected", args=[stage.account.pk, upload.pk]))
    data = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline="")))
    assert rows[0][:4] == ["Line", "Problem", "Remedy", "Email"]
    assert [int(row[0]) for row in rows[1:]] == sorted(set(file.listed) | file.refused)
    assert all(not cell.startswith(("+", "=", "@", "-")) for row in rows for cell in row)


def members(stage: Stage) -> int:
    with stage.sandbox.store.look() as db:
        ident = stage.lists()[0].id
        sql = "SELECT count(*) FROM member JOIN circle ON circle.n = member.circle WHERE circle.id = ?"
        return int(db.execute(sql, (ident,)).fetchone()[0])


def profiles(stage: Stage) -> set[str]:
    with stage.sandbox.store.look() as db:
        return {row["email"] for row in db.execute("SELECT email FROM profile")}
