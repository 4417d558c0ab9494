"""The room of templates and universal content, and the language that templates are written in."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from klaviyo_admin.sandbox.rendering import BadTemplate, render
from tests.sandbox.conftest import body, problem

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
CODE = {"name": "Mine", "editor_type": "CODE", "html": "<p>Hi {{ first_name|default:'you' }}</p>", "text": "Hi"}
SECTION = {
    "content_type": "section",
    "type": "section",
    "data": {"properties": {}, "display_options": {}, "styles": {}},
}


def new_template(client: httpx.Client, **more: Any) -> str:
    answer = client.post("/api/templates", json=body("template", {**CODE, **more}))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


def test_a_template_lives_from_its_making_to_its_deletion(client: httpx.Client) -> None:
    ident = new_template(client)
    changed = client.patch(
        f"/api/templates/{ident}", json=body("template", {"name": "Ours", "html": "<b>x</b>"}, ident)
    )
    shown = changed.json()["data"]["attributes"]
    assert (shown["name"], shown["html"], shown["text"]) == ("Ours", "<b>x</b>", "Hi")
    assert client.get(f"/api/templates/{ident}").json()["data"] == changed.json()["data"]
    assert client.delete(f"/api/templates/{ident}").status_code == 200
    assert client.get(f"/api/templates/{ident}").status_code == 404


def test_each_editor_takes_its_own_content(client: httpx.Client) -> None:
    definition = {"body": {"properties": {}, "styles": {}, "sections": [SECTION]}, "styles": []}
    without = {"body": {"properties": {}, "styles": {}, "sections": []}, "styles": []}
    wrong = {
        "/data/attributes/editor_type": {**CODE, "editor_type": "PENCIL"},
        "/data/attributes/html": {"name": "x", "editor_type": "CODE"},
        "/data/attributes/definition": {"name": "x", "editor_type": "SYSTEM_DRAGGABLE"},
        "/data/attributes/definition/body/sections": {
            "name": "x",
            "editor_type": "SYSTEM_DRAGGABLE",
            "definition": without,
        },
    }
    for pointer, attributes in wrong.items():
        answer = client.post("/api/templates", json=body("template", attributes))
        assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": pointer})
    drawn = body("template", {"name": "x", "editor_type": "SYSTEM_DRAGGABLE", "definition": definition})
    assert client.post("/api/templates", json=drawn).status_code == 201


def test_a_clone_is_a_template_of_its_own(client: httpx.Client) -> None:
    ident = new_template(client)
    clone = client.post("/api/template-clone", json=body("template", {"name": "Copy"}, ident)).json()["data"]
    assert clone["id"] != ident
    assert clone["attributes"]["html"] == CODE["html"]
    client.delete(f"/api/templates/{ident}")
    assert client.get(f"/api/templates/{clone['id']}").status_code == 200


def test_a_template_renders_with_a_context(client: httpx.Client) -> None:
    ident = new_template(client)
    sent = body("template", {"context": {"first_name": "Ann & Bo"}}, ident)
    assert (
        client.post("/api/template-render", json=sent).json()["data"]["attributes"]["html"] == "<p>Hi Ann &amp; Bo</p>"
    )
    broken = new_template(client, html="{% if x %}")
    answer = client.post("/api/template-render", json=body("template", {"context": {}}, broken))
    assert answer.status_code == 400
    assert "Unclosed tag" in problem(answer)["detail"]


def test_names_can_be_searched_and_sorted(client: httpx.Client) -> None:
    found = client.get("/api/templates", params={"filter": 'contains(name,"WELCOME")', "sort": "-name"}).json()["data"]
    names = [t["attributes"]["name"] for t in found]
    assert len(names) == 2
    assert names == sorted(names, reverse=True)


def test_universal_content_lives_from_its_making_to_its_deletion(client: httpx.Client) -> None:
    block = {"content_type": "block", "type": "html", "data": {"content": "<hr>", "display_options": {}}}
    answer = client.post(
        "/api/template-universal-content",
        json=body("template-universal-content", {"name": "Line", "definition": block}),
    )
    ident = answer.json()["data"]["id"]
    address = f"/api/template-universal-content/{ident}"
    found = client.get("/api/template-universal-content", params={"filter": 'equals(definition.type,"html")'}).json()
    assert [c["id"] for c in found["data"]] == [ident]
    client.patch(address, json=body("template-universal-content", {"name": "Rule"}, ident))
    assert client.get(address).json()["data"]["attributes"]["name"] == "Rule"
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ person.tags.1|upper }} {{ person|lookup:'Fav Colour' }}", "B red"),
        ("{{ nothing.at.all }}|{{ markup }}|{{ markup|safe }}", "|&lt;i&gt;|<i>"),
        ("{% if n > 2 and not off %}a{% elif n == 2 or off %}b{% else %}c{% endif %}", "b"),
        ("{% if 'a' in person.tags %}yes{% endif %}{% if 'z' not in person.tags %}!{% endif %}", "yes!"),
        (
            "{% for t in person.tags %}{{ forloop.counter }}{{ t }}{% if not forloop.last %},{% endif %}{% endfor %}",
            "1a,2b",
        ),
        ("{% for t in none %}x{% empty %}nobody{% endfor %}", "nobody"),
        ("{% with t=person.tags.0 %}{{ t }}{% endwith %}{{ t }}", "a"),
        (
            "{{ price|floatformat:2 }} {{ '2026-01-05'|date:'F jS, Y' }} {% current_year %}",
            "3.50 January 5th, 2026 2026",
        ),
        (
            "{# hidden #}{% comment %}{{ a }}{% endcomment %}{% unsubscribe_link %}",
            "https://sandbox.example.com/unsubscribe",
        ),
    ],
)
def test_the_language_of_templates(source: str, shown: str) -> None:
    person = {"tags": ["a", "b"], "Fav Colour": "red"}
    assert render(source, {"person": person, "markup": "<i>", "n": 2, "off": False, "price": 3.5}, NOW) == shown


@pytest.mark.parametrize(
    "source", ["{{ a|nope }}", "{% nope %}", "{% for x %}", "{% endif %}", "{{ a. }}", "{% if %}{% endif %}"]
)
def test_what_is_no_template_is_refused(source: str) -> None:
    with pytest.raises(BadTemplate):
        render(source, {}, NOW)


def test_a_template_reaches_plain_values_only() -> None:
    assert render("{{ a.__class__ }}{{ a.upper }}", {"a": "text"}, NOW) == ""


def test_a_template_cannot_run_for_ever() -> None:
    loops = "{% for a in x %}" * 6 + "y" + "{% endfor %}" * 6
    with pytest.raises(BadTemplate, match="too many steps"):
        render(loops, {"x": list(range(40))}, NOW)
