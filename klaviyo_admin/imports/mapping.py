"""Knows where the columns of a file may go: Klaviyo's own fields, custom properties, or nowhere; and guesses which."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from klaviyo_admin.areas.sheets.headings import Heading, added_in

LEAVE_OUT = ""
PROPERTY = "property"
# What a custom property can be, and what it is called. The order is that of the form.
KINDS = {
    "text": "Text",
    "number": "Number",
    "flag": "Yes or no",
    "date": "Date (2026-12-31)",
    "date-dmy": "Date (31/12/2026)",
    "date-mdy": "Date (12/31/2026)",
    "list": "List",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of Klaviyo's own. `path` leads to it in a profile's attributes; the Klaviyo ID lies outside of them.

    `identifies`: one of these must be in every row. `check` names the rule of checking.py for its cells.
    """

    key: str
    label: str
    path: tuple[str, ...]
    check: str = "text"
    identifies: bool = False


FIELDS = {
    field.key: field
    for field in (
        Field("email", "Email", ("email",), "email", True),
        Field("phone_number", "Phone Number", ("phone_number",), "phone", True),
        Field("external_id", "External ID", ("external_id",), "text", True),
        Field("id", "Klaviyo ID", ("id",), "klaviyo-id", True),
        Field("first_name", "First Name", ("first_name",)),
        Field("last_name", "Last Name", ("last_name",)),
        Field("organization", "Organization", ("organization",)),
        Field("title", "Title", ("title",)),
        Field("image", "Image", ("image",)),
        Field("locale", "Locale", ("locale",)),
        Field("location.address1", "Address", ("location", "address1")),
        Field("location.address2", "Address 2", ("location", "address2")),
        Field("location.city", "City", ("location", "city")),
        Field("location.region", "State / Region", ("location", "region")),
        Field("location.zip", "Zip Code", ("location", "zip")),
        Field("location.country", "Country", ("location", "country")),
        Field("location.latitude", "Latitude", ("location", "latitude"), "latitude"),
        Field("location.longitude", "Longitude", ("location", "longitude"), "longitude"),
        Field("location.timezone", "Timezone", ("location", "timezone"), "timezone"),
        Field("location.ip", "Source IP", ("location", "ip"), "ip"),
    )
}

