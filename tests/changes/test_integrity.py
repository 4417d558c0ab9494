"""One flipped byte anywhere in what was proposed, and nothing of it is ever sent."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import bodies, digests, execution, review
from klaviyo_admin.changes.models import Approval, Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.intents import Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.sealing import reseal_column, seal, sealed_columns
from tests.changes.stage import Stage, actions


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def overwrite(table: str, column: str, key: int, value: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, key])


def flip(table: str, column: str, key: int) -> None:
    """Turns one bit in the middle of a column, as a broken disk or a hand in the database would."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [key])
        (value,) = cursor.fetchone()
    if isinstance(value, int):
        return overwrite(table, column, key, value ^ 1)
    if isinstance(value, str):
        return overwrite(table, column, key, flipped(value.encode(), len(value) // 2).decode())
    return overwrite(table, column, key, flipped(bytes(value), len(bytes(value)) // 2))


CHANGE = ["sentence", "action", "risk", "reversibility", "revision", "policy_version", "sealed_name", "digest"]
CHANGE += ["target_type", "target_id"]
STEP = ["operation", "method", "path", "body", "body_sha256", "body_size", "target_type", "target_id", "target_read"]
STEP += ["target_name", "fields", "counts", "number"]
COLUMNS = [("changes_change", c) for c in CHANGE] + [("changes_step", c) for c in STEP]


def key_of(change: Change, table: str) -> int:
    return int(change.pk if table == "changes_change" else Step.objects.get(change=change).pk)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_flipped_bit_after_the_approval_stops_the_execution(stage: Stage, table: str, column: str) -> None:
    change = stage.approved()
    flip(table, column, key_of(change, table))
    change = stage.carried_out(change)
    assert (change.status, change.outcome, stage.writes()) == ("failed", digests.ALTERED, [])
    assert actions(change)[-1] == "change.ended"


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_flipped_bit_before_the_approval_is_refused_and_ends_the_change(
    stage: Stage, table: str, column: str
) -> None:
    change = stage.proposed()
    flip(table, column, key_of(change, table))
    with pytest.raises(ReviewRefused, match="not what was proposed"):
        review.approve(stage.admin, change, change.digest)
    change = Change.objects.get(pk=change.pk)
    assert (change.status, Approval.objects.count(), actions(change)[-1]) == ("failed", 0, "change.ended")
    assert stage.carried_out(change).status == "failed"
    assert stage.writes() == []


def test_a_missing_sealing_key_is_no_alteration_and_the_change_waits_for_it(stage: Stage, settings: Any) -> None:
    waiting, approved, keys = stage.proposed(), stage.approved(), settings.SEALING_KEYS
    settings.SEALING_KEYS = [Fernet.generate_key().decode()]
    execution.carry_out(approved.pk)
    approved = Change.objects.get(pk=approved.pk)
    assert (approved.status, approved.waits_for, approved.attempts) == ("running", "key", 0)
    with pytest.raises(digests.Locked, match="missing"):
        review.approve(stage.admin, waiting, waiting.digest)
    settings.SEALING_KEYS = keys
    assert (Change.objects.get(pk=waiting.pk).status, stage.writes()) == ("proposed", [])
    Change.objects.filter(pk=approved.pk).update(not_before=None)
    assert stage.carried_out(approved).status == "done"


def test_another_body_sealed_with_the_right_key_is_refused_too(stage: Stage) -> None:
    change = stage.approved()
    step = Step.objects.get(change=change)
    body = step.body.replace(b"Renamed", b"Altered")
    overwrite("changes_step", "body", step.pk, seal(body))
    overwrite("changes_step", "body_sha256", step.pk, sha256(body).hexdigest())
    assert stage.carried_out(change).outcome == digests.ALTERED
    assert stage.writes() == []


def test_a_request_added_or_taken_away_is_refused(stage: Stage) -> None:
    change = stage.approved(stage.renaming(3))
    Step.objects.filter(change=change, number=3).delete()
    assert stage.carried_out(change).outcome == digests.ALTERED
    other = stage.approved(stage.renaming(2, to="Other"))
    step = Step.objects.get(change=other, number=2)
    step.pk, step.number = None, 3
    step.save()
    assert stage.carried_out(other).outcome == digests.ALTERED
    assert stage.writes() == []


def importing(stage: Stage, rows: int = 1500) -> Intent:
    profiles = [
        {"type": "profile", "attributes": {"email": f"guest{n}@example.com", "first_name": "G" * 20}}
        for n in range(rows)
    ]
    document = {"data": {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": profiles}}}}
    write = operation("bulk_import_profiles").write({}, document)
    return Intent("profiles.import", f"Import {rows} profiles.", (Request(write, counts=rows),))


def spoil(path: Path) -> None:
    path.write_bytes(flipped(path.read_bytes(), 5000))


@pytest.mark.parametrize("spoilt", [spoil, Path.unlink])
def test_a_spoilt_or_lost_body_file_stops_the_execution(
    stage: Stage, tmp_path: Path, spoilt: Callable[[Path], None]
) -> None:
    change = stage.approved(importing(stage))
    step = Step.objects.get(change=change)
    assert (step.in_file, step.body) == (True, None)
    spoilt(tmp_path / step.body_sha256[:2] / step.body_sha256)
    assert stage.carried_out(change).outcome == digests.ALTERED
    assert stage.writes() == []


def test_a_large_body_is_kept_sealed_under_its_digest_and_once(stage: Stage, tmp_path: Path) -> None:
    intent = importing(stage)
    body = intent.requests[0].write.body
    for _ in range(2):
        step = Step.objects.get(change=stage.proposed(intent))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [step.body_sha256]
    assert b"example.com" not in files[0].read_bytes()
    assert bodies.of(step) == body
    spoil(files[0])
    stage.proposed(intent)
    assert bodies.of(step) == body


def test_body_files_move_to_a_new_sealing_key(stage: Stage, settings: Any) -> None:
    step = Step.objects.get(change=stage.proposed(importing(stage)))
    new = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LTAwMDE="
    settings.SEALING_KEYS = [new, *settings.SEALING_KEYS]
    assert bodies.reseal() == 1
    settings.SEALING_KEYS = [new]
    assert len(bodies.of(Step.objects.defer("path", "target_name", "fields").get(pk=step.pk))) == step.body_size


def test_what_was_altered_after_a_part_was_sent_stops_the_rest(stage: Stage) -> None:
    change = stage.approved(stage.renaming(3))
    hold = execution.holding.take(change.pk)
    assert hold is not None
    execution.do_slice(hold, seconds=20, sends=1)
    flip("changes_step", "path", Step.objects.get(change=change, number=3).pk)
    change = stage.carried_out(change)
    assert (change.outcome, len(stage.writes())) == (digests.ALTERED, 1)
    assert Entry.objects.filter(change_id=change.pk, action="step.sent").count() == 1


def test_a_rotated_sealing_key_voids_no_approval(stage: Stage, settings: Any) -> None:
    change = stage.approved()
    settings.SEALING_KEYS = ["bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LTAwMDE=", *settings.SEALING_KEYS]
    for model, field in sealed_columns():
        if model._meta.app_label in ("accounts", "changes"):
            reseal_column(model, field)
    settings.SEALING_KEYS = settings.SEALING_KEYS[:1]
    assert stage.carried_out(change).status == "done"
