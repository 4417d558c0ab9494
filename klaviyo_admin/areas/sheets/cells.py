"""Knows what one cell means: text in, the value for Klaviyo out, or a Fault that says what is wrong and what to do."""

import ipaddress
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from zoneinfo import available_timezones

import orjson
import phonenumbers
from email_validator import EmailNotValidError, validate_email

from klaviyo_admin.klaviyo.values import Json

# Every address that this pattern takes, email-validator takes as well; the rest is asked one by one.
PLAIN_EMAIL = re.compile(
    r"(?=[^@]{1,64}@.{1,180}\Z)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[A-Za-z0-9]{1,30}(?:-[A-Za-z0-9]{1,30})?\.)+(?!(?i:test|local|localhost|invalid|onion|arpa)\Z)[A-Za-z]{2,24}"
)
E164 = re.compile(r"\+[1-9]\d{6,14}")
PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
FLAGS = {"yes": True, "true": True, "y": True, "1": True, "no": False, "false": False, "n": False, "0": False}
_SCIENTIFIC = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"[\s,;/|]+")
_BETWEEN_NUMBERS = re.compile(r"[,;/|\n]+|\s+(?:or|and)\s+")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_NUMBERED_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class Fault(Exception):
    """What is wrong with a cell, and the remedy: two sentences for a person, without the value itself."""

    def __init__(self, wrong: str, remedy: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.remedy = remedy


def email(cell: str) -> str:
    """The address of a cell. The same address twice is one; two different ones are a fault."""
    if PLAIN_EMAIL.fullmatch(cell):
        return cell
    several = [part for part in _BETWEEN_ADDRESSES.split(cell) if part]
    if len(several) > 1 and all("@" in part for part in several):
        if len({part.casefold() for part in several}) > 1:
            raise Fault("Two different e-mail addresses in one cell.", "Keep one address; give the other its own row.")
        return email(several[0])
    try:
        found = validate_email(cell, check_deliverability=False)
    except EmailNotValidError as error:
        raise Fault(_wrong_with_email(cell), "Correct the address, or leave the row out.") from error
    return f"{found.local_part}@{found.ascii_domain}"


def phone(cell: str, country: str) -> str:
    """The number of a cell in E.164. `country` (two letters, may be "") reads numbers without a country code."""
    cell = cell.removeprefix("'")
    if E164.fullmatch(cell):
        if not _is_possible(cell):
            raise Fault("No phone number of that country has this many digits.", "Correct the number.")
        return cell
    if _SCIENTIFIC.fullmatch(cell):
        raise Fault(
            "The spreadsheet shortened the number and lost its last digits.",
            "Format the column as text in the spreadsheet, enter the number again and export.",
        )
    several = {"".join(filter(str.isdigit, part)) for part in _BETWEEN_NUMBERS.split(cell)}
    if sum(len(digits) > 5 for digits in several) > 1:
        raise Fault("Two different phone numbers in one cell.", "Keep one number; give the other its own row.")
    if not country and not cell.startswith(("+", "00")):
        raise Fault(
            "The number has no country code.",
            "Write it like +12125550123, or choose the country of such numbers on the page of the columns.",
        )
    return _parsed_phone(f"+{cell[2:]}" if cell.startswith("00") else cell, country)


def number(cell: str) -> int | float:
    if not PLAIN_NUMBER.fullmatch(cell):
        raise Fault("This is not a number.", "Write it like 1234.56, or choose Text for the column.")
    return float(cell) if "." in cell else int(cell)


def flag(cell: str) -> bool:
    found = FLAGS.get(cell.casefold())
    if found is None:
        raise Fault("This is neither yes nor no.", "Write yes or no, or choose Text for the column.")
    return found


def iso_date(cell: str) -> str:
    """A date or a moment as ISO 8601, which is how Klaviyo knows a date from a text."""
    try:
        if _ISO_DATE.fullmatch(cell):
            datetime.fromisoformat(cell)
            return cell
    except ValueError:
        pass
    raise Fault("This is not a date.", "Write it like 2026-12-31, or choose another kind for the column.")


def day_first(cell: str) -> str:
    return _numbered_date(cell, day=1, month=2, like="31/12/2026")


def month_first(cell: str) -> str:
    return _numbered_date(cell, day=2, month=1, like="12/31/2026")


def several(cell: str) -> list[Json]:
    """A list: as JSON, or separated by semicolons, vertical bars or else commas."""
    if cell.startswith("["):
        try:
            found = orjson.loads(cell)
        except orjson.JSONDecodeError as error:
            raise Fault(
                "The list is not closed or not separated properly.", "Write it like red; green; blue."
            ) from error
        if any(isinstance(part, dict | list) for part in found):
            raise Fault("A list inside a list.", "Write it like red; green; blue.")
        return list(found)
    separator = next((mark for mark in ";|" if mark in cell), ",")
    return [part.strip() for part in cell.split(separator) if part.strip()]


def klaviyo_id(cell: str) -> str:
    if not (cell.isascii() and cell.isalnum() and 5 <= len(cell) <= 32):
        raise Fault("This is no Klaviyo ID.", "Copy the ID from Klaviyo, or leave the cell empty.")
    return cell


def timezone(cell: str) -> str:
    known = _timezones()
    found = known.get(cell.casefold().replace(" ", "_")) if known else cell
    if found is None:
        raise Fault("There is no such time zone.", "Write it like Europe/Berlin or America/New_York.")
    return found


def ip_address(cell: str) -> str:
    try:
        return str(ipaddress.ip_address(cell))
    except ValueError as error:
        raise Fault("This is no IP address.", "Write it like 192.0.2.7, or leave the column out.") from error


def latitude(cell: str) -> float:
    return _degrees(cell, 90, "latitude")


def longitude(cell: str) -> float:
    return _degrees(cell, 180, "longitude")


def is_plain_phone(cell: str) -> bool:
    """Whether `phone` would return the cell as it is; quicker to ask, and rarely wrong about it with False."""
    return E164.fullmatch(cell) is not None and _POSSIBLE.get((cell[:4], len(cell)), False)


# Cells that these take are their own value, so that CHECKS need not be asked: nearly all cells of a clean file.
PLAIN: dict[str, Callable[[str], object]] = {
    "email": PLAIN_EMAIL.fullmatch,
    "phone": is_plain_phone,
    "date": re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])").fullmatch,
}
CHECKS: dict[str, Callable[[str], Json]] = {
    "email": email,
    "number": number,
    "flag": flag,
    "date": iso_date,
    "date-dmy": day_first,
    "date-mdy": month_first,
    "list": several,
    "klaviyo-id": klaviyo_id,
    "timezone": timezone,
    "ip": ip_address,
    "latitude": latitude,
    "longitude": longitude,
}


