"""Whatever somebody does to the log or to an export of it behind our back is found, and the first broken line is named."""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from klaviyo_admin.audit import chain, checkpoints, log, signing
from klaviyo_admin.audit.models import Checkpoint, Entry, Head
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.exports.audit_check import check
from klaviyo_admin.exports.audit_file import ALL, blocks
from tests.conftest import drop_audit_triggers

TRIALS = 200
KINDS = ("edit", "delete", "reorder", "insert", "truncate")


def written(count: int, **columns: Any) -> None:
    with transaction.atomic():
        for n in range(count):
            log.record("login", sentence=f"=Somebody {n}", detail={"n": n, "ü": [None, "'=x"]}, **columns)


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def tamper(kind: str, at: int, lines: int) -> int:
    """Does it to the table as a clever intruder would, and gives the line that is wrong first."""
    if kind == "edit":
        run("UPDATE audit_entry SET sentence = 'x' WHERE id = %s", at)
    elif kind == "delete":
        run("DELETE FROM audit_entry WHERE id = %s", at)
    elif kind == "reorder":
        run("UPDATE audit_entry SET id = -1 WHERE id = %s", at)
        run("UPDATE audit_entry SET id = %s WHERE id = %s", at, at + 1)
        run("UPDATE audit_entry SET id = %s WHERE id = -1", at + 1)
    elif kind == "insert":
        run("UPDATE audit_entry SET id = -id - 1 WHERE id >= %s", at)
        run("UPDATE audit_entry SET id = -id WHERE id < 0")
        copied = {**Entry.objects.filter(id=at + 1).values(*ALL).get(), "id": at}
        Entry.objects.bulk_create([Entry(**{**copied, "hash": chain.digest(copied)})])
        run("UPDATE audit_head SET lines = %s", lines + 1)
        return at + 1 if at < lines else lines + 1
    else:
        run("DELETE FROM audit_entry WHERE id >= %s", at)
        last = Entry.objects.filter(id=at - 1).values_list("hash", flat=True).first() or chain.START
        run("UPDATE audit_head SET lines = %s, hash = %s", at - 1, last)
    return at


@pytest.mark.django_db(transaction=True)
def test_every_tampering_with_the_table_is_found_where_it_begins() -> None:
    written(30)
    checkpoints.make()
    drop_audit_triggers()
    chance = random.Random(5)
    for trial in range(TRIALS):
        kind, at = KINDS[trial % 5], chance.randint(1, 29)
        with transaction.atomic():
            broken = tamper(kind, at, 30)
            verdict = verify()
            assert verdict.first_broken in (broken, at), (kind, at, verdict)
            transaction.set_rollback(True)
    assert verify().holds


def exported(format: str) -> bytes:
    """Every third line, as a search would find: most have no neighbour in the file."""
    return b"".join(blocks(Entry.objects.filter(id__gt=5).exclude(id__contains="3").order_by("id"), format))


