"""Schemas of custom objects and their mappings, declared: which properties there are, and where their values come from."""

from klaviyo_admin.areas.base import Action, Resource, Source, Tab
from klaviyo_admin.areas.custom_objects import columns as look
from klaviyo_admin.areas.custom_objects import forms, links, service
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.naming import named
from klaviyo_admin.klaviyo.values import Item

ONLY_DRAFTS = "Only a draft can be changed; what is published is followed by a new draft."
_BREAKS = "Segments that use the link break."


def is_draft(schema: Item) -> bool:
    return bool(schema.get("status") == "draft")


def _links(relation: str, kind: str) -> tuple[Action, Action]:
    """Renaming and removing links to objects or to people: Klaviyo has operations of their own for both."""
    one = "an object" if kind == "object" else "a profile"
    rename, remove = f"update_{kind}_schema_relationship", f"delete_{kind}_schema_relationship"
    start = links.starting(relation)

    def linked(schema: Item) -> bool:
        return is_draft(schema) and bool(schema.related.get(relation))

    return (
        Action(
            f"rename-{kind}-link",
            f"Rename {one} link",
            forms.RenameLink,
            links.renaming(rename, relation),
            (rename,),
            start=start,
            hint=ONLY_DRAFTS,
            suits=linked,
        ),
        Action(
            f"remove-{kind}-link",
            f"Remove {one} link",
            forms.PickLink,
            links.removing(remove, relation),
            (remove,),
            start=start,
            hint=_BREAKS,
            suits=linked,
        ),
    )


OBJECT_SCHEMAS = Resource(
    key="object-schemas",
    one="schema",
    many="schemas",
    type="object-schema",
    source=Source("", "get_object_schema", include=("object-schemas", "profile-object-schemas", "source-mapping")),
    name=look.title,
    columns=(look.TITLE, look.STATUS, look.DESCRIPTION, look.PROPERTIES, look.REQUIRED, look.PUBLISHED, look.SEEN_BY),
    tabs=(
        Tab(
            "mapping",
            "Where its values come from",
            "get_source_mapping_for_object_schema",
            look.MAPPING,
            links_to="source-mappings",
            empty="Nothing is mapped yet, so no record can arrive.",
            ids="get_source_mapping_id_for_object_schema",
        ),
        Tab(
            "links",
            "Linked schemas",
            "get_object_schema_relationships",
            look.NAMED,
            links_to="object-schemas",
            empty="It is linked to no other schema.",
            ids="get_object_schema_relationships",
            lazy=True,
            page=named("get_object_schema_relationships", "get_object_schema", links.leads_to),
        ),
        Tab(
            "people",
            "Links to profiles",
            "get_profile_schema_relationships",
            look.ONLY_ID,
            empty="It is not linked to profiles.",
            ids="get_profile_schema_relationships",
            lazy=True,
        ),
    ),
    actions=(
        Action(
            "edit",
            "Edit the draft",
            forms.EditSchema,
            service.edit_schema,
            ("update_object_schema",),
            start=service.start_schema,
            hint=ONLY_DRAFTS,
            suits=is_draft,
        ),
        Action(
            "map",
            "Say where its values come from",
            forms.MapSchema,
            service.map_schema,
            ("update_source_mapping",),
            start=service.start_mapping,
            hint="All from one source. For several sources, and for links, open the mapping itself.",
            suits=is_draft,
        ),
        Action(
            "publish",
            "Publish the draft",
            NoQuestions,
            service.publish,
            ("update_object_schema",),
            hint="It replaces the schema in force; segments and messages that use a property that is gone can break.",
            suits=is_draft,
        ),
        Action(
            "link-object",
            "Link to an object type",
            forms.LinkObject,
            links.link_object,
            ("create_object_schema_relationship",),
            hint=ONLY_DRAFTS,
            suits=is_draft,
        ),
        Action(
            "link-people",
            "Link to profiles",
            forms.LinkPeople,
            links.link_people,
            ("create_profile_schema_relationship",),
            hint=ONLY_DRAFTS,
            suits=is_draft,
        ),
        *_links(links.OBJECTS, "object"),
        *_links(links.PEOPLE, "profile"),
    ),
)

SOURCE_MAPPINGS = Resource(
    key="source-mappings",
    one="mapping",
    many="mappings",
    type="source-mapping",
    source=Source("", "get_source_mapping"),
    name=look.mapping_name,
    columns=look.MAPPING,
    actions=(
        Action(
            "edit",
            "Edit by hand",
            forms.MapByHand,
            service.map_by_hand,
            ("update_source_mapping",),
            start=service.start_by_hand,
            hint=ONLY_DRAFTS,
        ),
    ),
)
