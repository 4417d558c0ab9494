"""`manage.py coverage` counts from the code and from the contract's record."""

import ast
import json
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from klaviyo_admin.areas import AREAS, reach
from klaviyo_admin.klaviyo.catalogue import operation, operations
from klaviyo_admin.klaviyo.tools import tools
from klaviyo_admin.management.reach import recorded
from tests.fakes import ROOT


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


def test_what_an_area_declares_is_reachable_and_nothing_else() -> None:
    found = {row["id"]: row for row in json.loads(run("--json")[0])["operations"]}
    declared = {operation(name).id for area in AREAS for name in area.operations()}
    assert {name for name, row in found.items() if row["reachable"]} == declared
    assert found["create_list"]["screens"][0]["label"] == "New list"
    assert all(bool(row["screens"]) == row["reachable"] for row in found.values())


def test_a_tool_counts_only_with_all_of_its_operations() -> None:
    document = json.loads(run("--json")[0])
    reached = {row["id"] for row in document["operations"] if row["reachable"]}
    for tool in document["tools"]:
        assert tool["reachable"] == (set(tool["operations"]) <= reached)
    assert document["totals"]["seed_tools_reachable"] == sum(tool["reachable"] for tool in document["tools"])


def test_the_tests_that_are_named_exist() -> None:
    names = {test.partition("[")[0] for one in operations() for test in reach.tests(one.id)}
    for file, tests in groupby(sorted(names), key=lambda name: name.partition("::")[0]):
        defined = {node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)}
        assert {name.partition("::")[2] for name in tests} <= defined, file


def test_what_the_tests_of_screens_recorded_is_read_together(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"get_lists": ["tests/pages/test_lists.py::test_a"]}')
    (tmp_path / "b.json").write_text('{"get_lists": ["tests/pages/test_promises.py::test_b"]}')
    assert recorded(tmp_path) == {"get_lists": "tests/pages/test_promises.py::test_b"}
    with pytest.raises(CommandError, match="No tests of pages"):
        run("--keep")


def test_every_old_tool_stands_for_operations_that_exist() -> None:
    assert len(tools()) == 225
    assert all(operation(ident).id == ident for idents in tools().values() for ident in idents)
