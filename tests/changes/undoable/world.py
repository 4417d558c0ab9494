"""A sandbox that is prepared by hand, and everything in it that could differ after a change and its undo."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from klaviyo_admin.changes.volatile import VOLATILE
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.sandbox.keys import FULL_ACCESS
from tests.changes.stage import Stage
from tests.fakes import InProcess

Json = dict[str, Any]
# Ids may differ after an undo; so may what only says when, and the file that a picture was cut to.
ASIDE = VOLATILE | {"id", "relationship_id", "template_id", "published_at", "due", "seen", "run"}
TABLES = {
    "profile": ("updated", "created", "email_consent_at", "sms_consent_at", "suppressed_at", "last_event"),
    "circle": ("updated", "created", "counted_at", "id"),
    "push_token": ("id", "created", "recorded"),
    "mapped_metric": ("updated", "day", "changes"),
    "tracking_setting": (),
    "review": ("updated", "edited"),
}


@dataclass(frozen=True)
class Ask:
    """What a change asks for: the path, body and query of one operation."""

    path: dict[str, str] = field(default_factory=dict)
    document: Any = None
    body: bytes | None = None
    query: dict[str, str] = field(default_factory=dict)


class World:
    """Calls go straight to the sandbox, past every limit; the clock leaps so far that jobs end."""

    def __init__(self, stage: Stage) -> None:
        self.sandbox = stage.sandbox
        self._client: httpx.Client = InProcess(stage.sandbox).client(FULL_ACCESS)

    def call(self, name: str, document: Any = None, *, query: dict[str, str] | None = None, **path: str) -> Any:
        self.sandbox.meter.forget()
        op = operation(name)
        asked = {"filter": "equals(messages.channel,'email')"} if name == "get_campaigns" else {}
        address = op.path.format(**path)
        answer = self._client.request(op.method, address, params=asked | (query or {}), json=document)
        assert answer.status_code < 300, (name, answer.text)
        self.settle()
        return answer.json() if answer.content else None

    def made(self, name: str, document: Any, **path: str) -> str:
        return str(self.call(name, document, **path)["data"]["id"])

    def idents(self, name: str, **query: str) -> list[str]:
        return [str(row["id"]) for row in self.call(name, query=query)["data"]]

    def idents_of(self, name: str, ident: str) -> list[str]:
        return [str(row["id"]) for row in self.call(name, id=ident)["data"]]

    def first(self, name: str, **query: str) -> str:
        return self.idents(name, **query)[0]

    def settle(self) -> None:
        """Everything that takes its time is done."""
        self.sandbox.advance(600)
        self.sandbox.meter.forget()

    def state(self) -> Counter[str]:
        """What there is, without ids and times: one line for each thing, tie and membership."""
        self.settle()
        self.call("get_lists")  # lets the jobs that are due take effect
        self.call("get_profiles")
        with self.sandbox.store.look() as db:
            tables = {name: [dict(row) for row in db.execute(f"SELECT * FROM {name}")] for name in _NAMES}
        return Counter(json.dumps(line, sort_keys=True) for line in _lines(tables))


_NAMES = ("thing", "bond", "member", "tagging", "list_suppression", "consent", *TABLES)
Tables = dict[str, list[Json]]
# Jobs and logs are told of, and left where they are.
_JOBS = ("-job", "-log", "record-batch", "record-removal", "object-record")


def _lines(tables: Tables) -> Any:
    things = {row["n"]: row for row in tables["thing"]}
    label = partial(_label, things)
    people = {row["n"]: row["email"] or row["phone_number"] or row["id"] for row in tables["profile"]}
    circles = {row["n"]: row["name"] for row in tables["circle"] if row["kind"] == "list"}
    for row in tables["thing"]:
        if not row["kind"].endswith(_JOBS) and not row["kind"].startswith(_JOBS):
            yield ["thing", label(row["n"]), row["status"], _scrubbed(json.loads(row["data"]))]
    for row in tables["bond"]:
        if row["kind"] != "made-by-job":
            yield ["bond", row["kind"], label(row["holder"]), label(row["held"])]
    for row in tables["member"]:
        if row["circle"] in circles:
            yield ["member", circles[row["circle"]], people[row["profile"]]]
    for row in tables["tagging"]:
        yield ["tagging", label(row["tag"]), row["kind"]]
    for row in tables["list_suppression"]:
        yield ["left", circles.get(row["circle"], ""), people[row["profile"]]]
    for row in tables["consent"]:
        yield ["consent", people[row["profile"]], row["channel"], row["state"]]
    for name, aside in TABLES.items():
        for row in tables[name]:
            kept = {k: _read(v) for k, v in row.items() if k not in (*aside, "n")}
            yield [name, _scrubbed(kept)]


def _label(things: dict[int, Json], n: int | None) -> str:
    if n not in things:
        return str(n) if n is not None else ""
    row = things[n]
    return "/".join((_label(things, row["parent"]), row["kind"], row["name"]))


def _read(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
    except ValueError:
        return value


def _scrubbed(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _scrubbed(v) for k, v in value.items() if k not in ASIDE and v is not None}
    return [_scrubbed(part) for part in value] if isinstance(value, list) else value
