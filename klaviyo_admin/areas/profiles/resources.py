"""Profiles, declared: the people of an account."""

import re

from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.events import service as events
from klaviyo_admin.areas.events.columns import LATEST
from klaviyo_admin.areas.lists.columns import MEMBERSHIP
from klaviyo_admin.areas.profiles import forms, service
from klaviyo_admin.areas.segments.columns import MATCHED

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_PHONE = re.compile(r"\+\d{7,15}\Z")
_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}\Z")

COLUMNS = (
    Column("name", "Name", service.name),
    Column("email", "E-mail", lambda p: p.get("email"), sort="email"),
    Column("phone_number", "Phone", lambda p: p.get("phone_number")),
    Column("city", "City", lambda p: p.get("location.city"), first=False),
    Column("country", "Country", lambda p: p.get("location.country"), first=False),
    Column("organization", "Organisation", lambda p: p.get("organization"), first=False),
    Column("title", "Title", lambda p: p.get("title"), first=False),
    Column("locale", "Locale", lambda p: p.get("locale"), first=False),
    Column("external_id", "External ID", lambda p: p.get("external_id"), first=False),
    Column("last_event_date", "Last active", lambda p: p.get("last_event_date"), as_="moment"),
    Column("created", "Created", lambda p: p.get("created"), as_="moment", sort="created"),
    Column("updated", "Updated", lambda p: p.get("updated"), as_="moment", sort="updated", first=False),
    Column("id", "ID", lambda p: p.id, as_="id", sort="id", first=False),
)


def _filter(
    key: str,
    label: str,
    operator: str = "equals",
    kind: str = "text",
    field: str = "",
    guess: re.Pattern[str] | None = None,
) -> Filter:
    matches = (lambda word: bool(guess.match(word))) if guess else None
    return Filter(key, label, "get_profiles", field or key, operator, kind, guess=matches)


FILTERS = (
    _filter("email", "E-mail is", guess=_EMAIL),
    _filter("phone_number", "Phone is", guess=_PHONE),
    _filter("external_id", "External ID is"),
    _filter("id", "ID is", guess=_ULID),
    _filter("created_after", "Created after", "greater-than", "moment", "created"),
    _filter("created_before", "Created before", "less-than", "moment", "created"),
    _filter("updated_after", "Updated after", "greater-than", "moment", "updated"),
    _filter("updated_before", "Updated before", "less-than", "moment", "updated"),
)

PROFILES = Resource(
    key="profiles",
    one="profile",
    many="profiles",
    type="profile",
    source=Source("get_profiles", "get_profile", additional={"profile": ("subscriptions",)}),
    name=service.name,
    columns=COLUMNS,
    filters=FILTERS,
    tabs=(
        Tab(
            "lists",
            "Lists",
            "get_lists_for_profile",
            MEMBERSHIP,
            links_to="lists",
            empty="On no list.",
            ids="get_list_ids_for_profile",
        ),
        Tab(
            "segments",
            "Segments",
            "get_segments_for_profile",
            MATCHED,
            links_to="segments",
            empty="In no segment.",
            ids="get_segment_ids_for_profile",
        ),
        Tab(
            "events",
            "Latest events",
            "get_events",
            LATEST,
            links_to="events",
            empty="No events yet.",
            page=events.of_profile,
        ),
    ),
    actions=(
        Action("edit", "Edit", forms.EditProfile, service.edit, ("update_profile",), start=service.start_edit),
        Action(
            "set-property",
            "Set a property",
            forms.SetProperty,
            service.set_property,
            ("update_profile",),
            on="many",
            hint="Every selected profile gets the same value. Each is a request of its own.",
        ),
    ),
)
