"""How a flow's definition becomes a drawing, and how answers become changes of flows and steps."""

import json
from itertools import count
from typing import Any

import pytest

from klaviyo_admin.areas.flows import chains, service
from klaviyo_admin.areas.flows.forms import EditStep
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item
from tests.fakes import sandbox_in_process


def step(ident: str, *ways: str, kind: str = "time-delay", **data: Any) -> dict[str, Any]:
    """A step that leads to `ways`: none or one next step, or the two of a split."""
    links: dict[str, Any] = {"next": ways[0] if ways else None}
    if len(ways) == 2:
        links = {"next_if_true": ways[0] or None, "next_if_false": ways[1] or None}
    return {"id": ident, "type": kind, "links": links, "data": data}


def drawn(*steps: dict[str, Any], entry: str = "a") -> str:
    """A chain in one line: a split's ways in brackets, "." where a way ends, "^" before a step drawn elsewhere."""
    return said(chains.chain({"actions": list(steps), "entry_action_id": entry, "triggers": []}))


def said(chain: tuple[chains.Step, ...]) -> str:
    return "".join(
        f"{'^' if one.again else ''}{one.id}"
        + (f"({'|'.join(said(way.chain) + ('.' if way.ends else '') for way in one.ways)})" if one.ways else "")
        for one in chain
    )


def test_steps_stand_in_the_order_in_which_people_pass_them() -> None:
    assert drawn(step("c"), step("b", "c"), step("a", "b")) == "abc"


def test_ways_that_meet_again_go_on_below_their_split() -> None:
    assert drawn(step("a", "b", "c"), step("b", "d"), step("c", "d"), step("d")) == "a(b|c)d"
    assert drawn(step("a", "b", "d"), step("b", "d"), step("d")) == "a(b|)d"


def test_a_way_that_ends_says_so() -> None:
    assert drawn(step("a", "b", ""), step("b")) == "a(b.|.)"
    assert drawn(step("a", "b", "c"), step("b"), step("c", "d"), step("d")) == "a(b.|cd.)"


def test_splits_within_splits_meet_where_the_inner_one_does_first() -> None:
    inner = (step("b", "c", "d"), step("c", "e"), step("d", "e"), step("e", "f"))
    assert drawn(step("a", "b", "f"), *inner, step("f")) == "a(b(c|d)e|)f"
    assert drawn(step("a", "b", "f"), step("b", "c", "f"), step("c", "f"), step("f")) == "a(b(c|)|)f"


def test_ways_that_cross_meet_where_all_of_them_do() -> None:
    crossing = (step("b", "d", "e"), step("c", "d"), step("d"), step("e"))
    assert drawn(step("a", "b", "c"), *crossing) == "a(b(|e.)|c)d"


def test_a_step_at_which_only_some_ways_meet_is_drawn_once_and_named_elsewhere() -> None:
    branches = [{"branch_id": to, "links": {"next": to}} for to in ("x", "x", "y")]
    split = {"id": "a", "type": "multi-branch-split", "data": {"name": "Three", "branches": branches}}
    assert drawn(split, step("x"), step("y")) == "a(x.|^x.|y.)"


def test_a_loop_and_a_step_without_a_way_to_it_are_drawn_all_the_same() -> None:
    assert drawn(step("a", "b"), step("b", "a")) == "ab^a"
    assert drawn(step("a"), step("z")) == "az"
    assert drawn(step("a", "gone")) == "a"


def test_no_definition_is_an_empty_drawing() -> None:
    for nothing in (None, {}, {"actions": None, "triggers": None}, {"actions": [None, {"type": "new-kind"}]}):
        assert all(each.label is not None for each in chains.chain(nothing))


@pytest.fixture(scope="module")
def flows() -> list[Item]:
    ticks = count()
    with sandbox_in_process(60, now=lambda: 1_795_000_000.0 + next(ticks)) as sandbox, sandbox.client() as client:
        idents = [flow["id"] for flow in client.get("/api/flows").json()["data"]]
        addresses = [f"/api/flows/{ident}?additional-fields[flow]=definition" for ident in idents]
        found = [client.get(address).json()["data"] for address in addresses]
    return [Item("flow", flow["id"], flow["attributes"]) for flow in found]


def test_a_copy_of_any_flow_is_one_that_klaviyo_takes_as_a_draft(flows: list[Item]) -> None:
    for flow in flows:
        (request,) = service.copy([flow], {"name": "Copy"}).requests
        document = json.loads(request.write.body)
        assert not operation("create_flow").faults(document)
        definition = document["data"]["attributes"]["definition"]
        assert [len(chains.chain(definition))] == [len(chains.chain(flow.get("definition")))]
        assert {each.status for each in chains.switched(definition)} <= {"draft"}
        assert '"id":null' not in request.write.body.decode()
        assert all("id" not in action for action in definition["actions"])


def test_a_change_of_status_names_every_step_that_switches(flows: list[Item]) -> None:
    flow = next(flow for flow in flows if flow.get("name") == "After the first order")
    intent = service.set_status([flow], {"status": "live"})
    assert intent.aloud() == "Set the flow “After the first order” with 3 steps to live."
    (_, told), (undone, _) = intent.details
    assert undone == "if_it_is_undone", "its steps do not all have the status of the flow"
    assert told[0] == "Send a text message “Thank-you by text: Thank you! Tell us how you like it.”: draft → live"


def test_a_step_is_asked_only_what_fits_its_kind() -> None:
    wait = Item("flow-action", "7", {"definition": step("7", value=2, unit="hours")})
    form = EditStep(initial=service.start_step([wait]))
    assert set(form.fields) == {"value", "unit", "definition"}
    (request,) = service.edit_step([wait], {"value": 3}).requests
    sent = json.loads(request.write.body)["data"]["attributes"]["definition"]
    assert sent["data"] == {"value": 3, "unit": "hours"}
    assert sent["links"] == {"next": None}
