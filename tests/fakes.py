"""The one double of the tests: a Klaviyo of their own, in this process or in one that can be killed."""

import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx

from klaviyo_admin.sandbox.calls import Answer, Call
from klaviyo_admin.sandbox.service import Sandbox

ROOT = Path(__file__).resolve().parent.parent
Json = dict[str, Any]


class SandboxTransport(httpx.BaseTransport):
    """Carries httpx requests to a sandbox in this process, and misbehaves like a socket where a fault says so."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = self.sandbox.answer(Call(request.method, target, headers, request.read()))
        _carry(request, answer)
        body = [(n, v) for n, v in answer.headers]
        return httpx.Response(answer.status, headers=body, content=answer.body, request=request)


def _carry(request: httpx.Request, answer: Answer) -> None:
    patience = request.extensions.get("timeout", {}).get("read")
    if patience is not None and answer.delay > patience:
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    if answer.delay:
        time.sleep(answer.delay)
    if answer.fault == "drop":
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    if answer.fault == "truncate":
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body", request=request)


class _Controls:
    """The sandbox's control door."""

    def door(self, act: str, part: str, /, **given: Any) -> Json:
        raise NotImplementedError

    def requests(self, **wanted: Any) -> list[Json]:
        """The request log in order; narrow it by operation, method, path, status, account or fault."""
        found: list[Json] = self.door("GET", "requests", **wanted)["requests"]
        return found

    def forget_requests(self) -> None:
        self.door("DELETE", "requests")

    def fault(self, operation: str, kind: str, **more: Any) -> None:
        """Orders a fault; `times`, `probability`, `seconds` and `status` say how."""
        self.door("POST", "faults", operation=operation, kind=kind, **more)

    def clear_faults(self) -> None:
        self.door("DELETE", "faults")

    def advance(self, seconds: float) -> None:
        """Moves the sandbox's clock: jobs go on and rate limits open again."""
        self.door("POST", "clock", advance=seconds)

    def reset(self) -> None:
        self.door("POST", "reset")


class InProcess(_Controls):
    """A sandbox in this process. `transport` goes into an httpx client; `client()` makes one with a key."""

    url = "http://sandbox.test"

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.transport = SandboxTransport(sandbox)
        self._door = httpx.Client(transport=self.transport, base_url=self.url)

    def door(self, act: str, part: str, /, **given: Any) -> Json:
        return _opened(self._door, act, part, given)

    def client(self, key: str = "pk_sandbox_full_access", **more: Any) -> httpx.Client:
        return httpx.Client(transport=self.transport, base_url=self.url, headers=_headers(key), **more)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._door.close()
        self.sandbox.close()


@cache
def planted(profiles: int, seed_number: int = 7, at: float | None = None) -> bytes:
    """The store of a sandbox as freshly planted, at a time or now: planted once for all tests of this process."""
    sandbox = Sandbox(profiles=profiles, seed_number=seed_number, now=time.time if at is None else lambda: at)
    image = sandbox.store.image()
    sandbox.close()
    return image


def sandbox_in_process(profiles: int = 60, **more: Any) -> InProcess:
    """A new sandbox in memory. `seed_number`, `speed`, `now` and `database` are passed on to Sandbox."""
    if "database" not in more:
        at = more["now"]() if "now" in more else None
        more["image"] = planted(profiles, more.get("seed_number", 7), at)
    return InProcess(Sandbox(profiles=profiles, **more))


class RunningSandbox(_Controls):
    """`manage.py sandbox` in a process of its own, on a free port, for as long as the `with` block lasts."""

    def __init__(
        self, *, database: Path | str = ":memory:", profiles: int = 60, seed: int = 7, speed: float = 1.0
    ) -> None:
        self.port = 0
        self._options = [
            "--database",
            str(database),
            "--profiles",
            str(profiles),
            "--seed",
            str(seed),
            "--speed",
            str(speed),
        ]
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Starts the server, again on the same port after a kill; returns when it listens."""
        command = [sys.executable, "manage.py", "sandbox", "--port", str(self.port), *self._options]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.startswith("sandbox ready "):
            raise RuntimeError(f"The sandbox did not start: {line}{self._process.communicate()[1]}")
        self.port = int(line.rsplit(":", 1)[1])
        self._door = httpx.Client(base_url=self.url, timeout=30)

    def stop(self, *, kill: bool = False) -> int:
        """SIGTERM, or SIGKILL; the exit code."""
        if self._process is None:
            return 0
        self._door.close()
        process, self._process = self._process, None
        if kill:
            process.kill()
        else:
            process.terminate()
        process.communicate(timeout=20)
        return process.returncode

    def door(self, act: str, part: str, /, **given: Any) -> Json:
        return _opened(self._door, act, part, given)

    def client(self, key: str = "pk_sandbox_full_access", **more: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers=_headers(key), **more)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()


def _headers(key: str) -> dict[str, str]:
    return {
        "Authorization": f"Klaviyo-API-Key {key}",
        "revision": "2026-07-15",
        "Accept": "application/vnd.api+json",
        "Content-Type": "application/vnd.api+json",
    }


def _opened(client: httpx.Client, method: str, part: str, given: Json) -> Json:
    sent: Json = {"params": given} if method in ("GET", "DELETE") else {"json": given}
    answer = client.request(method, f"/_sandbox/{part}", **sent)
    answer.raise_for_status()
    found: Json = answer.json()
    return found
