"""The audit as a file: every line, safe for a spreadsheet, and provable without this program."""

import csv
import hashlib
import io
import json

import pytest
from django.db import transaction

from klaviyo_admin.audit.log import record
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.search import Question
from klaviyo_admin.exports.audit_file import blocks

pytestmark = pytest.mark.django_db


def written(count: int = 3) -> None:
    with transaction.atomic():
        for n in range(count):
            record("login", sentence=f"=cmd|'{n}' “ÿ” logged in.\n", detail={"n": n, "ünder": [None, True, "x"]})


def test_a_json_line_gives_its_hash_by_the_standard_library_alone() -> None:
    written()
    lines = b"".join(blocks(Question(frozenset([None])).entries().order_by("id"), "jsonl")).decode().splitlines()
    previous = "0" * 64
    assert json.loads(lines[-1])["last"]
    for line in lines[:-1]:
        columns = json.loads(line)
        claimed = columns.pop("hash")
        text = json.dumps(columns, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == claimed
        assert columns["previous_hash"] == previous
        previous = claimed
    assert len(lines) == 4


def test_the_table_has_every_column_and_calculates_nothing() -> None:
    written(1)
    data = b"".join(blocks(Question(frozenset([None])).entries(), "csv")).decode("utf-8-sig")
    row, seal = csv.DictReader(io.StringIO(data, newline=""))
    assert set(row) == {field.attname for field in Entry._meta.concrete_fields}
    assert row["sentence"].startswith("'=cmd")
    assert seal["sentence"] == "Seal 1 over the 1 lines above. The file ends here."
    assert json.loads(row["detail"]) == {"n": 0, "ünder": [None, True, "x"]}


def test_thousands_of_lines_leave_whole_and_newest_first() -> None:
    written(1_100)
    lines = b"".join(blocks(Question(frozenset([None])).entries(), "jsonl")).splitlines()
    read = [json.loads(line) for line in lines]
    assert [seal["ids"] for seal in read if "seal" in seal] == ["1100-601", "600-101", "100-1"]
    assert [line["id"] for line in read if "seal" not in line] == list(range(1_100, 0, -1))
