"""Tags and their groups, declared: labels on lists, segments, campaigns and flows."""

from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.naming import named
from klaviyo_admin.areas.tags import forms, service
from klaviyo_admin.areas.tags.columns import GROUP, ID, NAME, NAMED
from klaviyo_admin.areas.words import name

_NAMED = (Column("name", "Name", name), Column("id", "ID", lambda x: x.id, as_="id"))


def _tagged(key: str, label: str, operation: str, read: str) -> Tab:
    page = named(operation, read)
    return Tab(key, label, operation, _NAMED, links_to=key, empty="None.", ids=operation, lazy=True, page=page)


TAGS = Resource(
    key="tags",
    one="tag",
    many="tags",
    type="tag",
    source=Source("get_tags", "get_tag", include=("tag-group",), sort="name"),
    name=name,
    columns=(NAME, GROUP, ID),
    filters=(Filter("name", "Name contains", "get_tags", "name", "contains", guess=lambda word: True),),
    tabs=(
        Tab(
            "group",
            "Group",
            "get_tag_group_for_tag",
            NAMED,
            links_to="tag-groups",
            ids="get_tag_group_id_for_tag",
            lazy=True,
        ),
        _tagged("lists", "Lists with it", "get_list_ids_for_tag", "get_lists"),
        _tagged("segments", "Segments with it", "get_segment_ids_for_tag", "get_segments"),
        _tagged("campaigns", "Campaigns with it", "get_campaign_ids_for_tag", "get_campaign"),
        _tagged("flows", "Flows with it", "get_flow_ids_for_tag", "get_flows"),
    ),
    actions=(
        Action("edit", "Rename", forms.EditTag, service.edit_tag, ("update_tag",), start=service.start_tag),
        Action("create", "New tag", forms.NewTag, service.create_tag, ("create_tag",), on="new"),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete_tags,
            ("delete_tag",),
            on="many",
            hint="It comes off everything that has it.",
        ),
    ),
)

TAG_GROUPS = Resource(
    key="tag-groups",
    one="tag group",
    many="tag groups",
    type="tag-group",
    source=Source("get_tag_groups", "get_tag_group", sort="name"),
    name=name,
    columns=(
        NAME,
        Column("exclusive", "Only one of its tags", lambda g: g.get("exclusive"), as_="flag"),
        Column("default", "Default", lambda g: g.get("default"), as_="flag"),
        ID,
    ),
    filters=(
        Filter("name", "Name contains", "get_tag_groups", "name", "contains", guess=lambda word: True),
        Filter("exclusive", "Only one of its tags", "get_tag_groups", "exclusive", kind="flag"),
        Filter("default", "Default", "get_tag_groups", "default", kind="flag"),
    ),
    tabs=(Tab("tags", "Tags", "get_tags_for_tag_group", NAMED, links_to="tags", ids="get_tag_ids_for_tag_group"),),
    actions=(
        Action(
            "edit", "Rename", forms.EditTagGroup, service.edit_group, ("update_tag_group",), start=service.start_group
        ),
        Action("create", "New tag group", forms.NewTagGroup, service.create_group, ("create_tag_group",), on="new"),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete_groups,
            ("delete_tag_group",),
            on="many",
            hint="Its tags go with it.",
        ),
    ),
)
