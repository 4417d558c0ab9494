"""How any kind of thing gets tags and loses them: Klaviyo keeps the relation at the tag."""

from collections.abc import Sequence

from django import forms

from klaviyo_admin.areas.base import Action, Answers, Tab
from klaviyo_admin.areas.building import Build, Noun, linked
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.areas.tags.columns import NAMED
from klaviyo_admin.areas.words import counted, listed, name
from klaviyo_admin.intents import Intent, Target
from klaviyo_admin.klaviyo.values import Item


class PickTags(forms.Form):
    """Tags to put on things, or to take off them."""

    tags = PickField("tags", label="Tags", many=True)


def tab(operation: str, ids: str) -> Tab:
    """The tags of a thing."""
    return Tab("tags", "Tags", operation, NAMED, links_to="tags", empty="No tags.", ids=ids)


def tag(area: str, noun: Noun, operation: str) -> Action:
    return Action("tag", "Add tags", PickTags, _build(f"{area}.tag", noun, operation, on=True), (operation,), on="many")


def untag(area: str, noun: Noun, operation: str) -> Action:
    build = _build(f"{area}.untag", noun, operation, on=False)
    return Action("untag", "Take tags off", PickTags, build, (operation,), on="many")


def _build(action: str, noun: Noun, operation: str, on: bool) -> Build:
    def build(items: Sequence[Item], answers: Answers) -> Intent:
        tags: Sequence[Item] = answers["tags"]
        others = [(noun.type, item.id, noun.name(item)) for item in items]
        label = f"{noun.many.capitalize()} {'with' if on else 'without'} it"
        requests = tuple(
            linked(operation, Target("tag", each.id, name(each), "get_tag"), f"{noun.type}s", label, others)
            for each in tags
        )
        things = f"the {noun.one} “{{target}}”" if len(items) == 1 else counted(len(items), noun.one, noun.many)
        named = listed([name(each) for each in tags], of="tags")
        sentence = f"Tag {things} with {named}." if on else f"Take {named} off {things}."
        return Intent(action, sentence, requests, noun.target(items[0]) if len(items) == 1 else None)

    return build
