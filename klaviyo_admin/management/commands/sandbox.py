"""`manage.py sandbox`: a stand-in for Klaviyo on this machine, for the demo, for rehearsals and for tests."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from klaviyo_admin.sandbox.keys import KEYS
from klaviyo_admin.sandbox.server import serve
from klaviyo_admin.sandbox.service import Sandbox

# SQLite's names for a database that is forgotten: held in memory, or in a file that nobody else sees. A large shop would
# take a gigabyte and more of memory.
_MEMORY, _DISK = ":memory:", ""
_LARGE = 50_000


class Command(BaseCommand):
    help = "Serve a local stand-in for Klaviyo's API."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8765, help="0 takes any free port")
        parser.add_argument("--database", help="a file that keeps its data; default: forgotten at the end")
        parser.add_argument("--profiles", type=int, default=5000, help="people to sow into an empty database")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--speed", type=float, default=1.0, help="how many times faster jobs run")

    def handle(self, *args: Any, **options: Any) -> None:
        database = options["database"] or (_DISK if options["profiles"] > _LARGE else _MEMORY)
        if database not in (_DISK, _MEMORY):
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        sandbox = Sandbox(database, profiles=options["profiles"], seed_number=options["seed"], speed=options["speed"])
        if options["verbosity"] > 1:
            self.stdout.write("keys: " + ", ".join(KEYS))
        serve(sandbox, options["host"], options["port"], self._ready)

    def _ready(self, address: str) -> None:
        self.stdout.write(f"sandbox ready {address}")
        self.stdout.flush()
