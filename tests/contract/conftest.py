"""One sandbox on a socket for the whole contract, and the record of what was really asked of it."""

import json
from collections.abc import Iterator

import pytest

from tests.contract.official import Official
from tests.fakes import RunningSandbox
from tests.side_by_side import COMMON


@pytest.fixture(scope="session")
def shop() -> Iterator[Official]:
    """The official client at a small shop whose jobs are quick. At the end the record of its operations is written."""
    with RunningSandbox(profiles=80, speed=20) as box:
        found = Official(box)
        yield found
        found.close()
        told = sorted({line["operation"] for line in box.requests() if 200 <= (line["status"] or 0) < 300})
    record = COMMON / "contract-record.json"
    record.write_text(json.dumps({"operations": told}, indent=1) + "\n", encoding="utf-8")
