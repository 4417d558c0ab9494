"""Knows how the definition of a sign-up form reads to a person: when it shows, and what each of its steps asks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from klaviyo_admin.areas.signup_forms.columns import SHAPES
from klaviyo_admin.klaviyo.values import Json

BLOCKS: Mapping[str, str] = {
    "age_gate": "Asks for the age",
    "back_in_stock_email_consent_checkbox": "Asks for consent to e-mails",
    "button": "Button",
    "checkboxes": "Boxes to tick",
    "countdown_timer": "Countdown",
    "coupon": "Coupon",
    "custom_html": "HTML of one's own",
    "date": "Asks for a date",
    "dropdown": "Choice from a list",
    "email": "Asks for the e-mail address",
    "html_text": "Text",
    "image": "Picture",
    "opt_in_code": "Asks for the code that was sent",
    "phone_number": "Asks for the phone number",
    "radio_buttons": "Choice of one",
    "review": "Review",
    "signup_counter": "Counter of sign-ups",
    "sms_consent_checkbox": "Asks for consent to text messages",
    "sms_disclosure": "Legal text for text messages",
    "spin_to_win": "Wheel of fortune",
    "text": "Line of text to fill in",
}
TRIGGERS: Mapping[str, str] = {
    "after_close_timeout": "after it was closed, only some time later",
    "back_in_stock": "where something is out of stock",
    "cart_content": "by what is in the basket",
    "cart_item_count": "by how much is in the basket",
    "cart_product": "by the products in the basket",
    "cart_value": "by what the basket is worth",
    "channel": "by how people can be reached",
    "custom_javascript": "when the website's own script says so",
    "device": "on certain devices",
    "exit_intent": "when somebody is about to leave",
    "identified_profiles": "to people who are known",
    "lists_and_segments": "to people of certain lists and segments",
    "location": "in certain places",
    "page_visits": "after some pages",
    "previously_submitted": "by whether it was answered before",
    "profile_event_tracked": "after something happened",
    "unidentified_profiles": "to people who are not known yet",
    "url_patterns": "on certain pages",
}
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a form: its name, its shape, when it shows, and its steps: (name, what it asks and says, in order)."""

    name: str
    shape: str
    shows: tuple[str, ...]
    steps: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def versions(definition: Json) -> tuple[Version, ...]:
    """Every version that a definition holds; nothing for what is no definition."""
    return tuple(_version(one, place) for place, one in enumerate(_list(definition, "versions"), start=1))


def _version(one: Json, place: int) -> Version:
    kind = str(_get(one, "type") or "popup")
    steps = [
        (str(_get(step, "name") or f"Step {number}"), tuple(_blocks(step)))
        for number, step in enumerate(_list(one, "steps"), start=1)
    ]
    shows = tuple(_trigger(trigger) for trigger in _list(one, "triggers"))
    return Version(str(_get(one, "name") or f"Version {place}"), SHAPES.get(kind, kind), shows, tuple(steps))


def _blocks(step: Json) -> Iterator[tuple[str, str]]:
    """What stands in a step from top to bottom: what it is, and its words."""
    for column in _list(step, "columns"):
        for row in _list(column, "rows"):
            for block in _list(row, "blocks"):
                kind = str(_get(block, "type") or "")
                yield BLOCKS.get(kind, kind.replace("_", " ").capitalize()), _words(block)


def _words(block: Json) -> str:
    said = _get(block, "properties") or {}
    words = next((said.get(key) for key in ("content", "label", "placeholder", "property_name") if said.get(key)), "")
    return " ".join(unescape(_TAG.sub(" ", str(words))).split()) if isinstance(words, str) else ""


def _trigger(trigger: Json) -> str:
    kind, said = str(_get(trigger, "type") or ""), _get(trigger, "properties") or {}
    if kind == "delay":
        return f"after {said.get('seconds', 5)} seconds"
    if kind == "scroll_percentage":
        return f"after {said.get('percentage', 30)} % of the page"
    return TRIGGERS.get(kind, kind.replace("_", " "))


def _list(value: Json, key: str) -> list[Any]:
    found = _get(value, key)
    return found if isinstance(found, list) else []


def _get(value: Json, key: str) -> Json:
    return value.get(key) if isinstance(value, Mapping) else None
