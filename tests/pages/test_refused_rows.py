"""The file of the rows that Klaviyo refused: what was sent of each, why, and that it goes in again once it is mended."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from klaviyo_admin.accounts.models import Person
from klaviyo_admin.areas.catalogs import bulk, many
from klaviyo_admin.areas.events import recording
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.areas.profiles import consent
from klaviyo_admin.areas.rows import Row, Rows
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.klaviyo.values import Item
from tests.changes.stage import Stage, set_up


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path
    with set_up(60) as made:
        yield made


def imported(stage: Stage, text: str) -> Change:
    form = many.VariantRows({"rows": text})
    assert form.is_valid(), form.errors
    return stage.carried_out(stage.approved(bulk.creating(bulk.VARIANTS)([], form.cleaned_data)))


def taken(stage: Stage, change: Change, person: Person | None = None) -> Any:
    browser = Client()
    browser.force_login(person or stage.marketer)
    return browser.get(f"/a/{stage.account.pk}/changes/{change.pk}/refused.csv")


def page(stage: Stage, change: Change) -> str:
    browser = Client()
    browser.force_login(stage.marketer)
    return browser.get(f"/a/{stage.account.pk}/changes/{change.pk}/").content.decode()


def rows(answer: Any) -> list[list[str]]:
    assert isinstance(answer, StreamingHttpResponse)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.reader(io.StringIO(text, newline="")))


HEAD = "item,external_id,title,description,url,price,sku,inventory_quantity,published\n"
LINE = "{},{},=Pot,A pot,https://example.com/pot,9.5,{},4,yes\n"


def test_a_refused_row_is_taken_mended_and_accepted(stage: Stage) -> None:
    text = HEAD + "".join(LINE.format(item, f"pot-{n}", n) for n, item in enumerate(("stoneware-teapot", "no-such")))
    change = imported(stage, text)
    assert f'href="/a/{stage.account.pk}/changes/{change.pk}/refused.csv"' in page(stage, change)
    head, row = rows(taken(stage, change))
    assert head[:3] == ["Row", "Problem", "Remedy"]
    cells = dict(zip(head, row, strict=True))
    assert (cells["Row"], cells["external_id"], cells["item"], cells["title"]) == ("2", "pot-1", "no-such", "'=Pot")
    assert "Klaviyo: " in cells["Problem"]
    assert Entry.objects.filter(action="data.read", object_id=str(change.pk)).count() == 1
    mended = io.StringIO(newline="")
    csv.writer(mended).writerows([head, ["stoneware-teapot" if cell == "no-such" else cell for cell in row]])
    again = imported(stage, mended.getvalue())
    step = Step.objects.get(change=again)
    assert (again.status, step.completed_rows, step.failed_rows) == ("done", 1, 0)
    assert taken(stage, again).status_code == 404


def test_rows_of_a_request_that_was_refused_whole_are_all_in_the_file(stage: Stage) -> None:
    change = imported(stage, HEAD + "".join(LINE.format("stoneware-teapot", f"pan-{n}", n) for n in range(3)))
    step = Step.objects.get(change=change)
    pointer = "/data/attributes/variants/data/1/attributes/price"
    step.problems = {"problems": [{"pointer": pointer, "detail": "Too dear.", "title": "", "code": ""}]}
    step.status, step.remote_job, step.error = "failed", "", "Klaviyo refused it."
    step.save()
    told = [row[1] for row in rows(taken(stage, change))[1:]]
    assert told == ["Its whole request was refused. Klaviyo refused it.", "price: Klaviyo: Too dear.", told[0]]


def test_who_may_not_propose_takes_no_rows(stage: Stage) -> None:
    change = imported(stage, HEAD + LINE.format("no-such", "pot", "s"))
    assert taken(stage, change, stage.viewer).status_code == 403


EVENTS = Rows(
    tuple(
        Row(n, {"email": email, "metric": "Fitted Mug", "value": n}, {"colour": "red"})
        for n, email in enumerate(("robin@example.com", "sam@example.com", "ROBIN@example.com"), 2)
    )
)


def test_events_of_a_refused_request_are_rows_again(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(recording.record_rows([], {"events": EVENTS})))
    step = Step.objects.get(change=change)
    pointer = "/data/attributes/events-bulk-create/data/0/attributes/events/data/1/attributes/value"
    step.problems = {"problems": [{"pointer": pointer, "detail": "Too dear.", "title": "", "code": ""}]}
    step.status, step.error = "failed", "Klaviyo refused it."
    step.save()
    head, *events = rows(taken(stage, change))
    assert head[3:] == ["email", "value", "colour", "metric"]
    assert [(row[3], row[4], row[5]) for row in events] == [
        ("robin@example.com", "2", "red"),
        ("robin@example.com", "4", "red"),
        ("sam@example.com", "3", "red"),
    ], "the events of one person leave together"
    assert [row[1] for row in events if "value" in row[1]] == [events[1][1]] == ["value: Klaviyo: Too dear."]
    assert "refused.csv" in page(stage, change)


def test_ids_of_people_are_called_so(stage: Stage) -> None:
    people = [Item("profile", ident, {}) for ident in ("01HAAAAAAAAAAAAAAAAAAAAAAA", "01HBBBBBBBBBBBBBBBBBBBBBBB")]
    change = stage.carried_out(stage.approved(lists.add([stage.lists()[0]], {"profiles": people})))
    Step.objects.filter(change=change).update(status="failed", error="Klaviyo refused it.")
    assert [row[3:] for row in rows(taken(stage, change))] == [["id"], *([one.id] for one in people)]


def test_rows_that_klaviyo_skipped_are_told_apart(stage: Stage) -> None:
    change = imported(stage, HEAD + LINE.format("stoneware-teapot", "pan", 1))
    Step.objects.filter(change=change).update(total_rows=8, completed_rows=3, failed_rows=None)
    assert '<span class="figure">5</span> skipped by Klaviyo.' in page(stage, change)


def test_a_change_says_of_whom_a_part_of_its_messages_is_not_for(stage: Stage) -> None:
    people = [Item("profile", f"P{n}", {"email": f"p{n}@example.com"}) for n in range(2)]
    people[0].attributes["phone_number"] = "+12125550100"
    answers = {"channels": ("email.marketing", "sms.marketing")}
    told = page(stage, stage.proposed(consent.subscribe(people, answers)))
    assert "SMS marketing: not for those without a phone number</dt>" in told
    assert "1 of 2" in told
