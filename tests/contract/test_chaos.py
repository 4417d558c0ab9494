"""Two thousand calls at once through storms, failures and cut lines: every call ends in one named way, and nothing that
must not happen twice is sent twice, by the request log of the other side."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from klaviyo_admin.budgets.embedded import File
from klaviyo_admin.klaviyo import errors
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader, Session, Writer
from klaviyo_admin.klaviyo.limits import Budget
from klaviyo_admin.klaviyo.repeats import keyed
from klaviyo_admin.klaviyo.values import Query, Write
from tests.fakes import RunningSandbox

KEY = "pk_sandbox_full_access"
CALLS, AT_ONCE = 2000, 64
READS = {"answered", "refused", "throttled", "unavailable"}
WRITES = READS | {"unclear"}
FAULTS: tuple[dict[str, Any], ...] = (
    *({"operation": name, "kind": "throttle", "times": 40} for name in ("get_events", "create_event")),
    {"operation": "*", "kind": "error_before", "probability": 0.02, "status": 500},
    {"operation": "*", "kind": "error_before", "probability": 0.02, "status": 503},
    {"operation": "*", "kind": "error_after", "probability": 0.02, "status": 500},
    {"operation": "*", "kind": "error_after", "probability": 0.02, "status": 524},
    {"operation": "*", "kind": "drop_before", "probability": 0.02},
    {"operation": "*", "kind": "drop_after", "probability": 0.02},
    {"operation": "*", "kind": "truncate", "probability": 0.02},
    {"operation": "*", "kind": "html", "probability": 0.02},
    {"operation": "*", "kind": "slow", "probability": 0.02, "seconds": 0.3},
    {"operation": "*", "kind": "throttle", "probability": 0.005, "seconds": 1},
)
# Parts of 100, by what the sandbox's limits bear within the minute.
MIX = {"events": 22, "profiles": 22, "lists": 16, "event": 10, "keyed event": 10, "edit": 8, "create": 6, "template": 6}


@dataclass(frozen=True)
class Ended:
    """One call: what it was, how it ended, and for a write its bytes."""

    what: str
    outcome: str
    write: Write | None = None


def outcome(call: Callable[[], Any]) -> str:
    """The one name of how a call ended; whatever is no KlaviyoError fails the test."""
    try:
        call()
    except errors.Refused:
        return "refused"
    except errors.Throttled:
        return "throttled"
    except errors.Unclear:
        return "unclear"
    except errors.Unavailable:
        return "unavailable"
    return "answered"


def event(number: int, **more: Any) -> Write:
    metric = {"data": {"type": "metric", "attributes": {"name": "Placed Order"}}}
    profile = {"data": {"type": "profile", "attributes": {"email": f"chaos{number % 40}@example.com"}}}
    attributes = {"properties": {"number": number}, "metric": metric, "profile": profile, **more}
    return operation("create_event").write({}, {"data": {"type": "event", "attributes": attributes}})


def profile(number: int) -> Write:
    data = {"type": "profile", "attributes": {"email": f"new{number}@example.com"}}
    return operation("create_profile").write({}, {"data": data})


def edit(number: int, ident: str) -> Write:
    data = {"type": "profile", "id": ident, "attributes": {"properties": {"chaos": number}}}
    return operation("update_profile").write({"id": ident}, {"data": data})


def template(number: int) -> Write:
    attributes = {"name": f"Chaos {number}", "editor_type": "CODE", "html": "<p>Hello</p>"}
    return operation("create_template").write({}, {"data": {"type": "template", "attributes": attributes}})


def merge(one: str, other: str) -> Write:
    source = {"profiles": {"data": [{"type": "profile", "id": other}]}}
    return operation("merge_profiles").write(
        {}, {"data": {"type": "profile-merge", "id": one, "relationships": source}}
    )


def calls(reader: Reader, writer: Writer, people: list[str]) -> Iterator[Callable[[], Ended]]:
    chance = random.Random(7)

    def reading(what: str, call: Callable[[], Any]) -> Ended:
        return Ended(what, outcome(call))

    def writing(write: Write) -> Ended:
        return Ended(write.operation, outcome(partial(writer.send, write)), write)

    merged = [people.pop() for _ in range(40)]
    for number in range(0, 40, 2):
        yield partial(writing, merge(merged[number], merged[number + 1]))
    for number, what in enumerate(chance.choices(list(MIX), list(MIX.values()), k=CALLS - 20)):
        someone = chance.choice(people)
        match what:
            case "events":
                yield partial(reading, what, partial(reader.page, "get_events", query=Query(size=3)))
            case "profiles":
                yield partial(reading, what, partial(reader.item, "get_profile", {"id": someone}))
            case "lists":
                yield partial(reading, what, partial(reader.page, "get_lists"))
            case "event":
                yield partial(writing, event(number))
            case "keyed event":
                yield partial(writing, event(number, unique_id=f"chaos-{number}"))
            case "edit":
                yield partial(writing, edit(number, someone))
            case "create":
                yield partial(writing, profile(number))
            case "template":
                yield partial(writing, template(number))


def received(sandbox: RunningSandbox) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The log's lines of each write: without those that were told 429, for they were turned away at the door."""
    lines = defaultdict(list)
    for line in sandbox.requests():
        if line["method"] != "GET" and line["status"] != 429:
            lines[line["path"], line["sha256"]].append(line)
    return lines


def carried_out(line: dict[str, Any]) -> bool:
    return line["fault"] == "error_after" or 200 <= (line["status"] or 0) < 300


@pytest.mark.processes
def test_every_call_ends_in_one_named_way_and_no_unsafe_write_goes_out_twice(tmp_path: Path) -> None:
    with RunningSandbox(profiles=120) as sandbox:
        session = Session(sandbox.url, KEY)
        budget = Budget(File(tmp_path / "budgets"), "chaos", background=True)
        pages = Reader(session, budget).pages("get_profiles", query=Query(size=100))
        people = [item.id for page in pages for item in page.items]
        for fault in FAULTS:
            sandbox.door("POST", "faults", **fault)
        sandbox.forget_requests()
        started = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as crew:
            todo = list(calls(Reader(session, budget), Writer(session, budget), people))
            random.Random(11).shuffle(todo)
            ended = list(crew.map(lambda call: call(), todo))
        seconds = time.monotonic() - started
        log = received(sandbox)
    outcomes = Counter(one.outcome for one in ended)
    print(f"{len(ended)} calls in {seconds:.1f} s: {dict(outcomes)}")  # noqa: T201 seen with -s
    assert len(ended) == CALLS
    assert all(one.outcome in (WRITES if one.write else READS) for one in ended)
    assert min(outcomes["answered"] / CALLS, outcomes["unclear"] / 100) > 0.3, (
        "the storm was no storm, or swept all away"
    )
    for one in ended:
        if one.write:
            holds(one, log.get((one.write.path, sha256(one.write.body).hexdigest()), []))


def holds(ended: Ended, lines: list[dict[str, Any]]) -> None:
    """What the sender believes of a write against what the receiver knows."""
    write = ended.write
    assert write
    done = [line for line in lines if carried_out(line)]
    safe = keyed(operation(write.operation), write.body)
    assert len(lines) <= (3 if safe else 1), (ended, lines)
    match ended.outcome:
        case "answered":
            assert done, (ended, lines)
        case "refused" | "throttled" | "unavailable":
            assert not done, (ended, lines)
