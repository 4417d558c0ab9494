"""On which screens each operation of Klaviyo's API is reached, as the areas declare it, and which tests went there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from klaviyo_admin.areas import AREAS, Area
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.klaviyo.catalogue import operation, operations
from klaviyo_admin.klaviyo.tools import tools

# One line for an operation and a test that reached it on a screen; `manage.py coverage --keep` writes it after a run.
TABLE = Path(__file__).parent / "tested.tsv"
CONSOLE_TESTS = "tests/pages/test_console_operations.py"


@dataclass(frozen=True, slots=True)
class Spot:
    """One screen where an operation is asked or proposed. `url_name` and `keys` are its address within an account; of what
    stands on the page of a thing, that of the list in which the thing is found."""

    area: str
    label: str
    url_name: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """An old tool, and what stands for it here: it is replaced when each of its operations has a screen."""

    name: str
    operations: tuple[str, ...]
    reachable: bool


@lru_cache(maxsize=1)
def spots() -> Mapping[str, tuple[Spot, ...]]:
    """The screens of each operation that has one, the console left out."""
    found: dict[str, dict[Spot, None]] = {}
    for area in AREAS:
        for name, spot in _declared(area):
            found.setdefault(operation(name).id, {})[spot] = None
    return MappingProxyType({name: tuple(places) for name, places in found.items()})


def old_tools() -> tuple[Tool, ...]:
    reached = spots().keys()
    return tuple(Tool(name, idents, reached >= set(idents)) for name, idents in tools().items())


@lru_cache(maxsize=1)
def screen_tests() -> Mapping[str, str]:
    """For each operation a test that reached it on a screen other than the console, when all tests last ran."""
    if not TABLE.exists():
        return {}
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:])
    return MappingProxyType({row[0]: row[1] for row in rows})


def tests(name: str) -> tuple[str, ...]:
    """The tests of an operation, as pytest names them: that of its screen if there is one, and that of the console."""
    writes = operation(name).writes
    console = "test_a_write_is_proposed_as_it_was_filled_in" if writes else "test_a_read_runs_and_shows_what_came"
    own = screen_tests().get(name)
    return (*((own,) if own else ()), f"{CONSOLE_TESTS}::{console}[{name}]")


def keep(found: Mapping[str, str]) -> None:
    """Writes the table anew: operations and the tests that reached them."""
    known = [one.id for one in operations() if one.id in found]
    lines = ["operation\ttest", *(f"{name}\t{found[name]}" for name in sorted(known))]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    screen_tests.cache_clear()


def _declared(area: Area) -> Iterator[tuple[str, Spot]]:
    for resource in area.resources:
        yield from _of_resource(area, resource)
    for place in area.places:
        for name in place.operations:
            yield name, Spot(area.label, place.label, place.url_name)


def _of_resource(area: Area, resource: Resource) -> Iterator[tuple[str, Spot]]:
    where = ("resource-list", (resource.key,))
    many = resource.many[:1].upper() + resource.many[1:]
    one = f"{'an' if resource.one[0] in 'aeiou' else 'a'} {resource.one}"
    if resource.source.list:
        yield resource.source.list, Spot(area.label, many, *where)
    if resource.source.item:
        yield resource.source.item, Spot(area.label, f"Page of {one}", *where)
    for tab in resource.tabs:
        for name in filter(None, (tab.operation, tab.ids)):
            yield name, Spot(area.label, f"Page of {one}: {tab.label}", *where)
    for action in resource.actions:
        new = ("act", (resource.key, action.key))
        for name in action.operations:
            label = action.verb if action.on == "new" else f"{action.verb} ({resource.one})"
            yield name, Spot(area.label, label, *(new if action.on == "new" else where))
