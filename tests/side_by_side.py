"""A plugin of pytest (see addopts): lets several workers run tests at once without sharing files, and keeps together what
shares something slow."""

import os
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
# Where a run leaves what others read afterwards, whatever folder of its own a worker has.
COMMON = Path(os.environ.get("DATA_DIR", ROOT / "var"))
# A demo, a browser, a shop with the official client or a PostgreSQL is started once for all tests of such a folder.
TOGETHER = ("tests/browser", "tests/browser/areas", "tests/contract", "tests/soak")

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["DATA_DIR"] = str(COMMON / worker)


# Tests of pages ask nothing of each other, and some of these files are most of the suite: they are dealt out one by one.
APART = ("tests/pages/",)


class Together(LoadScopeScheduling):
    """Gives a worker whole files, all of a slow folder, or single tests of the long files."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(APART) else group(nodeid)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than cores: a test that drives a browser or a server of its own mostly waits."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow folders come first, so that no worker is left with one at the end."""
    items.sort(key=lambda item: group(item.nodeid) not in TOGETHER)


def group(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    folder = file.rpartition("/")[0]
    return folder if folder in TOGETHER else file