def rows_of(data: bytes, format: str) -> list[list[Any]]:
    if format == "jsonl":
        return [[json.loads(line)] for line in data.splitlines()]
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_bytes(rows: list[list[Any]], format: str) -> bytes:
    if format == "jsonl":
        return b"".join(chain.text(row[0]) + b"\n" for row in rows)
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def spoil(rows: list[list[Any]], kind: str, at: int, chance: random.Random) -> list[list[Any]]:
    """The rows of a file after tampering at a place among them (the headings of a table aside)."""
    row = rows[at]
    if kind == "delete":
        return rows[:at] + rows[at + 1 :]
    if kind == "reorder":
        other = at + 1 if at + 1 < len(rows) else at - 1
        rows[at], rows[other] = rows[other], rows[at]
        return rows
    if kind == "insert":
        return [*rows[:at], rows[chance.randint(1, len(rows) - 1)], *rows[at:]]
    if kind == "truncate":
        return rows[:at]
    if isinstance(row[0], dict):
        name = chance.choice(sorted(row[0]))
        changed = {**row[0], name: f"{row[0][name]}!"}
        # A clever one, who makes the hash anew.
        hashed = (
            {"hash": chain.digest(changed)} if "hash" in changed and name != "hash" and chance.random() < 0.5 else {}
        )
        return [*rows[:at], [changed | hashed], *rows[at + 1 :]]
    filled = [n for n, cell in enumerate(row) if cell and not (row[0] == "" and n < len(row) - 3)]
    place = ALL.index("detail") if row[0] == "" else chance.choice(filled)
    return [*rows[:at], [*row[:place], row[place].replace("1", "2") + "7", *row[place + 1 :]], *rows[at + 1 :]]


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_every_tampering_with_an_export_is_found(format: str, tmp_path: Path) -> None:
    written(30)
    data, file, chance = exported(format), tmp_path / "audit", random.Random(7)
    file.write_bytes(data)
    assert check(file, signing.public_keys()).holds
    for trial in range(TRIALS):
        kind, rows = KINDS[trial % 5], rows_of(data, format)
        at = chance.randint(1 if format == "csv" else 0, len(rows) - 1)
        file.write_bytes(as_bytes(spoil(rows, kind, at, chance), format))
        assert not check(file, signing.public_keys()).holds, (kind, at)


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_file_cut_at_any_byte_is_found(format: str, tmp_path: Path) -> None:
    written(8)
    data, file, chance = exported(format), tmp_path / "audit", random.Random(7)
    for _ in range(TRIALS):
        file.write_bytes(data[: chance.randint(0, len(data) - 3)])
        assert not check(file, signing.public_keys()).holds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoiled", "line"),
    [
        (lambda lines: lines[:2] + lines[3:], 8),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 6),
        (lambda lines: [*lines[:3], lines[3].replace(b"Somebody", b"Nobody"), *lines[4:]], 9),
        (lambda lines: lines[:2], 8),
    ],
    ids=["removed", "swapped", "changed", "cut"],
)
def test_the_first_broken_line_of_a_file_is_named(
    spoiled: Callable[[list[bytes]], list[bytes]], line: int, tmp_path: Path
) -> None:
    written(12)
    file = tmp_path / "audit.jsonl"
    file.write_bytes(b"\n".join(spoiled(exported("jsonl").splitlines())) + b"\n")
    verdict = check(file, signing.public_keys())
    assert verdict.first_broken == line
    assert str(line) in verdict.problem or "cut off after line 7" in verdict.problem


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hostile", [b'{"id":' * 100_000, b"[]", b"{}", b'"seal"', b"\xff\xfe", b"\x00" * 9, b'{"seal": []}']
)
def test_what_is_no_export_at_all_is_said_to_be_none(hostile: bytes, tmp_path: Path) -> None:
    written(2)
    file = tmp_path / "audit.jsonl"
    for beginning in (b"", exported("jsonl").partition(b"\n")[0] + b"\n"):
        file.write_bytes(beginning + hostile + b"\n")
        assert not check(file, signing.public_keys()).holds


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_file_whose_ends_of_lines_went_through_other_hands_holds(format: str, tmp_path: Path) -> None:
    written(5)
    file, data = tmp_path / "audit", exported(format).replace(b"\r\n", b"\n")
    for ends in (b"\n", b"\r\n"):
        file.write_bytes(data.replace(b"\n", ends))
        assert check(file, signing.public_keys()).holds


@pytest.mark.django_db
def test_a_file_of_many_blocks_holds_in_both_orders(tmp_path: Path) -> None:
    written(1_100)
    file = tmp_path / "audit.csv"
    for order in ("id", "-id"):
        file.write_bytes(b"".join(blocks(Entry.objects.order_by(order), "csv")))
        assert check(file, signing.public_keys()).lines == 1_100
        assert check(file, signing.public_keys()).holds


@pytest.mark.django_db
def test_a_file_sealed_by_a_stranger_is_refused(tmp_path: Path, settings: Any) -> None:
    written(3)
    ours, file = signing.public_keys(), tmp_path / "audit.jsonl"
    settings.AUDIT_SIGNING_KEYS = ["c3RyYW5nZXItc3RyYW5nZXItc3RyYW5nZXItc3RyYW4="]
    file.write_bytes(exported("jsonl"))
    assert "unknown key" in check(file, ours).problem
    assert check(file, signing.public_keys()).holds


@pytest.mark.django_db
def test_checkpoints_come_by_lines_and_by_time_and_never_twice() -> None:
    checkpoints.once()
    assert not Checkpoint.objects.exists()
    written(2)
    checkpoints.once()
    checkpoints.once()
    written(1)
    checkpoints.once()
    assert [each.lines for each in Checkpoint.objects.all()] == [2]
    written(checkpoints.EVERY_LINES)
    checkpoints.once()
    assert Checkpoint.objects.order_by("-lines")[0].lines == Head.objects.get().lines
    assert verify().holds


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["DELETE FROM audit_checkpoint", "UPDATE audit_checkpoint SET lines = 1"])
def test_the_database_refuses_to_change_or_remove_a_checkpoint(statement: str) -> None:
    written(2)
    checkpoints.make()
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)


@pytest.mark.django_db
def test_the_shell_prints_the_key_and_checks_a_file_by_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(8)
    file = tmp_path / "audit.jsonl"
    file.write_bytes(exported("jsonl"))
    call_command("audit", "key")
    key = capsys.readouterr().out.strip()
    call_command("audit", "verify", str(file), key=key)
    assert "All 3 lines" in capsys.readouterr().out
    with pytest.raises(CommandError, match="unknown key"):
        call_command("audit", "verify", str(file), key="0" * 64)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("audit", "verify", str(tmp_path / "none"))


@pytest.mark.django_db
def test_a_log_with_a_checkpoint_of_unknown_origin_is_not_trusted() -> None:
    written(3)
    checkpoints.make()
    assert verify().holds
    assert "unknown key" in verify(keys=["0" * 64]).problem
