"""What the requests of a change name: people, lists, segments, campaigns and things that go. Reads nothing of Klaviyo."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from klaviyo_admin.changes import bodies
from klaviyo_admin.changes.models import Step
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.values import Json, Kind

GROUPS = ("list", "segment")
# A group that a campaign names: its id alone does not say whether it is a list or a segment.
AUDIENCE = "audience"
# Areas whose things are people, or happen to people; and the operations elsewhere that name people.
_OF_PEOPLE = {"profiles", "events", "data_privacy", "conversations"}
_NAME_PEOPLE = {"add_profiles_to_list", "remove_profiles_from_list", "create_back_in_stock_subscription"}
RECORDING = "bulk_create_events"  # counts events; its people are those whom its body names
_CAMPAIGN_KINDS = {"campaign", "campaign-send-job"}
# Bodies that are opened for one change; the rest of a long change is like its beginning, and counted by `counts`.
MOST_OPENED = 300
# What stands for the id of a thing that the change itself makes first (klaviyo.values.Ref).
_MADE_HERE = re.compile(r"\{/.* of request \d+\}")


@dataclass(slots=True)
class Touched:
    """What requests name. `people` counts those named one by one, who are fewer if `at_most`: events of the same person,
    say, were counted by the event; `uncounted` says that some request can reach people whom nobody counted. Groups, campaigns and events keep the order in which they are named."""

    people: int = 0
    at_most: bool = False
    grave: bool = False
    uncounted: bool = False
    groups: dict[Kind, None] = field(default_factory=dict)  # whose members a request is about
    joined: dict[Kind, None] = field(default_factory=dict)  # lists that people are put on
    campaigns: dict[str, None] = field(default_factory=dict)
    messages: dict[str, None] = field(default_factory=dict)  # campaign messages
    flows: dict[str, None] = field(default_factory=dict)
    events: dict[str, None] = field(default_factory=dict)  # names of metrics
    gone: dict[tuple[str, str], str] = field(default_factory=dict)  # (read path, id) -> type, of what is deleted


def of(steps: Iterable[Step]) -> Touched:
    """Everything that these requests name. Raises Unreadable, Damaged."""
    touched, opened = Touched(), 0
    people: set[str] = set()
    for step in steps:
        try:
            operation = catalogue.operation(step.operation)
        except catalogue.UnknownOperation:
            touched.uncounted = touched.grave = True
            continue
        # A large body is one of many chunks that are alike: the first says all that is asked here.
        document = _document(step) if opened < MOST_OPENED and (not step.in_file or step.number == 1) else None
        opened += 1
        _note(touched, people, step, operation, document)
    touched.people += len(people)
    return touched


def _note(touched: Touched, people: set[str], step: Step, operation: Operation, document: Json) -> None:
    found = catalogue.match(step.method, step.path.partition("?")[0])
    ident = next(iter(found[1].values()), "") if found else ""
    named = list(kinds(document))
    counted = _people(people, step, operation, ident, document, named)
    touched.people += counted
    touched.at_most = touched.at_most or (counted > 1 and operation.id == RECORDING)
    touched.grave = touched.grave or operation.risk in ("sends", "privacy")
    before = _extent(touched)
    _groups(touched, operation, ident, named, document, bool(counted or people))
    # What the change itself makes reaches whom an earlier request named for it.
    made_here = bool(before) and (bool(_MADE_HERE.fullmatch(ident)) or any(_MADE_HERE.fullmatch(k.id) for k in named))
    reached = counted or people or made_here or before < _extent(touched)
    if operation.risk in ("sends", "privacy") and not reached:
        touched.uncounted = True
    if operation.kind in ("flow", "flow-action") and operation.risk == "sends" and ident:
        touched.flows[ident if operation.kind == "flow" else ""] = None
        touched.uncounted = True
    touched.events.update(dict.fromkeys(_metrics(document)))
    # /api/tags/{id}: the thing itself goes, not a relationship of it.
    if operation.method == "DELETE" and operation.path.count("/") == 3 and ident:
        touched.gone[(operation.path, ident)] = operation.kind


def _extent(touched: Touched) -> int:
    return len(touched.groups) + len(touched.campaigns) + len(touched.messages)


def _people(people: set[str], step: Step, operation: Operation, ident: str, document: Json, named: list[Kind]) -> int:
    """How many people a request names beside those that are noted in `people` by their id; of a body that was not opened
    (`document` None), as many as its proposal counted."""
    if operation.area not in _OF_PEOPLE | {"client"} and operation.id not in _NAME_PEOPLE:
        return 0
    if operation.path.startswith("/api/profiles/{id}"):
        people.add(ident)
        return 0
    if operation.id == RECORDING and document is not None:
        people.update(_whose(document))
        return 0
    if step.counts > 1 or (step.body_size and document is None):
        return step.counts
    profiles = [kind for kind in named if kind.type == "profile"]
    people.update(kind.id for kind in profiles if kind.id)
    return sum(1 for kind in profiles if not kind.id)


def _whose(document: Json) -> Iterator[str]:
    """Whose events a body records, each person by what it calls them."""
    for part in _attributes(document).get("events-bulk-create", {}).get("data", ()):
        profile = _attributes({"data": part}).get("profile", {}).get("data", {})
        told = _attributes({"data": profile})
        yield str(profile.get("id") or [told.get(key) for key in ("email", "phone_number", "external_id")]).casefold()


def _groups(
    touched: Touched, operation: Operation, ident: str, named: list[Kind], document: Json, people: bool
) -> None:
    ident = "" if _MADE_HERE.fullmatch(ident) else ident
    named = [kind for kind in named if kind.id and not _MADE_HERE.fullmatch(kind.id)]
    groups = [kind for kind in named if kind.type in GROUPS]
    if operation.kind in GROUPS and ident and "relationships" not in operation.path:
        touched.groups[Kind(operation.kind, ident)] = None
    elif operation.risk == "privacy" and not people:
        touched.groups.update(dict.fromkeys(groups))
    if operation.risk == "sends":
        lists = [*groups, *([Kind("list", ident)] if operation.path.startswith("/api/lists/{id}/") else [])]
        touched.joined.update(dict.fromkeys(kind for kind in lists if kind.type == "list"))
    if operation.kind in _CAMPAIGN_KINDS:
        campaigns = [ident] if ident else [kind.id for kind in named if kind.type in _CAMPAIGN_KINDS]
        included = [Kind(AUDIENCE, group) for group in _included(document)]
        touched.groups.update(dict.fromkeys(included))
        if not included and operation.method != "DELETE":
            touched.campaigns.update(dict.fromkeys(campaigns))
    if operation.kind == "campaign-message" and ident:
        touched.messages[ident] = None


def kinds(document: Json) -> Iterator[Kind]:
    """Every thing that a body names by its type, depth first; `id` is "" for one that has none yet."""
    if isinstance(document, dict):
        if isinstance(document.get("type"), str):
            ident = document.get("id")
            yield Kind(document["type"], ident if isinstance(ident, str) else "")
        for part in document.values():
            yield from kinds(part)
    elif isinstance(document, list):
        for part in document:
            yield from kinds(part)


def _included(document: Json) -> list[str]:
    """The lists and segments that the body of a campaign is for."""
    audiences = _attributes(document).get("audiences")
    included = audiences.get("included") if isinstance(audiences, dict) else None
    return [ident for ident in included or () if isinstance(ident, str)]


def _metrics(document: Json) -> Iterator[str]:
    """The names of the metrics whose events a body records."""
    if isinstance(document, dict):
        if document.get("type") == "metric" and isinstance(name := _attributes({"data": document}).get("name"), str):
            yield name
        for part in document.values():
            yield from _metrics(part)
    elif isinstance(document, list):
        for part in document:
            yield from _metrics(part)


def _attributes(document: Json) -> dict[str, Any]:
    data = document.get("data") if isinstance(document, dict) else None
    attributes = data.get("attributes") if isinstance(data, dict) else None
    return attributes if isinstance(attributes, dict) else {}


def _document(step: Step) -> Json:
    body = bodies.of(step)
    try:
        return orjson.loads(body) if body else None
    except orjson.JSONDecodeError:  # an uploaded picture
        return None
