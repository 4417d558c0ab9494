"""Segments, declared: groups of profiles that follow from a definition."""

from klaviyo_admin.areas import tagging
from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.flows.columns import TRIGGERED
from klaviyo_admin.areas.profiles.columns import MEMBERS
from klaviyo_admin.areas.segments import forms, service
from klaviyo_admin.areas.segments.columns import CREATED, ID, NAME, STARRED, STATE, UPDATED
from klaviyo_admin.areas.words import name

SEGMENTS = Resource(
    key="segments",
    one="segment",
    many="segments",
    type="segment",
    source=Source("get_segments", "get_segment"),
    name=name,
    columns=(NAME, STATE, STARRED, CREATED, UPDATED, ID),
    filters=(
        Filter("name", "Name is exactly", "get_segments", "name", guess=lambda word: True),
        Filter("id", "ID is", "get_segments", "id"),
        Filter("is_active", "Active", "get_segments", "is_active", kind="flag"),
        Filter("is_starred", "Starred", "get_segments", "is_starred", kind="flag"),
        Filter("created_after", "Created after", "get_segments", "created", "greater-than", "moment"),
        Filter("updated_after", "Updated after", "get_segments", "updated", "greater-than", "moment"),
    ),
    tabs=(
        Tab(
            "definition",
            "Who is in it",
            "get_segment",
            (Column("joint", "", lambda c: c.get("joint")), Column("text", "Condition", lambda c: c.get("text"))),
            empty="It has no conditions.",
            lazy=True,  # the page shows it at once, with ids; with names it takes further looks
            page=service.definition,
        ),
        Tab(
            "profiles",
            "Profiles",
            "get_profiles_for_segment",
            MEMBERS,
            links_to="profiles",
            empty="Nobody matches now.",
            ids="get_profile_ids_for_segment",
            sort="-joined_group_at",
        ),
        tagging.tab("get_tags_for_segment", "get_tag_ids_for_segment"),
        Tab(
            "flow-triggers",
            "Flows that it starts",
            "get_flows_triggered_by_segment",
            TRIGGERED,
            links_to="flows",
            empty="Entering this segment starts no flow.",
            ids="get_ids_for_flows_triggered_by_segment",
        ),
    ),
    actions=(
        Action("edit", "Edit", forms.EditSegment, service.edit, ("update_segment",), start=service.start_edit),
        Action(
            "switch",
            "Switch on or off",
            forms.SwitchSegment,
            service.switch,
            ("update_segment",),
            start=service.start_switch,
            hint="Who is in an inactive segment stays in it; nobody enters or leaves.",
        ),
        tagging.tag("segments", service.SEGMENT, "tag_segments"),
        tagging.untag("segments", service.SEGMENT, "remove_tag_from_segments"),
        Action("create", "New segment", forms.NewSegment, service.create, ("create_segment",), on="new"),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete,
            ("delete_segment",),
            on="many",
            hint="Its people stay. Flows that it starts and campaigns that use it lose it.",
        ),
    ),
)
