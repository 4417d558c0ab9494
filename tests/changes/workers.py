"""Real workers on the test's own database, which can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Query
from tests.fakes import ROOT, RunningSandbox


class Worker:
    """`manage.py worker` in processes of its own, which can be killed whole."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        made = connection.settings_dict
        url = f"sqlite:///{made['NAME']}"
        if connection.vendor != "sqlite":
            url = f"postgres://{made['USER']}:{made['PASSWORD']}@{made['HOST']}:{made['PORT']}/{made['NAME']}"
        own = {"DATABASE_URL": url, "DATA_DIR": str(folder), "SANDBOX_URL": sandbox.url, "DJANGO_ENV": "test"}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=os.environ | own, stdout=subprocess.PIPE, text=True
        )

    def ready(self) -> "Worker":
        assert self.process.stdout
        with self.process.stdout as said:
            assert said.readline() == "worker ready\n"
        return self

    def family(self) -> list[int]:
        listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        parents = {int(line.split()[0]): int(line.split()[1]) for line in listed.splitlines()}
        found = [self.process.pid]
        while more := [pid for pid, parent in parents.items() if parent in found and pid not in found]:
            found += more
        return found

    def kill(self) -> None:
        """SIGKILL to every process of it, workers first, as when the power fails."""
        for pid in reversed(self.family()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(10)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        if self.process.stdout:
            self.process.stdout.close()


def soon(condition: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def editing(account: Account, count: int, firm: str = "Firm") -> Intent:
    """One edit for each of so many profiles."""
    pages = api.reader(account).pages("get_profiles", query=Query(size=100))
    found = [item for page in pages for item in page.items][:count]
    intents = [profiles.edit([item], {"organization": f"{firm} {n}"}) for n, item in enumerate(found)]
    requests = tuple(request for intent in intents for request in intent.requests)
    return Intent("profiles.edit_many", f"Edit {len(requests)} profiles.", requests)
