"""Single cells: e-mail addresses, phone numbers, numbers, dates, lists."""

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from klaviyo_admin.areas.sheets import cells
from klaviyo_admin.areas.sheets.cells import CHECKS, E164, PLAIN_EMAIL, Fault


@pytest.mark.parametrize(
    ("given_", "sent"),
    [
        ("ann@example.com", "ann@example.com"),
        ("Ann.Smith+news@mail.example.com", "Ann.Smith+news@mail.example.com"),
        ("o'hara@example.com", "o'hara@example.com"),
        ("ann@münchen.de", "ann@xn--mnchen-3ya.de"),
        ("a@example.com,a@example.com", "a@example.com"),
    ],
)
def test_an_address_is_kept(given_: str, sent: str) -> None:
    assert cells.email(given_) == sent


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ("ann.example.com", "no @"),
        ("ann@@example.com", "more than one @"),
        ("@example.com", "nothing before"),
        ("ann@", "nothing behind"),
        ("ann smith@example.com", "a space"),
        ("ann..smith@example.com", "a dot too many"),
        ("ann@example.com.", "a dot too many"),
        ("ann@example", "no dot"),
        ("ann@shop.local", "not a valid"),
        ("Ann <ann@example.com>", "space"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(given_: str, says: str) -> None:
    with pytest.raises(Fault) as fault:
        cells.email(given_)
    assert says in fault.value.wrong


WORDS = st.text(alphabet="abXY09_+-.", min_size=1, max_size=70)
DOMAINS = st.text(alphabet="abXY09-.", min_size=1, max_size=90)
ENDS = st.sampled_from(["com", "co.uk", "test", "LOCAL", "x", "c0m", "museum", "localhost", "arpa"])


@settings(max_examples=1000, deadline=None)
@given(st.builds("{}@{}.{}".format, WORDS, DOMAINS, ENDS))
def test_what_the_plain_pattern_takes_the_full_check_takes_too(address: str) -> None:
    if not PLAIN_EMAIL.fullmatch(address):
        return
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:  # pragma: no cover
        raise AssertionError(address) from error


@pytest.mark.parametrize(
    ("given_", "country", "sent"),
    [
        ("+12125550123", "", "+12125550123"),
        ("+1 (212) 555-0123", "", "+12125550123"),
        ("0049 30 901820", "", "+4930901820"),
        ("'+12125550123", "", "+12125550123"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("030 901820", "DE", "+4930901820"),
        ("+12125550123", "DE", "+12125550123"),
    ],
)
def test_a_number_becomes_e164(given_: str, country: str, sent: str) -> None:
    assert cells.phone(given_, country) == sent


@pytest.mark.parametrize(
    ("given_", "country", "says"),
    [
        ("2125550123", "", "no country code"),
        ("+1212555012", "", "No phone number of that country"),
        ("+999123456789", "", "No phone number"),
        ("5550123", "US", "read as a number of US"),
        ("1.21256E+10", "US", "shortened the number"),
        ("+12125550123 / +12125550124", "", "Two different"),
        ("2125550123; 2125550124", "US", "Two different"),
        ("call me", "US", "not a phone number"),
        ("+1 212 555 0123 ext. 9", "", "extension"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(given_: str, country: str, says: str) -> None:
    with pytest.raises(Fault) as fault:
        cells.phone(given_, country)
    assert says in fault.value.wrong


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_the_short_way_to_a_possible_number_agrees_with_the_long_one(number: str) -> None:
    assert E164.fullmatch(number)
    try:
        cells.phone(number, "")
        short = True
    except Fault:
        short = False
    try:
        parsed = phonenumbers.parse(number, None)
        reason = phonenumbers.is_possible_number_with_reason(parsed)
        long = reason == phonenumbers.ValidationResult.IS_POSSIBLE
    except phonenumbers.NumberParseException:
        long = False
    assert short == long


@pytest.mark.parametrize(
    ("kind", "given_", "sent"),
    [
        ("number", "12", 12),
        ("number", "-0.50", -0.5),
        ("flag", "Yes", True),
        ("flag", "0", False),
        ("date", "2026-12-31", "2026-12-31"),
        ("date", "2026-12-31T10:00:00Z", "2026-12-31T10:00:00Z"),
        ("date-dmy", "31/12/2026", "2026-12-31"),
        ("date-mdy", "1/2/2026", "2026-01-02"),
        ("list", '["a, b", 2]', ["a, b", 2]),
        ("list", "a, b; c", ["a, b", "c"]),
        ("list", "a,b", ["a", "b"]),
        ("timezone", "europe/berlin", "Europe/Berlin"),
        ("ip", "192.0.2.7", "192.0.2.7"),
        ("latitude", "59.9", 59.9),
        ("klaviyo-id", "01HXYZ", "01HXYZ"),
    ],
)
def test_a_cell_of_a_kind_becomes_its_value(kind: str, given_: str, sent: object) -> None:
    assert CHECKS[kind](given_) == sent


@pytest.mark.parametrize(
    ("kind", "given_"),
    [
        ("number", "1,234.50"),
        ("number", "007"),
        ("number", "NaN"),
        ("number", "9" * 30),
        ("flag", "maybe"),
        ("date", "2026-02-30"),
        ("date", "31/12/2026"),
        ("date-dmy", "12/31/2026"),
        ("list", '["a"'),
        ("list", "[[1]]"),
        ("timezone", "Berlin"),
        ("ip", "300.1.1.1"),
        ("latitude", "91"),
        ("longitude", "east"),
        ("klaviyo-id", "a b"),
    ],
)
def test_a_cell_that_is_not_of_its_kind_is_a_fault_with_a_remedy(kind: str, given_: str) -> None:
    with pytest.raises(Fault) as fault:
        CHECKS[kind](given_)
    assert fault.value.wrong
    assert fault.value.remedy
