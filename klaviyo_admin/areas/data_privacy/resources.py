"""Data privacy, declared: people who asked to be forgotten, what is known of them, and the request to erase it."""

from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.data_privacy import forms, service
from klaviyo_admin.areas.events import service as events
from klaviyo_admin.areas.events.columns import LATEST
from klaviyo_admin.areas.lists.columns import MEMBERSHIP
from klaviyo_admin.areas.profiles.service import name
from klaviyo_admin.areas.segments.columns import MATCHED

DATA_PRIVACY = Resource(
    key="data-privacy",
    one="person",
    many="people",
    type="profile",
    source=Source("get_profiles", "get_profile", additional={"profile": ("subscriptions",)}, sort="-updated"),
    name=name,
    columns=(
        Column("name", "Name", name),
        Column("email", "E-mail", lambda p: p.get("email"), sort="email"),
        Column("phone_number", "Phone", lambda p: p.get("phone_number")),
        Column("external_id", "External ID", lambda p: p.get("external_id"), first=False),
        Column("created", "Known since", lambda p: p.get("created"), as_="moment", sort="created"),
        Column("last_event_date", "Last active", lambda p: p.get("last_event_date"), as_="moment"),
        Column("id", "ID", lambda p: p.id, as_="id", sort="id"),
    ),
    filters=(
        Filter("email", "E-mail is", "get_profiles", "email", guess=lambda word: "@" in word),
        Filter("phone_number", "Phone is", "get_profiles", "phone_number", guess=lambda word: word.startswith("+")),
        Filter("external_id", "External ID is", "get_profiles", "external_id"),
        Filter("id", "ID is", "get_profiles", "id", guess=lambda word: len(word) == 26 and word.isalnum()),
    ),
    tabs=(
        Tab(
            "events", "What they did", "get_events", LATEST, links_to="events", empty="Nothing.", page=events.of_profile
        ),
        Tab("lists", "Lists", "get_lists_for_profile", MEMBERSHIP, links_to="lists", empty="On no list."),
        Tab("segments", "Segments", "get_segments_for_profile", MATCHED, links_to="segments", empty="In no segment."),
    ),
    actions=(
        Action(
            "erase",
            "Delete for good",
            forms.Erase,
            service.erase,
            ("request_profile_deletion",),
            on="many",
            start=service.start,
            hint="For privacy requests. Klaviyo erases the profile with its whole history; nothing brings it back.",
        ),
        Action(
            "erase-rows",
            "Delete a list of people",
            forms.EraseRows,
            service.erase_rows,
            ("request_profile_deletion",),
            on="new",
            hint="By e-mail or phone, pasted or from a file. Klaviyo erases every profile that has one of these addresses.",
        ),
    ),
)
