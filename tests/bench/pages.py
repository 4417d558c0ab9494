"""How fast the pages are on the demo's data: what the server adds to Klaviyo's answers, and what a first look weighs."""

import gzip
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urljoin

from cryptography.fernet import Fernet

from klaviyo_admin.management.processes import Together, free_port
from tests.fakes import ROOT, RunningSandbox

LIMIT = 250  # kB of a first look
# What a page makes a browser load by itself: styles, scripts, pictures, and the parts that wait to be asked for.
ASKED = re.compile(
    r"""<(?:link|script|img|use)\b[^>]*?\b(?:href|src)="([^"#]+)|hx-get="([^"]+)"[^>]*hx-trigger="load"""
)
INSIDE = re.compile(r"""url\(["']?([^"')]+)""")


def entries() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "server time (target: p95 below 40 ms)", lambda: figures("server")
    yield "details beside their slowest call (target: 1.3)", lambda: figures("details")
    yield f"first look (target: below {LIMIT} kB)", weight


def figures(*what: str) -> str:
    """What one measurement printed, made in a fresh process with a fresh database."""
    with installation() as given:
        command = [sys.executable, "-m", "tests.bench._pages", *what]
        made = subprocess.run(command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True)
    return made.stdout.strip() if made.returncode == 0 else f"failed: {made.stderr.strip()[-300:]}"


@contextmanager
def installation() -> Iterator[Mapping[str, str]]:
    """The environment of an installation of its own: settings, static files and database as people have them."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"DATA_DIR": folder, "STATIC_ROOT": f"{folder}/static", "INSECURE_HTTP": "yes", "SECRET_KEY": "bench"}
        given |= {"DJANGO_SETTINGS_MODULE": "klaviyo_admin.settings", "SEALING_KEYS": Fernet.generate_key().decode()}
        command = [sys.executable, "manage.py", "collectstatic", "--no-input"]
        subprocess.run(command, cwd=ROOT, env=os.environ | given, capture_output=True, check=True)
        yield given


def weight() -> str:
    """Everything that a browser with an empty cache loads for the start page, as the web server sends it."""
    with installation() as given, RunningSandbox(profiles=500) as sandbox:
        command = [sys.executable, "-m", "tests.bench._pages", "session"]
        made = subprocess.run(command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, check=True)
        cookie, start = made.stdout.split()
        port, children = free_port(8765), Together({**given, "SANDBOX_URL": sandbox.url})
        try:
            children.start(
                "web", "-m", "gunicorn", "klaviyo_admin.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level=warning"
            )
            children.answers(f"http://127.0.0.1:{port}/login/", within=60)
            loaded = dict(loads(HTTPConnection("127.0.0.1", port), cookie, start))
        finally:
            children.stop()
    heavy = sorted(loaded, key=lambda address: -loaded[address])[:3]
    said = ", ".join(f"{address.strip('/').rpartition('/')[2]} {loaded[address] / 1000:.0f}" for address in heavy)
    return f"{sum(loaded.values()) / 1000:.0f} kB in {len(loaded)} answers, headers included; heaviest {said}"


def loads(server: HTTPConnection, cookie: str, start: str) -> Iterator[tuple[str, int]]:
    """Each address with the bytes of its answer."""
    waiting, seen = [start], {start}
    while waiting:
        address = waiting.pop()
        as_part = {} if address == start else {"HX-Request": "true"}
        headers = {"Cookie": f"sessionid={cookie}", "Accept-Encoding": "gzip", **as_part}
        server.request("GET", address, headers=headers)
        answer = server.getresponse()
        body = answer.read()
        assert answer.status == 200, (address, answer.status)
        yield address, len(body) + len(str(answer.msg)) + len("HTTP/1.1 200 OK\r\n")
        if answer.getheader("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        found = asked(body.decode(), answer.getheader("Content-Type", ""))
        new = {urljoin(address, each) for each in found if not each.startswith("data:")} - seen
        seen |= new
        waiting += new


def asked(text: str, kind: str) -> list[str]:
    if "html" in kind:
        return [one or other for one, other in ASKED.findall(text)]
    return INSIDE.findall(text) if "css" in kind else []
