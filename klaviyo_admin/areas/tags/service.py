"""The pure builders of changes to tags and their groups."""

from collections.abc import Sequence

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.words import name, plain
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item

TAG = Noun("tag", "tags", "tag", "get_tag", name, {"name": "Name"})
GROUP = Noun(
    "tag group", "tag groups", "tag-group", "get_tag_group", name, {"name": "Name", "exclusive": "Only one of its tags"}
)

start_tag, start_group = building.starting(TAG), building.starting(GROUP)
edit_tag = building.editing("tags.edit", "update_tag", TAG)
delete_tags = building.deleting("tags.delete", "delete_tag", TAG)
edit_group = building.editing("tags.edit_group", "update_tag_group", GROUP)
create_group = building.creating("tags.create_group", "create_tag_group", GROUP)
delete_groups = building.deleting("tags.delete_group", "delete_tag_group", GROUP)


def create_tag(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a new tag, in the picked `group` if there is one."""
    group: Item | None = answers.get("group")
    target = TAG.new(answers["name"])
    related = {"tag-group": building.to_one(group)} if group else None
    request = building.posted("create_tag", target, TAG.changes(answers), related)
    where = f" in the group “{plain(name(group))}”" if group else ""
    return Intent("tags.create", f"Create the tag “{{target}}”{where}.", (request,), target)
