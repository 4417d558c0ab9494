"""How fast the client is: against plain httpx, against Klaviyo's own client, and from a cold start."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
from klaviyo_api import KlaviyoAPI
from openapi_client.models import ProfileImportJobCreateQuery

from klaviyo_admin.areas.profiles.importing import Origin, build_import, encode, packed
from klaviyo_admin.budgets.embedded import File
from klaviyo_admin.klaviyo.client import Reader, Session
from klaviyo_admin.klaviyo.limits import Budget
from klaviyo_admin.klaviyo.values import Query
from tests.fakes import ROOT, sandbox_in_process

KEY = "pk_sandbox_full_access"
SLICE, ROUNDS = 0.5, 7  # seconds of one measurement, and how many of each, in turn
PEOPLE = 10_000


def entries() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "import and catalogue, fresh processes", cold
    yield "requests/s, one profile", lambda: requests(1)
    yield "requests/s, a page of 20 profiles", lambda: requests(20)
    yield "requests/s, a page of 100 profiles", lambda: requests(100)
    yield "10,000 profiles to a bulk import body", bodies


def cold() -> str:
    """Median milliseconds of several fresh interpreters."""
    area = _fresh("from klaviyo_admin.klaviyo import catalogue", "catalogue.operation('get_profiles')")
    full = _fresh("from klaviyo_admin.klaviyo import catalogue", "catalogue.operations()")
    whole = _fresh(
        "", "from klaviyo_admin.klaviyo.client import Reader; from klaviyo_admin.klaviyo.catalogue import operation"
    )
    rival = _fresh("", "import klaviyo_api; klaviyo_api.KlaviyoAPI('pk_x').Profiles")
    return (
        f"one area {area:.0f} ms (target < 60), all 345 operations {full:.0f} ms; "
        f"import of the client {whole:.0f} ms, of the official client {rival:.0f} ms"
    )


def _fresh(before: str, timed: str) -> float:
    code = f"import time\n{before}\nt = time.perf_counter()\n{timed}\nprint((time.perf_counter() - t) * 1000)"
    runs = [subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True) for _ in range(5)]
    return statistics.median(float(run.stdout) for run in runs)


def requests(size: int) -> str:
    address = f"/api/profiles?page%5Bsize%5D={size}"
    with sandbox_in_process(profiles=120) as sandbox:
        body = sandbox.client(KEY).get(address).content
    with _server(body) as url, tempfile.TemporaryDirectory() as folder:
        plain = httpx.Client(
            base_url=url, headers={"Authorization": f"Klaviyo-API-Key {KEY}", "revision": "2026-07-15"}
        )
        reader = Reader(Session(url, KEY), Budget(File(Path(folder) / "budgets"), "bench"))
        official = KlaviyoAPI(KEY, test_host=url).Profiles
        rates = _in_turn(
            lambda: plain.get(address).json(),
            lambda: reader.page("get_profiles", query=Query(size=size)),
            lambda: official.get_profiles(page_size=size),
        )
        plain.close()
    bare, ours, theirs = rates
    return (
        f"Reader with its budget {ours:,.0f}, httpx {bare:,.0f}, official {theirs:,.0f}: {ours / bare:.2f} x httpx "
        f"(target 0.8), {ours / theirs:.1f} x official (target 3)"
    )


@contextmanager
def _server(body: bytes) -> Iterator[str]:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(body)
        command = [sys.executable, "-m", "tests.bench._canned", file.name]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()
            process.communicate()


def _in_turn(*calls: Callable[[], Any]) -> list[float]:
    """Calls a second of each, measured in turns so that whatever else the machine does meets all alike; medians."""
    for call in calls:
        call()
    rates: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, found in zip(calls, rates, strict=True):
            number, started = 0, time.perf_counter()
            while time.perf_counter() - started < SLICE:
                call()
                number += 1
            found.append(number / (time.perf_counter() - started))
    return [statistics.median(found) for found in rates]


def bodies() -> str:
    people = [
        {
            "email": f"person{n}@example.com",
            "first_name": "Ana",
            "last_name": f"Number {n}",
            "location": {"city": "Lisbon", "country": "Portugal", "zip": str(10_000 + n)},
            "properties": {"shoe_size": n % 50, "vip": n % 7 == 0},
        }
        for n in range(PEOPLE)
    ]
    job = {"profiles": {"data": [{"type": "profile", "attributes": person} for person in people]}}
    document = {"data": {"type": "profile-bulk-import-job", "attributes": job}}

    def official() -> bytes:
        model = ProfileImportJobCreateQuery.from_dict(document)
        assert model
        return orjson.dumps(model.to_dict())

    bare = _best(lambda: b",".join(chunk.profiles for chunk in packed(map(encode, people))))
    ours = _best(lambda: build_import(packed(map(encode, people)), Origin("people.csv")))
    models = _best(lambda: ProfileImportJobCreateQuery.from_dict(document))
    theirs = _best(official)
    return (
        f"bytes {bare * 1000:.0f} ms, with the check against the schema {ours * 1000:.0f} ms; official models "
        f"{models * 1000:.0f} ms, with their bytes {theirs * 1000:.0f} ms: {models / bare:.1f} x from models to bytes, "
        f"{theirs / ours:.1f} x for all (target 10)"
    )


def _best(call: Callable[[], Any]) -> float:
    """Seconds of the best of five: the others met something else on the machine."""
    found = []
    for _ in range(5):
        started = time.perf_counter()
        call()
        found.append(time.perf_counter() - started)
    return min(found)
