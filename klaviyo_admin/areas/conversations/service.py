"""The pure builder of a message to one person."""

from collections.abc import Sequence
from typing import Any

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.profiles.service import name
from klaviyo_admin.intents import FieldChange, Intent
from klaviyo_admin.klaviyo.values import Item, Kind

CHANNELS = {"sms": "Text message (SMS)", "whatsapp": "WhatsApp", "email": "E-mail", "webchat": "Web chat"}
PERSON = Noun("person", "people", "profile", "get_profile", name)


def conversations(profile: Item) -> tuple[Kind, ...]:
    """The conversations that came with a profile; the name of the relation differs between Klaviyo's answers."""
    return tuple(profile.related.get("conversations") or profile.related.get("conversation") or ())


def channel(profile: Item, conversation: Kind) -> str:
    """What a conversation is held by, in words; its id where Klaviyo does not say."""
    kind = next((str(found.get("channel", "")) for found in profile.included.get(conversation, ())), "")
    return CHANNELS.get(kind, kind) or conversation.id


def start_message(items: Sequence[Item]) -> dict[str, Any]:
    (profile,) = items
    return {"conversations": [(each.id, channel(profile, each)) for each in conversations(profile)]}


def write_message(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a message, which leaves at once when it is carried out."""
    (profile,) = items
    target = PERSON.target(profile)
    fields = (FieldChange(("body",), "Message", None, answers["body"]),)
    related = {"conversation": {"data": {"type": "conversation", "id": answers["conversation"]}}}
    request = building.posted("create_conversation_message", target, fields, related)
    return Intent("conversations.write", "Write a message to {target}.", (request,), target)
