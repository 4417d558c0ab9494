"""How fast the audit is: lines written, found and proven.

On SQLite; with BENCH_DATABASE_URL on that PostgreSQL server, in a database that is made for it and dropped. The log has
100,000 lines, or as many as BENCH_AUDIT_LINES says: 1,000,000 take some minutes to put in.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from cryptography.fernet import Fernet

from tests.fakes import ROOT

LINES = int(os.environ.get("BENCH_AUDIT_LINES", "100000"))


def entries() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "append (target: 1,000/s on PostgreSQL)", lambda: figures("append")
    yield "search page (p95 150 ms), verify (50,000 lines/s)", lambda: figures("large", LINES)
    yield "a look on record (limit: 3 ms)", lambda: figures("read", 20_000)


def figures(*what: object) -> str:
    """What one measurement printed, made in a fresh process with a fresh database."""
    with tempfile.TemporaryDirectory() as folder, fresh() as url:
        # Settings as of an installation, not as of a test: SQLite writes ahead there.
        given = {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "klaviyo_admin.settings", "INSECURE_HTTP": "yes"}
        given |= {
            "STATIC_ROOT": f"{folder}/static",
            "SECRET_KEY": "bench",
            "SEALING_KEYS": Fernet.generate_key().decode(),
        }
        command = [sys.executable, "-m", "tests.bench._audit", *map(str, what)]
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}  # that one is in use
        made = subprocess.run(command, cwd=ROOT, env=env | given | url, capture_output=True, text=True)
    return made.stdout.strip() if made.returncode == 0 else f"failed: {made.stderr.strip()[-300:]}"


@contextmanager
def fresh() -> Iterator[dict[str, str]]:
    """An empty database of its own on the server of BENCH_DATABASE_URL, if there is one."""
    server = os.environ.get("BENCH_DATABASE_URL", "")
    if not server:
        yield {}
        return
    with psycopg.connect(server, autocommit=True) as control:
        control.execute("CREATE DATABASE klaviyo_admin_bench")
        try:
            yield {"DATABASE_URL": f"{server.rpartition('/')[0]}/klaviyo_admin_bench"}
        finally:
            control.execute("DROP DATABASE klaviyo_admin_bench WITH (FORCE)")
