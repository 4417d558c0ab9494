"""The 225 tools that an older server over the same API had: which operations each of them stood for."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).parent / "operations" / "tools.tsv"


@lru_cache(maxsize=1)
def tools() -> Mapping[str, tuple[str, ...]]:
    """The ids of operations by the name of the tool."""
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines()[1:])
    return MappingProxyType({name: tuple(idents.split(",")) for name, idents in rows})
