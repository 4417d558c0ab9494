"""How values look: in the viewer's zone, escaped, cut for the eye, and never empty without a word."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.html import escape

from klaviyo_admin.pages.facts import label
from klaviyo_admin.pages.tables import Cell, Row
from klaviyo_admin.pages.templatetags.drawing import badge, cells, clock, draw, moment, short_id


def test_a_moment_is_shown_in_the_viewers_zone_and_exact_for_machines() -> None:
    with timezone.override(ZoneInfo("Asia/Kolkata")):
        drawn = moment("2026-11-22T20:15:00+00:00")
    assert 'datetime="2026-11-23T01:45:00+05:30"' in drawn
    assert ">23 Nov 2026, 01:45<" in drawn
    assert "IST" in drawn


@pytest.mark.parametrize("odd", ["9999-99-99T99:99:99Z", "2026-02-30T10:00:00+00:00", "9999-12-31T23:59:59Z", "<b>"])
def test_a_moment_that_there_is_not_is_shown_as_it_stands(odd: str) -> None:
    with timezone.override(ZoneInfo("Asia/Kolkata")):
        assert moment(odd) == escape(odd)


def test_the_time_of_a_reading_names_its_zone() -> None:
    with timezone.override(ZoneInfo("UTC")):
        assert ">14:05:09 UTC<" in clock(datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC))


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_nothing_is_a_dash_with_a_word_for_ears(value: Any) -> None:
    assert "empty" in draw(value)


@pytest.mark.parametrize(
    ("value", "as_", "words"),
    [
        (0, "number", ">0<"),
        (1234567, "number", "1,234,567"),
        (12.5, "money", "12.50"),
        (False, "text", "No"),
        (True, "flag", "Yes"),
        ("single_opt_in", "badge", "Single opt in"),
        (["a", "b"], "text", "a, b"),
        ([{"a": 1}], "text", "<pre"),
        ("not a date", "moment", "not a date"),
        ("<b>", "text", "&lt;b&gt;"),
        ({"k": "<b>"}, "json", "&lt;b&gt;"),
    ],
)
def test_each_kind_of_value_has_its_look(value: Any, as_: str, words: str) -> None:
    assert words in draw(value, as_)


def test_a_label_takes_its_tone_from_its_word_unless_it_is_given_one() -> None:
    assert badge("FAILED") == '<span class="tag tag-bad">Failed</span>'
    assert badge("waits for <Ada>", "wary") == '<span class="tag tag-wary">Waits for &lt;Ada&gt;</span>'


def test_long_text_is_cut_in_tables_and_whole_in_facts() -> None:
    long = "word " * 100
    assert "…" in draw(long)
    assert long.strip()[:400] in draw(long)
    assert "…" not in draw(long, "text", True)


def test_an_id_can_be_copied_whole() -> None:
    drawn = short_id("01HGPEC94D4WVPVJX8QRGJFWGK")
    assert 'data-copy="01HGPEC94D4WVPVJX8QRGJFWGK"' in drawn
    assert ">01HGPE…JFWGK<" in drawn


def test_names_of_attributes_become_words() -> None:
    assert [label(key) for key in ("opt_in_process", "address1", "$value", "can_receive_sms_marketing", "id")] == [
        "Opt in process",
        "Address 1",
        "Value",
        "Can receive SMS marketing",
        "ID",
    ]


@pytest.mark.parametrize(
    ("value", "room"),
    [
        ("News", ""),
        ("Drag-and-drop with HTML", " wordy"),
        ("theodora.kingsley@example.com", " wordy"),
        ("https://juniper-and-pine.example.com/journal.xml", " long unbroken"),
        ("The second one broke too, and nobody ever wrote back", " long"),
        (1234567, ""),
        (None, ""),
    ],
)
def test_a_text_gets_room_by_its_length_in_a_table(value: Any, room: str) -> None:
    assert f'<td class="as-text{room}">' in cells(Row("1", "One", (Cell(value),)))
