"""How quickly the sandbox sows a large shop, in how much memory, and how quickly it then answers over its socket."""

import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.fakes import RunningSandbox

KEY = "pk_sandbox_full_access"
PROFILES = 100_000
CALLS = 300
HURRY = 40  # calls between two moves of the clock, so that no rate limit is met


def entries() -> Iterator[tuple[str, Callable[[], str]]]:
    yield f"{PROFILES:,} profiles sown, then read", lambda: sown(PROFILES)
    yield "5,000 profiles, first and second start", twice


def sown(profiles: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        file = Path(folder) / "shop.sqlite3"
        with RunningSandbox(database=file, profiles=profiles) as sandbox:
            seconds = time.perf_counter() - started
            load, peak = os.getloadavg()[0], _peak(sandbox.pid)
            with sandbox.client(KEY) as client:
                emails = _emails(sandbox, client)
                pages = [_spread(_timed(sandbox, client, _walk(size))) for size in (20, 100)]
                single = _spread(_timed(sandbox, client, (_by_email(email) for email in emails)))
            reading = _peak(sandbox.pid)
        with closing(sqlite3.connect(file)) as db:
            people, events = (db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("profile", "event"))
    return (
        f"{seconds / profiles * 100_000:.1f} s for each 100,000 at load {load:.1f} (target 60), {events / people:.1f} events each, peak {peak:.0f} MB, "
        f"{reading:.0f} MB after reading (target 1,024); median and p95 of a page of 20 {pages[0]}, "
        f"of 100 {pages[1]} (target 30), by e-mail {single} (target 10) at load {os.getloadavg()[0]:.1f}"
    )


def twice() -> str:
    """Whole processes, from the command to the line that says ready."""
    with tempfile.TemporaryDirectory() as folder:
        starts = []
        for _ in range(2):
            started = time.perf_counter()
            with RunningSandbox(database=Path(folder) / "shop.sqlite3", profiles=5000):
                starts.append(time.perf_counter() - started)
    return f"{starts[0]:.1f} s, then {starts[1]:.2f} s (target 10, then 1)"


def _peak(pid: int) -> float:
    """The most memory that a process had, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


Ask = Callable[[httpx.Client], httpx.Response]


def _timed(sandbox: RunningSandbox, client: httpx.Client, asks: Iterator[Ask]) -> list[float]:
    """Milliseconds of each answer as the caller waits for it."""
    found = []
    for number, ask in enumerate(asks):
        if number % HURRY == 0:
            sandbox.advance(60)
        started = time.perf_counter()
        answer = ask(client)
        found.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]
    return found


def _spread(times: list[float]) -> str:
    """The median beside the 95th percentile: on a busy machine they part."""
    found = sorted(times)
    return f"{found[len(found) // 2]:.1f} and {found[len(found) * 95 // 100]:.1f} ms"


def _walk(size: int) -> Iterator[Ask]:
    """One page after another, from the newest people back."""
    following: dict[str, str] = {}

    def ask(client: httpx.Client) -> httpx.Response:
        if "next" in following:
            answer = client.get(following["next"])
        else:
            answer = client.get("/api/profiles", params={"page[size]": size, "sort": "-created"})
        following.update(answer.json()["links"])
        return answer

    return (ask for _ in range(CALLS))


def _by_email(email: str) -> Ask:
    return lambda client: client.get("/api/profiles", params={"filter": f'equals(email,"{email}")'})


def _emails(sandbox: RunningSandbox, client: httpx.Client) -> list[str]:
    """Addresses from all over the shop: of the first who came after moments of the last three years."""
    chance, found, now = random.Random(7), [], datetime.now(UTC)
    for number in range(CALLS):
        if number % HURRY == 0:
            sandbox.advance(60)
        moment = now - timedelta(days=chance.uniform(2, 1000))
        params: dict[str, Any] = {
            "page[size]": 3,
            "sort": "created",
            "filter": f"greater-than(created,{moment:%FT%TZ})",
        }
        data = client.get("/api/profiles", params=params).json()["data"]
        found += [profile["attributes"]["email"] for profile in data if profile["attributes"]["email"]][:1]
    return found
