"""The shared stores: nothing is lost between threads, processes and restarts."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from klaviyo_admin.budgets import sharing
from klaviyo_admin.budgets.embedded import File
from klaviyo_admin.budgets.server import Table
from klaviyo_admin.klaviyo.limits import StoreDown

_spawn = multiprocessing.get_context("spawn")


def one_more(kept: bytes, now: float) -> tuple[bytes, int]:
    number = int(kept or b"0") + 1
    return str(number).encode(), number


def count(path: str, times: int) -> None:
    store = File(path)
    for _ in range(times):
        store.change("a", one_more)


def number(store: Any, name: str = "a") -> int:
    return int(store.change(name, lambda kept, now: (None, kept)) or b"0")


def test_processes_and_threads_share_every_change(tmp_path: Path) -> None:
    path = str(tmp_path / "budgets")
    processes = [_spawn.Process(target=count, args=(path, 100)) for _ in range(3)]
    threads = [threading.Thread(target=count, args=(path, 100)) for _ in range(2)]
    for one in [*processes, *threads]:
        one.start()
    for one in [*processes, *threads]:
        one.join()
    assert number(File(path)) == 500


def test_a_budget_survives_a_restart(tmp_path: Path) -> None:
    first = File(tmp_path / "budgets")
    first.change("a", one_more)
    first.close()
    assert (number(File(tmp_path / "budgets")), number(first)) == (1, 1)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_opens_the_file_for_itself(tmp_path: Path) -> None:
    store = File(tmp_path / "budgets")
    store.change("a", one_more)
    child = multiprocessing.get_context("fork").Process(target=store.change, args=("a", one_more))
    child.start()
    child.join()
    assert child.exitcode == 0
    store.change("a", one_more)
    assert number(store) == 3


def test_a_move_that_fails_changes_nothing(tmp_path: Path) -> None:
    store = File(tmp_path / "budgets")

    def fail(kept: bytes, now: float) -> tuple[bytes, None]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.change("a", fail)
    store.change("a", one_more)
    assert number(store) == 1


@pytest.mark.parametrize("spoil", [lambda path: path.mkdir(), lambda path: path.write_bytes(b"no database" * 100)])
def test_a_file_that_cannot_be_used_is_a_store_that_is_down(tmp_path: Path, spoil: Callable[[Path], Any]) -> None:
    spoil(tmp_path / "budgets")
    with pytest.raises(StoreDown):
        File(tmp_path / "budgets").change("a", one_more)


def test_the_store_is_where_the_database_is() -> None:
    if connection.vendor == "postgresql":
        assert isinstance(sharing.store(), Table)
    else:
        assert isinstance(sharing.store(), File)
        assert (Path(settings.DATA_DIR) / sharing.FILE).parent.exists()


def test_a_server_that_is_away_is_a_store_that_is_down() -> None:
    with pytest.raises(StoreDown):
        Table(lambda: {"host": "127.0.0.1", "port": 1, "connect_timeout": 2}).change("a", one_more)


SERVER = os.environ.get("BUDGETS_TEST_SERVER", "")


@pytest.mark.skipif(not SERVER, reason="needs PostgreSQL: BUDGETS_TEST_SERVER='host=… port=… user=… dbname=…'")
def test_machines_share_every_change_in_postgresql() -> None:
    with psycopg.connect(SERVER, autocommit=True) as admin:
        admin.execute("DROP TABLE IF EXISTS budgets_budget")
        admin.execute("CREATE TABLE budgets_budget (name varchar(300) PRIMARY KEY, ledger bytea NOT NULL)")
    stores = [Table(lambda: psycopg.conninfo.conninfo_to_dict(SERVER)) for _ in range(4)]

    def work(store: Table) -> None:
        for _ in range(100):
            store.change("a", one_more)

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert number(stores[0]) == 400
    for store in stores:
        store.close()
