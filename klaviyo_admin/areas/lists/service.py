"""Reads of lists, and the pure builders of changes to them."""

from collections.abc import Sequence
from typing import Any

from klaviyo_admin.areas.base import Answers, Asked
from klaviyo_admin.intents import FieldChange, Intent, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Json, Page, Query

LABELS = {"name": "Name", "opt_in_process": "Opt-in"}


def name(item: Item) -> str:
    return str(item.get("name", item.id))


def page(reader: Reader, asked: Asked) -> Page:
    return reader.page("get_lists", query=Query(asked.filter, asked.sort, asked.size, asked.cursor))


def item(reader: Reader, ident: str) -> Item:
    return reader.item("get_list", path={"id": ident})


def members(reader: Reader, ident: str, asked: Asked) -> Page:
    """The profiles on the list, those that joined last first."""
    query = Query(sort=asked.sort or "-joined_group_at", size=asked.size or 20, cursor=asked.cursor)
    return reader.page("get_profiles_for_list", path={"id": ident}, query=query)


def start_edit(items: Sequence[Item]) -> dict[str, Any]:
    (found,) = items
    return {key: found.get(key, "") for key in LABELS}


def edit(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with exactly the answers given (name, opt_in_process)."""
    (found,) = items
    given = {key: answers[key] for key in LABELS if key in answers}
    target = Target(type="list", id=found.id, name=name(found), read="get_list")
    data: dict[str, Json] = {"type": "list", "id": found.id, "attributes": given}
    fields = tuple(FieldChange((key,), LABELS[key], found.get(key), value) for key, value in given.items())
    write = operation("update_list").write({"id": found.id}, {"data": data})
    return Intent(
        action="lists.edit",
        sentence=_edit_sentence(given),
        requests=(Request(write=write, target=target, fields=fields),),
        target=target,
    )


def create(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a new list; without an opt-in process Klaviyo takes the account's."""
    given = {key: answers[key] for key in LABELS if answers.get(key)}
    data: dict[str, Json] = {"type": "list", "attributes": given}
    target = Target(type="list", id="", name=given["name"])
    fields = tuple(FieldChange((key,), LABELS[key], None, value) for key, value in given.items())
    write = operation("create_list").write({}, {"data": data})
    return Intent(
        action="lists.create",
        sentence="Create the list “{target}”.",
        requests=(Request(write=write, target=target, fields=fields),),
        target=target,
    )


def _edit_sentence(given: dict[str, Any]) -> str:
    if set(given) == {"name"}:
        return f"Rename the list “{{target}}” to “{given['name']}”."
    if set(given) == {"opt_in_process"}:
        return f"Switch the list “{{target}}” to {str(given['opt_in_process']).replace('_', ' ')}."
    return f"Rename the list “{{target}}” to “{given['name']}” and change its opt-in."
