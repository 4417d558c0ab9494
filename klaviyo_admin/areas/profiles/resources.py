"""Profiles, declared: the people of an account."""

import re
from collections.abc import Sequence

from django.forms import Form

from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.building import Build
from klaviyo_admin.areas.events import service as events
from klaviyo_admin.areas.events.columns import LATEST
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.lists.columns import MEMBERSHIP
from klaviyo_admin.areas.profiles import consent, consent_forms, devices, forms, joining, merging, service
from klaviyo_admin.areas.profiles.columns import TALKS
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

TABS = (
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
        "Timeline",
        "get_events",
        LATEST,
        links_to="events",
        empty="No events yet.",
        page=events.of_profile,
    ),
    Tab(
        "devices",
        "Devices",
        "get_push_tokens_for_profile",
        devices.DEVICES,
        links_to="push-tokens",
        empty="No device takes push messages.",
        ids="get_push_token_ids_for_profile",
        lazy=True,
    ),
    Tab(
        "conversations",
        "Conversations",
        "get_conversations_for_profile",
        TALKS,
        empty="No conversation yet.",
        ids="get_conversation_ids_for_profile",
        lazy=True,
    ),
    Tab(
        "conversation",
        "Conversation by SMS",
        "get_conversation_for_profile",
        TALKS,
        empty="No conversation yet.",
        ids="get_conversation_id_for_profile",
        lazy=True,
    ),
)


def _consenting(
    key: str, verb: str, hint: str, questions: Sequence[type[Form]], builds: Sequence[Build], rows: str = ""
) -> tuple[Action, Action]:
    """The same for selected profiles and for people who are pasted or uploaded."""
    sent = (f"bulk_{key}_profiles",)
    return (
        Action(key, verb, questions[0], builds[0], sent, on="many", hint=hint),
        Action(f"{key}-rows", rows or f"{verb} a list of people", questions[1], builds[1], sent, on="new", hint=hint),
    )


LISTS = (
    Action(
        "join-list",
        "Add to a list",
        forms.OneList,
        joining.join,
        ("add_profiles_to_list",),
        on="many",
        hint="Being on a list is not consent: nobody is subscribed by this.",
    ),
    Action(
        "leave-list",
        "Take off a list",
        forms.OneList,
        joining.leave,
        ("remove_profiles_from_list",),
        on="many",
        hint="Who leaves a list stays subscribed to what they subscribed to.",
    ),
)
SUBSCRIBE = _consenting(
    "subscribe",
    "Subscribe",
    "Only people who agreed may be subscribed. Klaviyo takes a minute or three until it shows.",
    (consent_forms.Subscribe, consent_forms.SubscribeRows),
    (consent.subscribe, consent.subscribe_rows),
)
UNSUBSCRIBE = _consenting(
    "unsubscribe",
    "Unsubscribe",
    "To subscribe them again later, they have to agree again.",
    (consent_forms.Unsubscribe, consent_forms.UnsubscribeRows),
    (consent.unsubscribe, consent.unsubscribe_rows),
)
SUPPRESS = _consenting(
    "suppress",
    "Suppress",
    "No marketing by e-mail reaches suppressed people, whatever they agreed to.",
    (NoQuestions, consent_forms.SuppressRows),
    (consent.suppress, consent.suppress_rows),
)
UNSUPPRESS = _consenting(
    "unsuppress",
    "End suppression",
    "Only suppressions made by hand end; who unsubscribed or bounced stays suppressed.",
    (NoQuestions, consent_forms.SuppressRows),
    (consent.unsuppress, consent.unsuppress_rows),
    rows="End suppression of a list of people",
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
    tabs=TABS,
    actions=(
        Action("edit", "Edit", forms.EditProfile, service.edit, ("update_profile",), start=service.start_edit),
        Action("create", "New profile", forms.NewProfile, service.create, ("create_profile",), on="new"),
        Action(
            "upsert",
            "Add or update one",
            forms.NewProfile,
            service.upsert,
            ("create_or_update_profile",),
            on="new",
            hint="Whoever has the same e-mail, phone or external ID gets these values; what is left empty stays as it is.",
        ),
        Action(
            "set-property",
            "Set a property",
            forms.SetProperty,
            service.set_property,
            ("update_profile",),
            on="many",
            hint="Every selected profile gets the same value. Each is a request of its own.",
        ),
        Action(
            "merge",
            "Merge another profile into it",
            forms.MergeProfile,
            merging.merge,
            ("merge_profiles",),
            hint="What this profile lacks it takes from the other one, which is gone then and does not come back.",
        ),
        *LISTS,
        *SUBSCRIBE,
        *UNSUBSCRIBE,
        *SUPPRESS,
        *UNSUPPRESS,
        Action(
            "add-device",
            "Register a device",
            devices.NewToken,
            devices.register,
            ("create_push_token",),
            hint="An app does this by itself; by hand it is for a device that went missing.",
        ),
    ),
)
