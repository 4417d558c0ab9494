"""The evidence of a change: one file that tells and proves all of it, for auditors, and on record."""

import re
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from klaviyo_admin.audit import signing
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import bodies, comments, review
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.exports.audit_check import check
from klaviyo_admin.pages import evidence
from tests.changes.stage import Stage, set_up


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path
    with set_up() as made:
        yield made


def taken(stage: Stage, change: Change, who: str = "auditor", status: int = 200) -> str:
    client = Client()
    client.force_login(getattr(stage, who))
    answer = client.get(f"/a/{stage.account.pk}/changes/{change.pk}/evidence/")
    assert answer.status_code == status
    assert status != 200 or answer["Content-Disposition"].startswith('attachment; filename="evidence-change-')
    return str(answer.content.decode())


def test_the_file_tells_and_proves_the_whole_change(stage: Stage, tmp_path: Path) -> None:
    change = stage.carried_out(stage.approved())
    text = taken(stage, change)
    step = change.steps.get()
    for words in (
        "Agreed with sales.",
        change.digest,
        step.body_sha256,
        step.path,
        "Before",
        str(step.response_status),
    ):
        assert words in text
    body = next(unescape(box) for box in re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.S) if "Renamed" in box)
    assert sha256(body.encode()).hexdigest() == step.body_sha256
    assert body.encode() == bodies.of(step)
    assert "Public key" in text
    file = tmp_path / "evidence.html"
    file.write_text(text, encoding="utf-8")
    lines = Entry.objects.filter(change_id=change.pk).exclude(action="evidence.taken").count()
    assert check(file, signing.public_keys()).lines == lines > 4
    assert check(file, signing.public_keys()).holds


def test_what_people_said_stands_in_order_with_what_they_decided(stage: Stage) -> None:
    change = stage.proposed()
    comments.say(stage.viewer, change, "Is this the <b>right</b> list?", step=1, field="Name")
    comments.hand_to(stage.marketer, change, stage.admin, "You know it best.")
    review.approve(stage.admin, change, change.digest, "It is.")
    comments.say(stage.viewer, change, "Thank you.")
    told = taken(stage, change).partition("<h2>Decisions and comments</h2>")[2].partition("<h2>")[0]
    said = [*("Request 1 · Name", "Is this the &lt;b&gt;right&lt;/b&gt; list?"), f"Asked {stage.admin} to decide"]
    said += ["You know it best.", "Approved", "It is.", change.digest, "Thank you."]
    places = [told.index(words) for words in said]
    assert places == sorted(places)


def test_a_line_changed_in_the_box_is_found(stage: Stage, tmp_path: Path) -> None:
    text = taken(stage, stage.approved())
    head, box, rest = text.partition('<pre id="lines"')
    file = tmp_path / "evidence.html"
    file.write_text(head + box + rest.replace("Agreed with sales.", "Agreed with nobody."), encoding="utf-8")
    assert "was changed" in check(file, signing.public_keys()).problem
    file.write_text(head, encoding="utf-8")
    assert not check(file, signing.public_keys()).holds


def test_the_file_runs_nothing_and_needs_nothing(stage: Stage) -> None:
    change = stage.proposed(stage.renaming(to="<script>alert(1)</script>"))
    text = taken(stage, change)
    assert "<script" not in text
    assert not re.search(r"""(src|href)=""", text)
    assert "default-src 'none'" in text


def test_taking_it_is_on_record_and_for_those_who_audit(stage: Stage) -> None:
    change = stage.proposed()
    taken(stage, change, "marketer", 403)
    assert not Entry.objects.filter(action="evidence.taken").exists()
    taken(stage, change)
    entry = Entry.objects.get(action="evidence.taken")
    assert (entry.person_id, entry.change_id) == (stage.auditor.pk, change.pk)


def test_thousands_of_requests_stay_within_bounds_and_what_is_left_out_is_said(stage: Stage) -> None:
    change = stage.proposed()
    step = change.steps.get()
    fresh = []
    common = {
        "change": change,
        "operation": step.operation,
        "method": "PATCH",
        "path": "/api/lists/1",
        "target_name": "",
    }
    for number in range(2, evidence.LISTED + 4):
        fresh.append(Step(number=number, **common))
        fresh[-1].body, fresh[-1].body_sha256, fresh[-1].body_size = step.body, step.body_sha256, step.body_size
    Step.objects.bulk_create(fresh)
    Step.objects.filter(number=2).update(body_size=evidence.BODY + 1)
    text = taken(stage, change)
    assert f"The first {evidence.WHOLE} stand here whole" in text
    assert "Left out: 3 more requests" in text
    assert "Left out for its length" in text
    assert len(text) < 4_000_000


def test_a_request_that_can_no_longer_be_read_hides_nothing_else(stage: Stage) -> None:
    change = stage.proposed(stage.renaming(2))
    Step.objects.filter(number=1).update(body=b"something else")
    text = taken(stage, change)
    assert "can no longer be read" in text
    assert "Renamed 2" in text
