"""A plugin of pytest (see addopts): lets several workers run tests at once without sharing files, and keeps together what
shares something slow."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Where a run leaves what others read afterwards, whatever folder of its own a worker has.
COMMON = Path(os.environ.get("DATA_DIR", ROOT / "var"))
# A demo, a browser or a shop with the official client is started once for all tests of such a folder.
TOGETHER = ("contract", "browser")

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["DATA_DIR"] = str(COMMON / worker)


def pytest_itemcollected(item: pytest.Item) -> None:
    """A worker gets whole files, or all of a slow folder."""
    item.add_marker(pytest.mark.xdist_group(group(item)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """It begins with the slow folders, so that no worker is left with one at the end."""
    items.sort(key=lambda item: group(item) not in TOGETHER)


def group(item: pytest.Item) -> str:
    folder = item.path.parent.name
    return folder if folder in TOGETHER else item.path.relative_to(ROOT).as_posix()
