"""Conversations, declared: people who can be written to, one by one."""

from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.conversations import forms, service
from klaviyo_admin.areas.profiles.service import name
from klaviyo_admin.klaviyo.values import Item


def held(profile: Item) -> str:
    """By what the conversations with a person are held."""
    return ", ".join(service.channel(profile, each) for each in service.conversations(profile))


CONVERSATIONS = Resource(
    key="conversations",
    one="conversation",
    many="conversations",
    type="profile",
    source=Source("get_profiles", "get_profile", include=("conversations",)),
    name=name,
    columns=(
        Column("name", "With", name),
        Column("phone_number", "Phone", lambda p: p.get("phone_number")),
        Column("conversation", "Conversation", held),
        Column("email", "E-mail", lambda p: p.get("email"), first=False),
        Column("last_event_date", "Last active", lambda p: p.get("last_event_date"), as_="moment"),
        Column("updated", "Updated", lambda p: p.get("updated"), as_="moment", sort="updated", first=False),
        Column("id", "ID", lambda p: p.id, as_="id", sort="id", first=False),
    ),
    filters=(
        Filter("phone_number", "Phone is", "get_profiles", "phone_number", guess=lambda word: word.startswith("+")),
        Filter("email", "E-mail is", "get_profiles", "email", guess=lambda word: "@" in word),
        Filter("id", "ID is", "get_profiles", "id", guess=lambda word: len(word) == 26 and word.isalnum()),
    ),
    tabs=(
        Tab(
            "conversations",
            "Conversations",
            "get_conversations_for_profile",
            (
                Column("channel", "Held by", lambda c: service.CHANNELS.get(c.get("channel"), c.get("channel"))),
                Column("id", "ID", lambda c: c.id, as_="id"),
            ),
            empty="None yet. A conversation begins when the person writes to you.",
            ids="get_conversation_ids_for_profile",
        ),
    ),
    actions=(
        Action(
            "write",
            "Write a message",
            forms.WriteMessage,
            service.write_message,
            ("create_conversation_message",),
            start=service.start_message,
            hint="It reaches one real person at once when it is sent, and cannot be called back.",
        ),
    ),
)
