"""The tests that kill, race and try at random, in small, on a PostgreSQL of their own: what SQLite forgives, it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak import postgresql

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        postgresql.binaries() is None and not os.environ.get("CI"),
        reason="PostgreSQL is not installed (Debian: apt-get install postgresql)",
    ),
]


def test_what_holds_on_sqlite_holds_on_postgresql(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "tests.soak", "--only", "postgresql", "--small"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment | {"DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
