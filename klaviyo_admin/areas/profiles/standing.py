"""Knows how a person's consent reads: channel by channel, what may be sent, since when, and what stands in the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from klaviyo_admin.klaviyo.values import Item

CHANNELS = (
    (("email", "marketing"), "E-mail marketing"),
    (("email", "open_tracking"), "Tracking of opened e-mails"),
    (("sms", "marketing"), "SMS marketing"),
    (("sms", "transactional"), "SMS about orders and accounts"),
    (("mobile_push", "marketing"), "Push messages"),
    (("whatsapp", "marketing"), "WhatsApp marketing"),
    (("whatsapp", "transactional"), "WhatsApp about orders and accounts"),
    (("whatsapp", "conversational"), "WhatsApp conversations"),
)
REASONS = {
    "HARD_BOUNCE": "the address bounced for good",
    "INVALID_EMAIL": "the address is no valid one",
    "SPAM_COMPLAINT": "marked as spam",
    "SPAM_REPORT": "marked as spam",
    "UNSUBSCRIBE": "unsubscribed",
    "USER_SUPPRESSED": "suppressed by hand",
}
METHODS = {
    "FORM": "by a form",
    "PREFERENCE_PAGE": "on the preference page",
    "MANUAL_ADD": "added by hand",
    "MANUAL_IMPORT": "by an import",
    "INBOUND_MESSAGE": "by a message",
    "CHECKOUT": "at the checkout",
    "INTEGRATION": "by an integration",
    "API": "by the API",
    "CUSTOM": "otherwise",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One channel: its name; in a word how it stands, with a tone (good, bad, wary, plain); since when (RFC 3339 or "");
    and what more there is to say."""

    channel: str
    word: str
    tone: str
    since: str = ""
    more: tuple[str, ...] = ()


def standings(profile: Item) -> tuple[Standing, ...]:
    """Every channel that the profile says something about; those never used last."""
    subscriptions = profile.get("subscriptions") or {}
    found = [
        _standing(label, said)
        for (kind, purpose), label in CHANNELS
        if isinstance(said := (subscriptions.get(kind) or {}).get(purpose), Mapping)
    ]
    return tuple(sorted(found, key=lambda one: one.tone == "plain"))


def _standing(label: str, said: Mapping[str, Any]) -> Standing:
    more, since = tuple(_more(said)), str(said.get("consent_timestamp") or "")
    reaches = next((bool(value) for key, value in said.items() if key.startswith("can_receive")), None)
    match said.get("consent"):
        case "SUBSCRIBED" if reaches is False:
            return Standing(label, "Subscribed, but kept back", "wary", since, more)
        case "SUBSCRIBED":
            return Standing(label, "Subscribed", "good", since, more)
        case "UNSUBSCRIBED":
            return Standing(label, "Unsubscribed", "bad", since or str(said.get("last_updated") or ""), more)
        case _ if said.get("suppression"):
            return Standing(label, "Kept back", "wary", since, more)
        case _ if reaches:
            return Standing(label, "Never asked, may be written to", "plain", since, more)
    return Standing(label, "Never subscribed", "plain", since, more)


def _more(said: Mapping[str, Any]) -> Iterator[str]:
    method = str(said.get("method") or "")
    if method:
        detail = said.get("custom_method_detail") or said.get("method_detail")
        how = METHODS.get(method, method.replace("_", " ").lower())
        yield f"{how[:1].upper()}{how[1:]}{f' ({detail})' if detail else ''}" + (
            ", confirmed by double opt-in" if said.get("double_optin") else ""
        )
    for each in said.get("suppression") or ():
        yield f"Nothing is sent: {_reason(each)}"
    for each in said.get("list_suppressions") or ():
        yield f"Nothing is sent to the list {each.get('list_id')}: {_reason(each)}"


def _reason(suppression: Mapping[str, Any]) -> str:
    known = str(suppression.get("reason"))
    day = str(suppression.get("timestamp") or "")[:10]
    return f"{REASONS.get(known, known.replace('_', ' ').lower())}{f' on {day}' if day else ''}"
