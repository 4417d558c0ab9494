"""Lists, declared: groups of profiles that people join or are put on."""

from klaviyo_admin.areas import tagging
from klaviyo_admin.areas.base import Action, Filter, Resource, Source, Tab
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.flows.columns import TRIGGERED
from klaviyo_admin.areas.lists import forms, service
from klaviyo_admin.areas.lists.columns import CREATED, ID, NAME, PROCESS, UPDATED
from klaviyo_admin.areas.profiles.columns import MEMBERS
from klaviyo_admin.areas.words import name

LISTS = Resource(
    key="lists",
    one="list",
    many="lists",
    type="list",
    source=Source("get_lists", "get_list"),
    name=name,
    columns=(NAME, PROCESS, CREATED, UPDATED, ID),
    filters=(
        Filter("name", "Name is exactly", "get_lists", "name", guess=lambda word: True),
        Filter("id", "ID is", "get_lists", "id"),
        Filter("created_after", "Created after", "get_lists", "created", "greater-than", "moment"),
        Filter("updated_after", "Updated after", "get_lists", "updated", "greater-than", "moment"),
    ),
    tabs=(
        Tab(
            "profiles",
            "Profiles",
            "get_profiles_for_list",
            MEMBERS,
            links_to="profiles",
            empty="Nobody is on this list.",
            ids="get_profile_ids_for_list",
            sort="-joined_group_at",
        ),
        tagging.tab("get_tags_for_list", "get_tag_ids_for_list"),
        Tab(
            "flow-triggers",
            "Flows that it starts",
            "get_flows_triggered_by_list",
            TRIGGERED,
            links_to="flows",
            empty="Joining this list starts no flow.",
            ids="get_ids_for_flows_triggered_by_list",
        ),
    ),
    actions=(
        Action("edit", "Rename or edit", forms.EditList, service.edit, ("update_list",), start=service.start_edit),
        Action(
            "add-profiles",
            "Add profiles",
            forms.PickProfiles,
            service.add,
            ("add_profiles_to_list",),
            hint="Being on a list is not consent: nobody is subscribed by this.",
        ),
        Action(
            "remove-profiles",
            "Take profiles off",
            forms.PickProfiles,
            service.remove,
            ("remove_profiles_from_list",),
            hint="Who leaves a list stays subscribed to what they subscribed to.",
        ),
        Action(
            "add-people",
            "Add pasted people",
            forms.PastePeople,
            service.add_rows,
            ("add_profiles_to_list",),
            hint="Being on a list is not consent: nobody is subscribed by this.",
        ),
        Action(
            "remove-people",
            "Take pasted people off",
            forms.PastePeople,
            service.remove_rows,
            ("remove_profiles_from_list",),
            hint="Who leaves a list stays subscribed to what they subscribed to.",
        ),
        tagging.tag("lists", service.LIST, "tag_lists"),
        tagging.untag("lists", service.LIST, "remove_tag_from_lists"),
        Action("create", "New list", forms.NewList, service.create, ("create_list",), on="new"),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete,
            ("delete_list",),
            on="many",
            hint="The people stay; who was on the list cannot be brought back by Klaviyo.",
        ),
    ),
)
