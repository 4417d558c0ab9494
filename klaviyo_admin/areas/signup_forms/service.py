"""The pure builders of changes to sign-up forms, and what a simple form is made of."""

from collections.abc import Sequence
from html import escape
from typing import Any

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.signup_forms.columns import SHAPES
from klaviyo_admin.areas.words import counted, name, plain
from klaviyo_admin.intents import FieldChange, Intent
from klaviyo_admin.klaviyo.values import Item, Json

FORM = Noun("sign-up form", "sign-up forms", "form", "get_form", name)
DRAFT = "draft"
# Lists whose members Klaviyo numbers itself: a copy must not name their ids.
_PARTS = frozenset({"versions", "steps", "columns", "rows", "blocks", "teasers", "triggers"})

delete = building.deleting("forms.delete", "delete_form", FORM)


def create(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a draft with a step that asks and a step that thanks."""
    circle: Item = answers["circle"]
    ask = [
        _html(f"<h2>{escape(answers['heading'])}</h2>"),
        *([_html(f"<p>{escape(answers['text'])}</p>")] if answers.get("text") else []),
        {"type": "email", "properties": {"placeholder": "E-mail address", "required": True}},
        {
            "type": "button",
            "properties": {"label": answers["button"]},
            "action": {"type": "next_step", "submit": True, "properties": {"list_id": circle.id}},
        },
    ]
    thank = [_html(f"<p>{escape(answers['thanks'])}</p>")]
    version: dict[str, Json] = {"type": answers["kind"], "steps": [_step("Ask", ask), _step("Thank you", thank)]}
    if answers["delay"]:
        version["triggers"] = [{"type": "delay", "properties": {"seconds": answers["delay"]}}]
    told = (
        ("shape", SHAPES[answers["kind"]]),
        ("heading", answers["heading"]),
        ("list_that_people_join", name(circle)),
    )
    tail = f", whose answers join the list “{plain(name(circle))}”"
    return _drafted("forms.create", answers["name"], False, {"versions": [version]}, tail, told)


def create_from_definition(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a draft with the definition as given."""
    return _drafted("forms.create_from_definition", answers["name"], answers["ab_test"], answers["definition"])


def start_copy(items: Sequence[Item]) -> dict[str, Any]:
    return {"name": f"Copy of {name(items[0])}"[:255]}


def copy(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a draft like the form, all of whose versions are drafts too."""
    (form,) = items
    definition = _anew(form.get("definition", {}))
    for version in definition.get("versions", ()):
        version["status"] = DRAFT
    tail = f", a copy of “{plain(name(form))}”"
    return _drafted("forms.copy", answers["name"], bool(form.get("ab_test")), definition, tail)


def _drafted(
    action: str, called: str, tested: bool, definition: Json, tail: str = "", told: Sequence[tuple[str, Any]] = ()
) -> Intent:
    target = FORM.new(called)
    fields = (
        FieldChange(("name",), "Name", None, called),
        FieldChange(("status",), "Status", None, DRAFT),
        FieldChange(("ab_test",), "A/B test", None, tested),
    )
    request = building.posted("create_form", target, fields, attributes={"definition": definition})
    versions = definition.get("versions", ()) if isinstance(definition, dict) else ()
    details = (*told, ("versions", counted(len(versions), "version")))
    return Intent(action, f"Create the draft of a sign-up form “{{target}}”{tail}.", (request,), target, details)


def _step(called: str, blocks: list[Json]) -> dict[str, Json]:
    return {"name": called, "columns": [{"rows": [{"blocks": [block]} for block in blocks]}]}


def _html(content: str) -> dict[str, Json]:
    return {"type": "html_text", "properties": {"content": content}}


def _anew(value: Json, numbered: bool = False) -> Json:
    """The same without the ids that Klaviyo gives to the parts of a form."""
    if isinstance(value, list):
        return [_anew(part, numbered) for part in value]
    if not isinstance(value, dict):
        return value
    return {key: _anew(part, key in _PARTS) for key, part in value.items() if not (numbered and key == "id")}
