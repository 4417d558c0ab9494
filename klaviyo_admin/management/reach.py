"""What of the API is covered, counted from the code: rooms of the sandbox, the contract's record, and the areas."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from klaviyo_admin import areas
from klaviyo_admin.klaviyo.catalogue import UnknownOperation, operation, operations
from klaviyo_admin.klaviyo.tools import tools
from klaviyo_admin.sandbox.rooms import ROOMS


@dataclass(frozen=True, slots=True)
class Covered:
    """What is done about one operation. `contract_tested`: the official client was answered when the contract last ran."""

    id: str
    implemented: bool
    contract_tested: bool
    reachable: bool


def covered(record: Path) -> tuple[Covered, ...]:
    """All operations. A record that is not there counts as one in which nothing was asked."""
    tested, reached = _told(record), reachable()
    return tuple(Covered(o.id, o.id in ROOMS, o.id in tested, o.id in reached) for o in operations())


def totals(found: tuple[Covered, ...]) -> dict[str, int]:
    """How many of all; a tool can be replaced when each of its operations can be reached."""
    reached = {one.id for one in found if one.reachable}
    return {
        "operations": len(found),
        "implemented": sum(one.implemented for one in found),
        "contract_tested": sum(one.contract_tested for one in found),
        "reachable": len(reached),
        "seed_tools": len(tools()),
        "seed_tools_reachable": sum(reached.issuperset(idents) for idents in tools().values()),
    }


def reachable() -> frozenset[str]:
    """The operations that the code of the areas names: what their pages ask, and what their changes send."""
    folder = Path(areas.__file__).parent
    return frozenset(name for path in folder.rglob("*.py") for name in named(path.read_text(encoding="utf-8")))


def named(source: str) -> Iterator[str]:
    """The ids of operations that a source gives to a call as they are; words in sentences and lists do not count."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            for given in (*node.args, *(keyword.value for keyword in node.keywords)):
                if isinstance(given, ast.Constant) and isinstance(given.value, str) and _is_one(given.value):
                    yield operation(given.value).id


def _is_one(text: str) -> bool:
    try:
        return bool(operation(text))
    except UnknownOperation:
        return False


def _told(record: Path) -> frozenset[str]:
    return frozenset(json.loads(record.read_bytes())["operations"]) if record.exists() else frozenset()
