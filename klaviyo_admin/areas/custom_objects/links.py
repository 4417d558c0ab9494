"""The pure builders of changes to links: from a schema to other schemas, and to profiles."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Build, Start
from klaviyo_admin.areas.custom_objects.columns import title
from klaviyo_admin.areas.custom_objects.service import SCHEMA, linking, schema_of
from klaviyo_admin.areas.words import plain
from klaviyo_admin.intents import FieldChange, Intent
from klaviyo_admin.klaviyo.values import Item, Json

OBJECTS, PEOPLE = "object-schemas", "profile-object-schemas"
_TYPES = {OBJECTS: "object-schema", PEOPLE: "profile-object-schema"}
PROFILE = "profile"  # what Klaviyo calls the schema of profiles


def called(link: Item) -> str:
    return str(link.get("meta.name") or link.id)


def leads_to(ident: str) -> str:
    """The id of the schema or type that a link of this id leads to: behind it stands the name of the link."""
    return ident.partition(":::")[0]


def links(schema: Item, relation: str) -> dict[str, Item]:
    """The links of a schema by their own ids."""
    return {str(link.get("meta.relationship_id")): link for link in schema.ones(relation)}


def starting(relation: str) -> Start:
    def start(items: Sequence[Item]) -> dict[str, Any]:
        (schema,) = items
        choices = [(ident, called(link)) for ident, link in links(schema, relation).items()]
        return {"links": choices, "link": choices[0][0] if choices else ""}

    return start


def link_object(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a link to the schema of the picked object type."""
    (schema,) = items
    other = answers["other"]
    data = [_new(OBJECTS, schema_of(other), answers)]
    fields = _said(answers, f"Link to “{plain(title(other))}”")
    request = linking("create_object_schema_relationship", SCHEMA, schema, data, fields)
    sentence = f"Link the schema “{{target}}” to the object type “{plain(title(other))}” as “{plain(answers['name'])}”."
    return Intent("custom_objects.link_object", sentence, (request,), SCHEMA.target(schema))


def link_people(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a link to profiles."""
    (schema,) = items
    data = [_new(PEOPLE, PROFILE, answers)]
    request = linking("create_profile_schema_relationship", SCHEMA, schema, data, _said(answers, "Link to profiles"))
    sentence = f"Link the schema “{{target}}” to profiles as “{plain(answers['name'])}”."
    return Intent("custom_objects.link_people", sentence, (request,), SCHEMA.target(schema))


def _new(relation: str, ident: str, answers: Answers) -> Json:
    meta = {"name": answers["name"], **({"description": answers["description"]} if answers["description"] else {})}
    return {"type": _TYPES[relation], "id": ident, "meta": meta}


def _said(answers: Answers, label: str) -> list[FieldChange]:
    fields = [FieldChange(("link", "name"), label, None, answers["name"])]
    if answers["description"]:
        fields.append(FieldChange(("link", "description"), "Description", None, answers["description"]))
    return fields


def renaming(name: str, relation: str) -> Build:
    """Builds one PATCH of the picked link's name, and of its description if one is given."""

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        (schema,) = items
        link = _picked(schema, relation, answers)
        data = _new(relation, leads_to(link.id), answers)
        data["meta"]["relationship_id"] = answers["link"]
        label = f"New name of the link “{plain(called(link))}”"
        request = linking(name, SCHEMA, schema, data, _said(answers, label))
        sentence = f"Rename the link “{plain(called(link))}” of the schema “{{target}}” to “{plain(answers['name'])}”."
        return Intent("custom_objects.rename_link", sentence, (request,), SCHEMA.target(schema))

    return build


def removing(name: str, relation: str) -> Build:
    """Builds one DELETE of the picked link."""

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        (schema,) = items
        link = _picked(schema, relation, answers)
        data = [{"type": _TYPES[relation], "id": leads_to(link.id), "meta": {"relationship_id": answers["link"]}}]
        gone = FieldChange(("link", "name"), f"The link “{plain(called(link))}”", None, "removed")
        request = linking(name, SCHEMA, schema, data, [gone])
        sentence = f"Remove the link “{plain(called(link))}” of the schema “{{target}}”."
        return Intent("custom_objects.remove_link", sentence, (request,), SCHEMA.target(schema))

    return build


def _picked(schema: Item, relation: str, answers: Answers) -> Item:
    link = links(schema, relation).get(answers["link"])
    if link is None:
        raise ValidationError({"link": "The schema has no such link any more."})
    return link
