"""The stage of the change engine (people, account, sandbox in this process), for uploads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.changes.stage import Stage, set_up


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path
    with set_up() as made:
        yield made
