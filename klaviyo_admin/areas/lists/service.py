"""The pure builders of changes to lists."""

from collections.abc import Sequence
from dataclasses import replace

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun, linked
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.areas.profiles.people import People
from klaviyo_admin.areas.words import counted, name
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item

MOST = 1000  # profiles of one request
LABELS = {"name": "Name", "opt_in_process": "Opt-in"}
LIST = Noun("list", "lists", "list", "get_list", name, LABELS)

start_edit = building.starting(LIST)
delete = building.deleting("lists.delete", "delete_list", LIST)
create = building.creating("lists.create", "create_list", LIST)
edit = building.editing("lists.edit", "update_list", LIST)


def add(items: Sequence[Item], answers: Answers) -> Intent:
    """Puts the picked `profiles` on the list; people already on it stay."""
    return _members("lists.add_profiles", "add_profiles_to_list", "Joins", items[0], answers["profiles"])


def remove(items: Sequence[Item], answers: Answers) -> Intent:
    """Takes the picked `profiles` off the list; their consent stays as it is."""
    return _members("lists.remove_profiles", "remove_profiles_from_list", "Leaves", items[0], answers["profiles"])


def add_rows(items: Sequence[Item], answers: Answers) -> Intent:
    """Puts the people of pasted rows on the list."""
    people: People = answers["people"]
    intent = _members("lists.add_profiles", "add_profiles_to_list", "Joins", items[0], people.profiles)
    return replace(intent, details=people.details())


def remove_rows(items: Sequence[Item], answers: Answers) -> Intent:
    """Takes the people of pasted rows off the list."""
    people: People = answers["people"]
    intent = _members("lists.remove_profiles", "remove_profiles_from_list", "Leaves", items[0], people.profiles)
    return replace(intent, details=people.details())


def _members(action: str, name_: str, label: str, item: Item, people: Sequence[Item]) -> Intent:
    requests = tuple(
        linked(name_, LIST.target(item), "profiles", label, [("profile", p.id, profiles.name(p)) for p in chunk])
        for chunk in (people[at : at + MOST] for at in range(0, len(people), MOST))
    )
    number = counted(len(people), "profile")
    verb = f"Add {number} to" if label == "Joins" else f"Take {number} off"
    return Intent(action, f"{verb} the list “{{target}}”.", requests, LIST.target(item))
