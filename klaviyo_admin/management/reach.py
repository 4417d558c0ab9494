"""What of the API is covered: rooms of the sandbox, the contract's record, the screens of the areas, and their tests."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from klaviyo_admin.areas import reach
from klaviyo_admin.klaviyo.catalogue import operations
from klaviyo_admin.sandbox.rooms import ROOMS


@dataclass(frozen=True, slots=True)
class Covered:
    """What is done about one operation. `contract_tested`: the official client was answered when the contract last ran.
    `screens` are its places in the dashboard, the console left out; `tests` those that reach it on a screen or in the console."""

    id: str
    implemented: bool
    contract_tested: bool
    reachable: bool
    screens: tuple[reach.Spot, ...]
    tests: tuple[str, ...]


def covered(record: Path) -> tuple[Covered, ...]:
    """All operations. A record that is not there counts as one in which nothing was asked."""
    tested, found = _told(record), reach.spots()
    return tuple(
        Covered(o.id, o.id in ROOMS, o.id in tested, o.id in found, found.get(o.id, ()), reach.tests(o.id))
        for o in operations()
    )


def totals(found: tuple[Covered, ...]) -> dict[str, int]:
    """How many of all; a tool can be replaced when each of its operations has a screen other than the console."""
    old = reach.old_tools()
    return {
        "operations": len(found),
        "implemented": sum(one.implemented for one in found),
        "contract_tested": sum(one.contract_tested for one in found),
        "in_console": len(found),
        "reachable": sum(one.reachable for one in found),
        "screen_tested": len(reach.screen_tests()),
        "seed_tools": len(old),
        "seed_tools_reachable": sum(tool.reachable for tool in old),
    }


def recorded(folder: Path) -> dict[str, str]:
    """For each operation the test that reached it on a screen, from the records of the last run in this folder: one of the
    promises of every area if there is one."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        kept: dict[str, Any] = json.loads(path.read_bytes())
        for name, tests in kept.items():
            best = min([*tests, *([found[name]] if name in found else [])], key=_by_promise)
            found[name] = best
    return found


def _by_promise(test: str) -> tuple[bool, str]:
    return "test_promises" not in test, test


def _told(record: Path) -> frozenset[str]:
    return frozenset(json.loads(record.read_bytes())["operations"]) if record.exists() else frozenset()
