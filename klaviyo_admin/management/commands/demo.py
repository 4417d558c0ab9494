"""`manage.py demo`: the whole product on one machine, with a sandbox in the place of Klaviyo."""

import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from klaviyo_admin.management import demo_people, secrets
from klaviyo_admin.management.processes import Together, free_port

SECRETS = "demo-secrets.json"


class Command(BaseCommand):
    help = "Sets up demo people and a sandbox account, then runs web server, worker and sandbox until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8000, help="web server; another free one is taken if it is in use"
        )
        parser.add_argument("--sandbox-port", type=int, default=8765)
        parser.add_argument(
            "--environment", action="store_true", help="print what a shell needs to use the demo's data"
        )
        parser.add_argument("--profiles", type=int, default=5000, help="how many people the sandbox's shop has")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["environment"]:
            self.stdout.write("\n".join(f"export {name}='{value}'" for name, value in _environment().items()))
            return
        if os.environ.get("KLAVIYO_ADMIN_DEMO") != "ready":
            _again_with_secrets(options)
        sandbox_port = int(os.environ["SANDBOX_URL"].rsplit(":", 1)[1])
        children = Together({})
        children.stop_on_signals()
        try:
            trouble = self._run(children, free_port(options["port"]), sandbox_port, options["profiles"])
        finally:
            killed = children.stop()
        if killed:
            self.stderr.write(f"Had to kill: {', '.join(killed)}.")
        if trouble:
            raise CommandError(trouble)
        self.stdout.write("Stopped.")

    def _run(self, children: Together, port: int, sandbox_port: int, profiles: int) -> str:
        """Runs until told to stop; answers with what went wrong, or nothing."""
        started = time.monotonic()
        database = str(settings.DATA_DIR / "sandbox.sqlite3")
        sandbox = ["--port", str(sandbox_port), "--database", database, "--profiles", str(profiles)]
        children.start("sandbox", "manage.py", "sandbox", *sandbox)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not children.answers(f"http://127.0.0.1:{sandbox_port}/_sandbox/requests?limit=1", within=120):
            return _why(children, "The sandbox did not start.")
        people = demo_people.settle(_passwords())
        connections.close_all()
        children.start("worker", "manage.py", "worker")
        children.start("web", "-m", "gunicorn", *_gunicorn(port))
        if not children.answers(f"http://127.0.0.1:{port}/login/", within=60):
            return _why(children, "The web server did not start.")
        self._print_sign_ins(port, sandbox_port, people, time.monotonic() - started)
        gone = children.wait()
        return f"The {gone[0]} ended by itself (exit code {gone[1]})." if gone else ""

    def _print_sign_ins(self, port: int, sandbox_port: int, people: list[demo_people.SignIn], seconds: float) -> None:
        lines = [f"\nKlaviyo Admin is running at http://127.0.0.1:{port}  (ready in {seconds:.1f} s)\n"]
        lines += [f"  {p.role:<9} {p.email:<22} {p.password}" for p in people]
        lines += [
            f"\nIts Klaviyo is a sandbox on this machine: http://127.0.0.1:{sandbox_port}",
            "Ctrl-C stops everything.\n",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _again_with_secrets(options: dict[str, Any]) -> None:
    """Replaces this process by itself with the demo's secrets in the environment, where settings look for them."""
    addresses = tuple(address for address, *_ in demo_people.PEOPLE)
    secrets.keep(_file(), addresses, SANDBOX_URL=f"http://127.0.0.1:{free_port(options['sandbox_port'])}")
    os.chdir(settings.BASE_DIR)
    environment = {**os.environ, **_environment(), "KLAVIYO_ADMIN_DEMO": "ready"}
    os.execve(sys.executable, [sys.executable, "manage.py", *sys.argv[1:]], environment)  # noqa: S606 ourselves


def _file() -> Path:
    return Path(settings.DATA_DIR) / SECRETS


def _environment() -> dict[str, str]:
    """The demo's settings, as of its last start."""
    kept = secrets.keep(_file(), ())
    names = ("SECRET_KEY", "SEALING_KEYS", "SANDBOX_URL")
    return {"INSECURE_HTTP": "yes"} | {name: kept[name] for name in names if name in kept}


def _passwords() -> dict[str, str]:
    passwords: dict[str, str] = secrets.keep(_file(), ())["passwords"]
    return passwords


def _gunicorn(port: int) -> tuple[str, ...]:
    return (
        *("klaviyo_admin.wsgi:application", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "5", "--log-level", "warning"),
    )


def _why(children: Together, sentence: str) -> str:
    gone = children.ended()
    return f"{sentence} The {gone[0]} ended with exit code {gone[1]}." if gone else sentence
