"""Segments, declared: groups of profiles that follow from a definition."""

from klaviyo_admin.areas.base import Filter, Resource, Source, Tab
from klaviyo_admin.areas.profiles.columns import MEMBERS
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
            "profiles",
            "Profiles",
            "get_profiles_for_segment",
            MEMBERS,
            links_to="profiles",
            empty="Nobody matches now.",
            ids="get_profile_ids_for_segment",
            sort="-joined_group_at",
        ),
    ),
)
