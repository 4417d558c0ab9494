"""The demo as people start it, and real browsers on it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # a bulk job of the sandbox takes seconds, and the machine may be busy
SIGN_IN = re.compile(r"^\s+(Marketer|Admin|Auditor)\s+(\S+@\S+)\s+(\S+)$", re.M)


@dataclass(frozen=True)
class Demo:
    """A running demo: where it is, who may sign in (role -> e-mail, password), and its process."""

    address: str
    sandbox: str
    sign_ins: dict[str, tuple[str, str]]
    process: subprocess.Popen[str]
    folder: Path


def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start_demo(folder: Path, *arguments: str) -> Demo:
    """Starts `manage.py demo` with its data in `folder` and reads what it prints until it is ready."""
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "manage.py", "demo", "--port", str(port()), "--sandbox-port", str(port()), *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    assert "Ctrl-C" in said, f"The demo did not start. It said:\n{said}"
    web, sandbox = (re.findall(rf"{words} (http://127\.0\.0\.1:\d+)", said)[0] for words in ("running at", "machine:"))
    people = {role: (email, password) for role, email, password in SIGN_IN.findall(said)}
    return Demo(web, sandbox, people, process, folder)


def stop_demo(demo: Demo) -> int:
    """Ctrl-C, and the exit code."""
    demo.process.send_signal(signal.SIGINT)
    code = demo.process.wait(20)
    assert demo.process.stdout
    demo.process.stdout.close()
    return code


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = start_demo(tmp_path_factory.mktemp("demo"), "--profiles", "300")
    yield running
    assert stop_demo(running) == 0


@pytest.fixture(scope="package")  # its loop must have ended before a test asks Django's database in this process
def chromium() -> Iterator[Browser]:
    found = next(
        filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))),
        None,
    )
    assert found, "The browser tests need Chromium on the PATH (Debian: apt-get install chromium)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


SignIn = Callable[..., Page]


@pytest.fixture(scope="package")
def keys() -> dict[str, StorageState]:
    """The cookies of those who have signed in once (role -> state of a window), so that the others need not wait for it."""
    return {}


def worrying(message: ConsoleMessage) -> bool:
    """Errors of scripts and of the Content-Security-Policy; a page that refuses a form answers 4xx, which is no fault."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture
def sign_in(demo: Demo, chromium: Browser, keys: dict[str, StorageState]) -> Iterator[SignIn]:
    """`sign_in("Marketer", width=390)`: a fresh window in which that person is signed in. Any console error fails the test."""
    windows: list[BrowserContext] = []
    complaints: list[str] = []

    def open_window(role: str, **options: object) -> Page:
        width = options.pop("width", 1280)
        options["viewport"] = {"width": width, "height": 900}
        window = chromium.new_context(storage_state=keys.get(role), **options)  # type: ignore[arg-type]
        windows.append(window)
        page = window.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text) if worrying(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if role in keys:
            return page
        email, password = demo.sign_ins[role]
        page.goto(demo.address)
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/login" not in url)
        keys[role] = window.storage_state()
        return page

    yield open_window
    for window in windows:
        window.close()
    assert not complaints, complaints
