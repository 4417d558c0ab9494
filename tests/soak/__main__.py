"""`make soak`: the tests that kill, race and try at random, in full, on SQLite and on PostgreSQL.

python -m tests.soak [--only sqlite|postgresql] [--small] [pytest arguments]
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.soak import postgresql

ROOT = Path(__file__).resolve().parent.parent.parent
# The database makes no difference to them: every kind of page that links lead to, and every page with every misfit.
PAGES = ["tests/browser/test_looks.py", "tests/pages/test_misfits.py"]
LINES = "tests/soak/test_many_lines.py"
RACES = [f"tests/changes/test_{name}.py" for name in ("killed_workers", "many_workers", "races", "any_sequence")]


def main(arguments: list[str]) -> int:
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
    small = "--small" in arguments
    rest = [each for each in arguments if each not in ("--only", only, "--small")]
    failed = 0
    if only in ("", "sqlite"):
        failed += tried("SQLite", {}, small, rest, [*RACES, LINES, *PAGES])
    if only in ("", "postgresql"):
        with postgresql.running() as url:
            what = RACES if small else [*RACES, LINES]  # in small, the suite has the lines on SQLite
            failed += tried("PostgreSQL", {"DATABASE_URL": url, "BENCH_DATABASE_URL": url}, small, rest, what)
    return 1 if failed else 0


def tried(name: str, extra: dict[str, str], small: bool, rest: list[str], what: list[str]) -> int:
    """Runs the tests on one database and says how long they took; 1 if any failed."""
    begun = time.monotonic()
    environment = os.environ | extra | ({} if small else {"SOAK": "yes"})
    command = [sys.executable, "-m", "pytest", *what, "-rs", "--durations=8", "-s", *rest]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    sys.stdout.write(f"{name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - begun:.0f} s\n")
    sys.stdout.flush()
    return int(code != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
