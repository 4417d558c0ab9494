"""The room of flows: definitions, actions, messages and statuses."""

from typing import Any

import httpx

from tests.sandbox.conftest import body, every_page, problem

DELAY = {"temporary_id": "wait", "type": "time-delay", "links": {"next": "mail"}, "data": {"unit": "hours", "value": 2}}


def letter(template: str) -> dict[str, Any]:
    message = {"subject_line": "Hello", "template_id": template, "from_email": "hello@example.com", "from_label": "Us"}
    return {"temporary_id": "mail", "type": "send-email", "links": {"next": None}, "data": {"message": message}}


def definition(client: httpx.Client) -> dict[str, Any]:
    template = client.get("/api/templates").json()["data"][0]["id"]
    lists = client.get("/api/lists").json()["data"]
    trigger = {"type": "list", "id": lists[0]["id"]}
    return {"triggers": [trigger], "entry_action_id": "wait", "actions": [DELAY, letter(template)]}


def make(client: httpx.Client, wanted: dict[str, Any]) -> httpx.Response:
    document = body("flow", {"name": "Mine", "definition": wanted})
    return client.post("/api/flows?additional-fields[flow]=definition", json=document)


def shown(client: httpx.Client, ident: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/flows/{ident}?additional-fields[flow]=definition").json()["data"]
    return found


def test_a_flow_is_a_draft_whose_actions_have_real_ids(client: httpx.Client) -> None:
    made = make(client, definition(client)).json()["data"]
    kept = made["attributes"]["definition"]
    wait, mail = kept["actions"]
    assert made["attributes"]["status"] == "draft"
    assert made["attributes"]["trigger_type"] == "Added to List"
    assert (kept["entry_action_id"], wait["links"]["next"]) == (wait["id"], mail["id"])
    assert mail["data"]["status"] == "draft"
    assert shown(client, made["id"])["attributes"]["definition"] == kept
    assert "definition" not in client.get(f"/api/flows/{made['id']}").json()["data"]["attributes"]


def test_a_definition_must_hold_together(client: httpx.Client) -> None:
    good = definition(client)
    place = "/data/attributes/definition"
    wrong = {
        f"{place}/triggers": {**good, "triggers": []},
        f"{place}/triggers/0/id": {**good, "triggers": [{"type": "list", "id": "NOPE01"}]},
        f"{place}/entry_action_id": {**good, "entry_action_id": "nowhere"},
        f"{place}/actions/2/temporary_id": {**good, "actions": [*good["actions"], DELAY]},
        f"{place}/actions/0/links/next": {**good, "actions": [{**DELAY, "links": {"next": "x"}}, good["actions"][1]]},
    }
    before = len(list(every_page(client, "/api/flows")))
    for pointer, attributes in wrong.items():
        answer = make(client, attributes)
        assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": pointer})
    assert len(list(every_page(client, "/api/flows"))) == before, "a refused flow leaves nothing behind"


def test_a_flow_takes_a_status_only_and_gives_it_to_its_actions(client: httpx.Client) -> None:
    ident = make(client, definition(client)).json()["data"]["id"]
    assert client.patch(f"/api/flows/{ident}", json=body("flow", {"status": "paused"}, ident)).status_code == 400
    assert client.patch(f"/api/flows/{ident}", json=body("flow", {"status": "live"}, ident)).status_code == 200
    assert shown(client, ident)["attributes"]["definition"]["actions"][1]["data"]["status"] == "live"
    found = client.get(f"/api/flows/{ident}/flow-actions?filter=equals(status,'live')").json()["data"]
    assert len(found) == 2


def test_a_message_has_a_copy_of_its_template_that_outlives_the_flow(client: httpx.Client) -> None:
    wanted = definition(client)
    made = make(client, wanted).json()["data"]
    message = made["attributes"]["definition"]["actions"][1]["data"]["message"]
    copy = message["template_id"]
    assert copy != wanted["actions"][1]["data"]["message"]["template_id"]
    assert client.get(f"/api/flow-messages/{message['id']}/template").json()["data"]["id"] == copy
    assert client.patch(f"/api/templates/{copy}", json=body("template", {"name": "x"}, copy)).status_code == 404
    assert client.delete(f"/api/flows/{made['id']}").status_code == 204
    assert client.get(f"/api/flow-messages/{message['id']}").status_code == 404
    assert client.delete(f"/api/templates/{copy}").status_code == 409


def test_an_action_is_changed_by_its_whole_definition(client: httpx.Client) -> None:
    made = make(client, definition(client)).json()["data"]
    action = made["attributes"]["definition"]["actions"][1]
    action["data"]["message"]["subject_line"] = "New"
    address = f"/api/flow-actions/{action['id']}"
    answer = client.patch(address, json=body("flow-action", {"definition": action}, action["id"]))
    assert answer.status_code == 200
    message = client.get(f"{address}/flow-messages").json()["data"][0]
    assert message["attributes"]["definition"]["subject_line"] == "New"
    other = {**action, "links": {"next": "999"}}
    assert client.patch(address, json=body("flow-action", {"definition": other}, action["id"])).status_code == 400


def test_deleting_an_action_closes_the_gap(client: httpx.Client) -> None:
    made = make(client, definition(client)).json()["data"]
    wait, mail = made["attributes"]["definition"]["actions"]
    assert client.delete(f"/api/flow-actions/{wait['id']}").status_code == 204
    kept = shown(client, made["id"])["attributes"]["definition"]
    assert kept["entry_action_id"] == mail["id"]
    assert [action["id"] for action in kept["actions"]] == [mail["id"]]


def test_a_list_knows_the_flows_that_it_sets_off(client: httpx.Client) -> None:
    wanted = definition(client)
    ident = make(client, wanted).json()["data"]["id"]
    address = f"/api/lists/{wanted['triggers'][0]['id']}"
    for part in ("flow-triggers", "relationships/flow-triggers"):
        assert ident in [flow["id"] for flow in client.get(f"{address}/{part}").json()["data"]]


def test_the_seeded_flows_have_sent_letters(client: httpx.Client) -> None:
    flows = {f["attributes"]["name"]: f["id"] for f in every_page(client, "/api/flows")}
    named = [e["attributes"]["event_properties"].get("$flow") for e in every_page(client, "/api/events")]
    assert flows["Welcome series"] in named
