"""The control door: reset, seed, clock, faults, webhook deliveries and the request log, for callers on this machine only."""

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import orjson

from klaviyo_admin.sandbox import deliveries, journal
from klaviyo_admin.sandbox.calls import Answer, Call
from klaviyo_admin.sandbox.faults import order_from
from klaviyo_admin.sandbox.moments import exact

if TYPE_CHECKING:
    from klaviyo_admin.sandbox.service import Sandbox

PATH = "/_sandbox/"


def answer(sandbox: "Sandbox", call: Call) -> Answer:
    """Answers plain JSON; 403 to other machines, 404 to other addresses, 400 to what it cannot read."""
    if not ipaddress.ip_address(call.peer).is_loopback:
        return _json(403, {"error": "The control door opens to this machine only."})
    path, _, query = call.target.partition("?")
    act = _ACTS.get((call.method, path.removeprefix(PATH).rstrip("/")))
    if act is None:
        return _json(404, {"error": "There is nothing behind this part of the control door."})
    try:
        given = orjson.loads(call.body) if call.body else {}
        return _json(200, act(sandbox, {**dict(parse_qsl(query)), **given}))
    except (ValueError, TypeError) as fault:
        return _json(400, {"error": str(fault)})


def _json(status: int, document: dict[str, Any]) -> Answer:
    return Answer(status, (("Content-Type", "application/json"),), orjson.dumps(document))


def _reset(sandbox: "Sandbox", given: dict[str, Any]) -> dict[str, Any]:
    sandbox.reset()
    return {}


def _seed(sandbox: "Sandbox", given: dict[str, Any]) -> dict[str, Any]:
    profiles, number = given.get("profiles"), given.get("seed")
    sandbox.plant(None if profiles is None else int(profiles), None if number is None else int(number))
    return {}


def _clock(sandbox: "Sandbox", given: dict[str, Any]) -> dict[str, Any]:
    now = sandbox.advance(float(given.get("advance", 0)))
    sandbox.tick()
    return {"now": exact(now)}


def _deliveries(sandbox: "Sandbox", given: dict[str, Any]) -> dict[str, Any]:
    return {"deliveries": deliveries.lines(sandbox.store)}


def _faults(sandbox: "Sandbox", given: dict[str, Any]) -> dict[str, Any]:
    return {"faults": [order.shown() for order in sandbox.faults.all()]}


def _add_fault(sandbox: "Sandbox", given: dict[str, Any]) -> dict[str, Any]:
    sandbox.faults.add(order_from(given))
    return _faults(sandbox, given)


def _clear_faults(sandbox: "Sandbox", given: dict[str, Any]) -> dict[str, Any]:
    sandbox.faults.clear()
    return {"faults": []}


def _requests(sandbox: "Sandbox", given: dict[str, Any]) -> dict[str, Any]:
    return {"requests": journal.lines(sandbox.store, given)}


def _forget(sandbox: "Sandbox", given: dict[str, Any]) -> dict[str, Any]:
    sandbox.store.clear("request")
    return {}


_ACTS = {
    ("POST", "reset"): _reset,
    ("POST", "seed"): _seed,
    ("GET", "clock"): _clock,
    ("POST", "clock"): _clock,
    ("GET", "deliveries"): _deliveries,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "requests"): _requests,
    ("DELETE", "requests"): _forget,
}
