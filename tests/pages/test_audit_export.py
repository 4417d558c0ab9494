"""The audit as a file: for auditors, narrowed by the search, and on record itself."""

import csv
import hashlib
import io
import json

import pytest
from django.db import transaction

from klaviyo_admin.audit.log import record
from klaviyo_admin.audit.models import Entry
from tests.pages.conftest import Shop


def written(shop: Shop) -> None:
    with transaction.atomic():
        record("change.proposed", sentence="Rename the list “A” to “B”.", account=shop.account, change_id=7)
        record("change.approved", sentence="Approved: Rename the list.", account=shop.account, change_id=7)
        record("login", sentence="Somebody logged in.")


def test_the_export_holds_what_the_search_finds_oldest_first_with_hashes(shop: Shop) -> None:
    written(shop)
    answer = shop.browser("auditor").get(shop.url("audit/export/"), {"format": "jsonl", "change": "7"})
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert lines.pop()["last"]
    assert [line["action"] for line in lines] == ["change.proposed", "change.approved"]
    assert lines[0]["hash"] == lines[1]["previous_hash"]
    claimed = lines[1].pop("hash")
    plain = json.dumps(lines[1], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(plain.encode()).hexdigest() == claimed
    assert "attachment" in answer["Content-Disposition"]


def test_the_export_is_on_record_with_who_and_what(shop: Shop) -> None:
    written(shop)
    b"".join(shop.browser("auditor").get(shop.url("audit/export/?format=csv&words=Rename")).streaming_content)
    entry = Entry.objects.get(action="export.audit")
    assert entry.person_id == shop.people["auditor"].pk
    assert entry.detail == {"format": "csv", "lines": 2, "search": {"words": "(typed)"}}


def test_the_table_opens_in_a_spreadsheet(shop: Shop) -> None:
    written(shop)
    answer = shop.browser("auditor").get(shop.url("audit/export/?format=csv&change=7"))
    data = b"".join(answer.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows.pop()["action"] == "seal"
    assert [row["sentence"] for row in rows] == ["Rename the list “A” to “B”.", "Approved: Rename the list."]


@pytest.mark.parametrize("role", ["viewer", "marketer"])
def test_only_those_who_may_audit_may_export(shop: Shop, role: str) -> None:
    assert shop.browser(role).get(shop.url("audit/export/?format=csv")).status_code == 403
    assert not Entry.objects.filter(action="export.audit").exists()


@pytest.mark.parametrize("query", ["format=xlsx", "format=csv&change=x"])
def test_what_cannot_be_exported_is_said(shop: Shop, query: str) -> None:
    assert shop.browser("auditor").get(shop.url(f"audit/export/?{query}")).status_code == 400