def _wrong_with_email(cell: str) -> str:
    if "@" not in cell:
        return "The e-mail address has no @."
    if cell.count("@") > 1:
        return "The e-mail address has more than one @."
    local, _, domain = cell.partition("@")
    if not local or not domain:
        return f"The e-mail address has nothing {'before' if not local else 'behind'} the @."
    if re.search(r"\s", cell):
        return "The e-mail address has a space in it."
    if ".." in cell or cell.startswith(".") or local.endswith(".") or domain.startswith(".") or domain.endswith("."):
        return "The e-mail address has a dot too many."
    if "." not in domain:
        return "The part behind the @ has no dot, so it is no domain."
    return "This is not a valid e-mail address."


def _parsed_phone(cell: str, country: str) -> str:
    try:
        found = phonenumbers.parse(cell, country or None)
    except phonenumbers.NumberParseException as error:
        raise Fault("This is not a phone number.", "Write it like +12125550123.") from error
    if found.extension:
        raise Fault("The phone number has an extension.", "Keep only the number itself.")
    if phonenumbers.is_possible_number_with_reason(found) != phonenumbers.ValidationResult.IS_POSSIBLE:
        where = "" if cell.startswith("+") else f" (read as a number of {country}, the country chosen for the file)"
        raise Fault(f"The phone number is too short or too long{where}.", "Write it like +12125550123.")
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


_POSSIBLE: dict[tuple[str, int], bool] = {}


def _is_possible(e164: str) -> bool:
    """Whether a country has numbers of this length. Only the calling code and the length count, so few answers are
    enough for millions of numbers."""
    key = (e164[:4], len(e164))
    if key not in _POSSIBLE:
        try:
            reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(e164, None))
        except phonenumbers.NumberParseException:
            reason = phonenumbers.ValidationResult.INVALID_COUNTRY_CODE
        _POSSIBLE[key] = reason == phonenumbers.ValidationResult.IS_POSSIBLE
    return _POSSIBLE[key]


def _numbered_date(cell: str, *, day: int, month: int, like: str) -> str:
    parts = _NUMBERED_DATE.fullmatch(cell)
    try:
        if parts:
            return date(int(parts[3]), int(parts[month]), int(parts[day])).isoformat()
    except ValueError:
        pass
    raise Fault("This is not a date.", f"Write it like {like}, or choose another kind for the column.")


def _degrees(cell: str, most: int, name: str) -> float:
    if not PLAIN_NUMBER.fullmatch(cell) or abs(float(cell)) > most:
        raise Fault(f"This is no {name}.", f"Write degrees from -{most} to {most}, such as 40.7128.")
    return float(cell)


@cache
def _timezones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
