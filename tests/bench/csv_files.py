"""CSV files of profiles: how fast they are read, understood and checked."""

import csv
import io
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from klaviyo_admin.areas.profiles.importing import packed
from klaviyo_admin.areas.sheets.reading import Opener, inspect, records
from klaviyo_admin.imports.checking import verdicts
from klaviyo_admin.imports.columns import analyse
from klaviyo_admin.imports.mapping import guess
from tests.imports.generated import difficult

CLEAN = 1_000_000
HEADINGS = ["Email", "Phone Number", "First Name", "Last Name", "City", "plan", "ltv", "signup", "note"]


def entries() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "10,000 difficult rows, analysed and checked", ten_thousand
    yield "1,000,000 clean rows, checked and packed", a_million


def ten_thousand() -> str:
    data = difficult().text.encode("utf-8-sig")
    open_: Opener = lambda: io.BytesIO(data)  # noqa: E731 a stream opened anew for each pass
    started = time.process_time()
    analysis = analyse(open_, "people.csv")
    read = time.process_time() - started
    choices = guess(analysis.layout.headings, analysis.kinds, analysis.empty)
    found = list(verdicts(records(open_, analysis.layout), analysis.layout, choices, "US"))
    whole = time.process_time() - started
    good = sum(1 for _, encoded, _ in found if encoded)
    return f"{whole:.2f} s of CPU ({read:.2f} s of it analysis); {len(found):,} records, {good:,} good"


def a_million() -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        write(path)
        bare = seconds(partial(bare_reading, path))
        whole = seconds(partial(checked, path))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{CLEAN / whole:,.0f} rows for each second of CPU; {whole / bare:.1f} × csv.reader alone; peak {peak} MB"


def write(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for n in range(CLEAN):
            phone, note = f"+1212{2_000_000 + n:07d}", "a note, with a comma" if n % 3 else ""
            signup = f"2026-03-{n % 28 + 1:02d}"
            writer.writerow([f"p{n}@example.com", phone, "Zoë", "Hara", "Köln", "gold", n / 100, signup, note])


def bare_reading(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass


def checked(path: Path) -> None:
    open_: Opener = partial(path.open, "rb")
    layout = inspect(open_, path.name)
    choices = guess(layout.headings, {6: "number", 7: "date"})
    found = verdicts(records(open_, layout), layout, choices, "")
    total = sum(chunk.count for chunk in packed(encoded for _, encoded, _ in found if encoded))
    assert total == CLEAN, total


def seconds(work: Callable[[], None]) -> float:
    """CPU time, which the other work of the machine distorts least."""
    started = time.process_time()
    work()
    return time.process_time() - started
