"""Secrets are left out of bodies wherever they stand, and nothing else is touched."""

import re
from pathlib import Path

import pytest

from klaviyo_admin.klaviyo import catalogue, secrets


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"secret_key":"0123456789abcdef"}', '{"secret_key":"•••"}'),
        ('{"secret_key" : "a\\"b\\\\" , "n": 1.50}', '{"secret_key" : "•••" , "n": 1.50}'),
        ('{"secret\\u005fkey": "x"}', '{"secret\\u005fkey": "•••"}'),
        ('[{"a": "secret_key", "secret_key": 12}]', '[{"a": "secret_key", "secret_key": "•••"}]'),
        ('{"secret_key": null, "b": ""}', '{"secret_key": null, "b": ""}'),
        ('["secret_key", "x"]', '["secret_key", "x"]'),
        ("no JSON: secret_key", "no JSON: secret_key"),
    ],
)
def test_only_the_value_of_a_secret_is_left_out(body: str, shown: str) -> None:
    assert secrets.masked(body) == shown
    assert secrets.masked_bytes(body.encode()) == shown.encode()


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    assert secrets.masked_bytes(b"\xff\xfe") == b"\xff\xfe"


@pytest.mark.parametrize(
    ("path", "value", "kept"),
    [
        (["secret_key"], "x", secrets.HIDDEN),
        (["secret_key"], None, None),
        (["endpoint_url"], "https://hooks.example.com/in?token=1", "https://hooks.example.com/*****"),
        (["name"], "x", "x"),
    ],
)
def test_the_audit_keeps_no_secret_and_of_an_address_the_host(path: list[str], value: str, kept: str) -> None:
    assert secrets.on_record(path, value) == kept


def test_the_list_knows_every_field_whose_name_says_that_it_is_a_secret() -> None:
    facts = "".join(file.read_text() for file in (Path(catalogue.__file__).parent / "operations").glob("*.json"))
    assert set(re.findall(r'"([a-z_]*(?:secret|password)[a-z_]*)":', facts)) == secrets.NAMES
