"""The pure builders of changes to templates and shared blocks, and the rendering of a template, which changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.words import name
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo import documents
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import Refused
from klaviyo_admin.klaviyo.values import Item, Json

TEMPLATE = Noun(
    "template",
    "templates",
    "template",
    "get_template",
    name,
    {
        "name": "Name",
        "editor_type": "Editor",
        "html": "HTML",
        "text": "Plain text",
        "amp": "AMP",
        "definition": "Blocks",
    },
)
BLOCK = Noun(
    "universal block",
    "universal blocks",
    "template-universal-content",
    "get_universal_content",
    name,
    {"name": "Name", "definition": "Content"},
)
_CONTENT = ("definition", "data", "content")

start_edit = building.starting(TEMPLATE)
edit = building.editing("templates.edit", "update_template", TEMPLATE)
create = building.creating("templates.create", "create_template", TEMPLATE)
delete = building.deleting("templates.delete", "delete_template", TEMPLATE)
delete_blocks = building.deleting("templates.delete_block", "delete_universal_content", BLOCK)


def start_copy(items: Sequence[Item]) -> dict[str, Any]:
    return {"name": f"{name(items[0])} (copy)"[:255]}


def copy(items: Sequence[Item], answers: Answers) -> Intent:
    """One copy of a template, with another name."""
    (item,) = items
    target = TEMPLATE.new(answers["name"])
    fields = (FieldChange(("name",), "Name", None, answers["name"]),)
    document = {"data": {"type": "template", "id": item.id, "attributes": {"name": answers["name"]}}}
    request = Request(operation("clone_template").write({}, document), target, fields)
    details = (("Copied from", name(item)),)
    return Intent("templates.copy", "Copy a template as “{target}”.", (request,), target, details)


def start_block(items: Sequence[Item]) -> dict[str, Any]:
    (item,) = items
    content = item.at(_CONTENT)
    shown = content if isinstance(content, str) else None
    return {"name": item.get("name"), "definition": item.get("definition"), "content": shown}


def edit_block(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH of a shared block; its definition goes whole, as Klaviyo wants it."""
    (item,) = items
    given = dict(answers)
    if "content" in given:
        whole: dict[str, Json] = dict(item.get("definition") or {})
        given["definition"] = {**whole, "data": {**whole.get("data", {}), "content": given.pop("content")}}
    return building.editing("templates.edit_block", "update_universal_content", BLOCK)(items, given)


def create_block(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a new shared block: plain text or HTML, or any definition."""
    definition = answers["definition"]
    if answers["kind"] != "other":
        data: dict[str, Json] = {"content": answers["content"], "display_options": {}}
        data |= {"styles": {}} if answers["kind"] == "text" else {}
        definition = {"content_type": "block", "type": answers["kind"], "data": data}
    make = building.creating("templates.create_block", "create_universal_content", BLOCK)
    return make(items, {"name": answers["name"], "definition": definition})


def rendered(reader: Reader, ident: str, context: Mapping[str, Json]) -> Item:
    """The template with the values of `context` in place, as Klaviyo draws it. Raises KlaviyoError."""
    document = {"data": {"type": "template", "id": ident, "attributes": {"context": dict(context)}}}
    found = documents.item(reader.ask("render_template", document))
    if found is None:
        raise Refused("Klaviyo rendered nothing.", status=200)
    return found
