"""`manage.py coverage` counts from the code and from the contract's record."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from klaviyo_admin.klaviyo.catalogue import operation, operations
from klaviyo_admin.klaviyo.tools import tools
from klaviyo_admin.management.reach import named, reachable


@pytest.fixture(autouse=True)
def nothing_recorded(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def run(*words: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("coverage", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_all_operations_have_a_room_in_the_sandbox() -> None:
    document = json.loads(run("--json")[0])
    assert document["totals"]["operations"] == document["totals"]["implemented"] == 345
    assert document["totals"]["seed_tools"] == 225
    assert [row["id"] for row in document["operations"]] == [found.id for found in operations()]


def test_without_a_record_nothing_was_tested_and_that_is_said() -> None:
    out, remark = run("--json")
    assert json.loads(out)["totals"]["contract_tested"] == 0
    assert "contract" in remark


def test_what_the_contract_recorded_is_counted(tmp_path: Path) -> None:
    (tmp_path / "contract-record.json").write_text('{"operations": ["get_profiles", "get_lists"]}')
    out, remark = run("--json")
    document = json.loads(out)
    assert document["totals"]["contract_tested"] == 2
    assert {row["id"] for row in document["operations"] if row["contract_tested"]} == {"get_profiles", "get_lists"}
    assert not remark


def test_the_table_ends_with_the_totals() -> None:
    assert "implemented: 345" in run()[0]


def test_what_an_area_asks_or_sends_is_reachable_and_nothing_else() -> None:
    assert {"get_profiles", "get_list", "update_list", "create_list"} <= reachable()
    assert "delete_flow" not in reachable()
    source = 'ask("get_list")\nLISTED = ["get_flows"]\nTarget(read="get_tag")\n'
    assert sorted(named(source)) == ["get_list", "get_tag"]


def test_every_old_tool_stands_for_operations_that_exist() -> None:
    assert len(tools()) == 225
    assert all(operation(ident).id == ident for idents in tools().values() for ident in idents)