_ALSO_CALLED = {
    "email": "e mail, email address, e mail address, mail",
    "phone_number": "phone, mobile, mobile number, mobile phone, telephone, tel, sms number, cell, cell phone",
    "external_id": "externalid, customer id, customerid",
    "id": "klaviyoid, profile id, klaviyo profile id",
    "first_name": "firstname, given name, forename",
    "last_name": "lastname, surname, family name",
    "organization": "organisation, company, company name",
    "title": "job title",
    "image": "image url, avatar",
    "locale": "locale: language, language tag",
    "location.address1": "address1, address 1, address line 1, street, street address",
    "location.address2": "address2, address line 2",
    "location.city": "town",
    "location.region": "region, state, state/region, state region, province, state/province",
    "location.zip": "zip, zipcode, postal code, postcode, post code, zip/postal code",
    "location.country": "country name, country code",
    "location.latitude": "lat",
    "location.longitude": "lon, lng, long",
    "location.timezone": "time zone",
    "location.ip": "ip, ip address",
}
_KEEPS = "Klaviyo keeps this itself; an import cannot set it."
_CONSENT = "An import does not change consent; that is a change of its own."
_READ_ONLY = {
    "created": _KEEPS,
    "created at": _KEEPS,
    "updated": _KEEPS,
    "updated at": _KEEPS,
    "profile created on": _KEEPS,
    "profile created": _KEEPS,
    "date added": _KEEPS,
    "added at": _KEEPS,
    "joined at": _KEEPS,
    "source": _KEEPS,
    "first active": _KEEPS,
    "last active": _KEEPS,
    "last open": _KEEPS,
    "last click": _KEEPS,
    "email suppressions": _CONSENT,
    "email suppressions timestamp": _CONSENT,
    "suppressed": _CONSENT,
    "anonymous id": _KEEPS,
    "historic number of orders": _KEEPS,
    "historic customer lifetime value": _KEEPS,
    "total customer lifetime value": _KEEPS,
    "average order value": _KEEPS,
    "average days between orders": _KEEPS,
    "churn risk prediction": _KEEPS,
    "expected date of next order": _KEEPS,
}
_READ_ONLY_PATTERNS = (
    (re.compile(r".*\b(consent|double opt in)\b.*"), _CONSENT),
    (re.compile(r"predicted .*"), _KEEPS),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Where one column goes: LEAVE_OUT, PROPERTY (then `name` and `kind` count) or the key of a Field.

    `why` is a sentence for the person when a column is left out by the guess.
    """

    index: int
    heading: str
    target: str
    name: str = ""
    kind: str = "text"
    why: str = ""

    @property
    def lands_on(self) -> str:
        """What no other column may land on as well; empty when the column is left out."""
        return f"custom property “{self.name}”" if self.target == PROPERTY else self.label

    @property
    def label(self) -> str:
        return FIELDS[self.target].label if self.target in FIELDS else ""


def guess(headings: Sequence[Heading], kinds: Mapping[int, str], empty: Iterable[int] = ()) -> tuple[Choice, ...]:
    """A first mapping by the headings alone. `kinds`: the kind that each column's values have, `empty`: columns
    without any value."""
    without_value = set(empty)
    added = added_in(heading.given for heading in headings)
    taken: dict[str, str] = {}
    choices = []
    for heading in headings:
        choice = _guess_one(heading, kinds.get(heading.index, "text"), added)
        if heading.index in without_value:
            choice = _left_out(heading, "The column is empty.")
        elif choice.lands_on and choice.lands_on in taken:
            choice = _left_out(heading, f"“{taken[choice.lands_on]}” already goes to {choice.lands_on}.")
        if choice.lands_on:
            taken[choice.lands_on] = heading.name
        choices.append(choice)
    return tuple(choices)


def faults(choices: Sequence[Choice]) -> tuple[str, ...]:
    """Sentences that say why a mapping cannot be used as it is; none when it can."""
    found = []
    by_place: dict[str, list[str]] = {}
    for choice in choices:
        if choice.target == PROPERTY and not choice.name.strip():
            found.append(f"Give the custom property of “{choice.heading}” a name.")
        elif choice.lands_on:
            by_place.setdefault(choice.lands_on, []).append(choice.heading)
    for place, names in by_place.items():
        if len(names) > 1:
            both = " and ".join(f"“{name}”" for name in names)
            found.append(f"{both} both go to {place}. Choose one of them and leave the other out.")
    if not any(choice.target in FIELDS and FIELDS[choice.target].identifies for choice in choices):
        known = ", ".join(field.label for field in FIELDS.values() if field.identifies)
        found.append(f"No column says who a row is about. One column must go to one of these: {known}.")
    return tuple(found)


def to_json(choices: Iterable[Choice]) -> list[dict[str, Any]]:
    return [asdict(choice) for choice in choices]


def from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(**choice) for choice in stored)


def _guess_one(heading: Heading, kind: str, added: Sequence[str]) -> Choice:
    plain = _plain(heading.given)
    if not plain:
        return _left_out(heading, "The column has no heading.")
    if heading.given in added:
        return _left_out(heading, "Added by “Download rejected rows”.")
    for base in (plain, plain.removeprefix("location "), plain.removeprefix("$")):
        if base in _TARGETS:
            return Choice(heading.index, heading.name, _TARGETS[base])
    why = _READ_ONLY.get(plain) or next((why for shape, why in _READ_ONLY_PATTERNS if shape.fullmatch(plain)), "")
    if why:
        return _left_out(heading, why)
    return Choice(heading.index, heading.name, PROPERTY, heading.name, kind)


def _left_out(heading: Heading, why: str) -> Choice:
    return Choice(heading.index, heading.name, LEAVE_OUT, heading.name, "text", why)


def _plain(heading: str) -> str:
    """A heading without case, spacing and layout: "State_Region " and "state / region" are one."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return " ".join(re.sub(r"[\s_\-/.]+", " ", spaced).casefold().split())


_TARGETS = {
    _plain(name): key
    for key, field in FIELDS.items()
    for name in (field.label, key, field.path[-1], *_ALSO_CALLED[key].split(","))
    if name != "id"  # a bare "ID" is more often the shop's own number than Klaviyo's
}
