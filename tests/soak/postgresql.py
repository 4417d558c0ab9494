"""A PostgreSQL of its own for a run of the tests: started in a folder, gone afterwards. Needs Debian's package."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, the newest one; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    known = shutil.which("initdb")
    return Path(known).resolve().parent if known else None


@contextmanager
def running() -> Iterator[str]:
    """The DATABASE_URL of a fresh server on a free port of this machine. Raises FileNotFoundError if there is none."""
    where = binaries()
    if where is None:
        raise FileNotFoundError("PostgreSQL is not installed (Debian: apt-get install postgresql).")
    with tempfile.TemporaryDirectory(prefix="klaviyo-admin-postgresql-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        if os.getuid() == 0:  # it refuses to run as root
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        _run(where, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C")
        listen = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        _run(where, "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", listen, "start")
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(where, "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _run(where: Path, program: str, *arguments: str) -> None:
    as_postgres = {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid} if os.getuid() == 0 else {}
    command = [str(where / program), *arguments]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, **as_postgres)  # type: ignore[call-overload]  # the keywords come as a dict
