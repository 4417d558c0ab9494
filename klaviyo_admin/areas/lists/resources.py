"""Lists, declared: groups of profiles that people join or are put on."""

from klaviyo_admin.areas.base import Action, Filter, Resource, Tab
from klaviyo_admin.areas.lists import forms, service
from klaviyo_admin.areas.lists.columns import CREATED, ID, NAME, PROCESS, UPDATED
from klaviyo_admin.areas.profiles.columns import MEMBERS

LISTS = Resource(
    key="lists",
    one="list",
    many="lists",
    page=service.page,
    item=service.item,
    name=service.name,
    columns=(NAME, PROCESS, CREATED, UPDATED, ID),
    filters=(
        Filter("name", "Name is exactly", "get_lists", "name", guess=lambda word: True),
        Filter("id", "ID is", "get_lists", "id"),
        Filter("created_after", "Created after", "get_lists", "created", "greater-than", "moment"),
        Filter("updated_after", "Updated after", "get_lists", "updated", "greater-than", "moment"),
    ),
    tabs=(Tab("profiles", "Profiles", service.members, MEMBERS, links_to="profiles", empty="Nobody is on this list."),),
    actions=(
        Action("edit", "Rename or edit", forms.EditList, service.edit, start=service.start_edit),
        Action("create", "New list", forms.NewList, service.create, on="new"),
    ),
)
