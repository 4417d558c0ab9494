"""Several processes in one terminal: started together, stopped together, none left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from types import FrameType

GRACE = 10.0  # seconds that a process has to finish what it holds before it is killed


def free_port(wanted: int) -> int:
    """`wanted` if nobody listens there on loopback, else a port that is free now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Together:
    """Child processes by name, each in a session of its own, so that Ctrl-C reaches only the parent, which stops them in turn."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = False

    def start(self, name: str, *arguments: str) -> None:
        """Starts `python ARGUMENTS` under that name."""
        command = [sys.executable, *arguments]
        self._children[name] = subprocess.Popen(command, env=self._environment, start_new_session=True)  # noqa: S603 our own

    def answers(self, url: str, within: float) -> bool:
        """Waits until something answers at `url`; False when a child ended or `within` seconds passed first."""
        end = time.monotonic() + within
        while time.monotonic() < end and not self._asked_to_stop and self.ended() is None:
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310 a loopback address of ours
                    return True
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.05)
        return False

    def ended(self) -> tuple[str, int] | None:
        """The name and exit code of a child that ended by itself, if any."""
        for name, child in self._children.items():
            if child.poll() is not None:
                return name, child.returncode
        return None

    def stop_on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def wait(self) -> tuple[str, int] | None:
        """Blocks until a signal asks to stop (None) or a child ends by itself (its name and exit code)."""
        while not self._asked_to_stop:
            gone = self.ended()
            if gone is not None:
                return gone
            time.sleep(0.1)
        return None

    def stop(self) -> list[str]:
        """Stops every child, the last started first; answers with the names of those that had to be killed."""
        running = [(name, child) for name, child in reversed(self._children.items()) if child.poll() is None]
        for _, child in running:
            child.terminate()
        end = time.monotonic() + GRACE
        killed = []
        for name, child in running:
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                killed.append(name)
        return killed
