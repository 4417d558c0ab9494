"""The live stream: every line, in order, at least once, whatever the other side does."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from klaviyo_admin.audit import log
from klaviyo_admin.audit.models import Entry, Stream
from klaviyo_admin.exports import stream
from klaviyo_admin.exports.audit_file import ALL

pytestmark = pytest.mark.django_db


def written(count: int = 3) -> None:
    with transaction.atomic():
        for n in range(count):
            log.record("login", sentence=f"“ü” {n} logged in.")


@dataclass
class Hook:
    """A webhook on this machine that answers with these statuses, then with 200. `taken` are the lines it took."""

    statuses: list[int] = field(default_factory=list)
    asked: list[tuple[str, str, list[dict[str, Any]]]] = field(default_factory=list)
    url: str = ""

    @property
    def taken(self) -> list[int]:
        return [line["id"] for _, _, lines in self.asked for line in lines]


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    hook = Hook()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = hook.statuses.pop(0) if hook.statuses else 200
            if status == 200:
                lines = [json.loads(line) for line in body.splitlines()]
                hook.asked.append((self.path, self.headers.get("Authorization", ""), lines))
            if status:
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        hook.url = settings.AUDIT_STREAM = f"http://127.0.0.1:{server.server_port}/audit?token=1"
        yield hook
        server.shutdown()


def second() -> bool:
    """What a worker does in a second; whether the queue was told."""
    before = OrmQ.objects.count()
    stream.once()
    told = OrmQ.objects.count() > before
    if told:
        stream.deliver(stream.current().pk)
    return told


def time_passes() -> None:
    Stream.objects.exclude(not_before=None).update(not_before=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("failures", [[500, 503], [302, 404], [0, 0]], ids=["errors", "redirects", "cut lines"])
def test_a_webhook_that_fails_twice_gets_every_line_in_order(hook: Hook, failures: list[int]) -> None:
    hook.statuses = list(failures)
    written(3)
    for _ in failures:
        assert second()
        assert stream.current().lines == 0
        assert not second()  # it waits before it tries again
        time_passes()
    written(2)
    assert second()
    assert hook.taken == [1, 2, 3, 4, 5]
    assert not second()
    assert (stream.current().lines, stream.current().error) == (5, "")
    assert set(hook.asked[0][2][0]) == set(ALL)


def test_an_answer_that_is_lost_brings_the_same_lines_again(hook: Hook) -> None:
    written(2)
    second()
    Stream.objects.update(lines=0)  # as after a crash between the answer and the note of it
    second()
    assert hook.taken == [1, 2, 1, 2]


def test_many_lines_go_in_bounded_deliveries(hook: Hook) -> None:
    written(stream.LINES + 20)
    second()
    assert [len(lines) for _, _, lines in hook.asked] == [stream.LINES, 20]
    assert hook.taken == list(Entry.objects.order_by("id").values_list("id", flat=True))


def test_two_workers_never_deliver_at_once(hook: Hook) -> None:
    written(2)
    Stream.objects.filter(pk=stream.current().pk).update(lease_until=timezone.now() + timedelta(seconds=9))
    stream.deliver(stream.current().pk)
    assert hook.taken == []


def test_a_name_in_the_address_goes_as_a_login(hook: Hook, settings: Any) -> None:
    settings.AUDIT_STREAM = hook.url.replace("http://", "http://me:se%20cret@")
    written(1)
    second()
    assert hook.asked[0][:2] == ("/audit?token=1", "Basic bWU6c2UgY3JldA==")


def test_a_file_gets_the_lines_and_a_torn_one_is_left_behind(settings: Any, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "audit.jsonl"
    settings.AUDIT_STREAM = str(file)
    written(2)
    second()
    with file.open("ab") as opened:
        opened.write(b'{"torn')
    written(1)
    second()
    lines = file.read_bytes().split(b"\n")
    assert [json.loads(line)["id"] for line in (lines[0], lines[1], lines[3])] == [1, 2, 3]
    assert file.stat().st_mode & 0o777 == 0o600
    call_command("audit", "stream")
    assert capsys.readouterr().out == "3 of 3 lines delivered.\n"


def test_an_address_that_is_away_is_told_without_its_secrets(settings: Any, tmp_path: Path, capsys: Any) -> None:
    settings.AUDIT_STREAM = "http://127.0.0.1:1/secret-token"
    written(1)
    second()
    call_command("audit", "stream")
    assert capsys.readouterr().out == (
        "0 of 1 lines delivered. The last delivery failed: It cannot be reached (ConnectionRefusedError).\n"
    )


def test_without_a_destination_nothing_is_stored(settings: Any) -> None:
    settings.AUDIT_STREAM = ""
    written(1)
    stream.once()
    assert not Stream.objects.exists()
