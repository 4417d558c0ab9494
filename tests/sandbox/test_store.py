"""The sandbox's file: what a killed sowing leaves behind, and indexes that are built after the load."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from klaviyo_admin.sandbox.store import Store, unindexed
from tests.fakes import ROOT

# Writes more than the page cache holds, so that part of it is in the file when the process is gone.
KILLED = """
import os, signal, sys
from klaviyo_admin.sandbox.store import Store
with Store(sys.argv[1]).change() as db:
    for number in range(100):
        db.execute("INSERT INTO fact VALUES (?, zeroblob(1000000))", (str(number),))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def index_names(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}


def test_a_sowing_that_was_killed_leaves_no_trace(tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite3"
    ended = subprocess.run([sys.executable, "-c", KILLED, str(file)], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert file.stat().st_size > 10_000_000
    store = Store(str(file))
    with store.look() as db:
        assert db.execute("SELECT count(*) FROM fact").fetchone()[0] == 0
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    store.close()


def test_indexes_are_off_during_a_load_and_the_same_afterwards() -> None:
    store = Store(":memory:")
    with store.change() as db:
        before = index_names(db)
        with unindexed(db, "profile", "event"):
            assert index_names(db).isdisjoint({"profile_email", "event_at", "event_once"})
            assert "circle_id" in index_names(db)
        assert index_names(db) == before
    store.close()
