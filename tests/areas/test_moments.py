"""A date and time that a person types: the clocks of their zone must show it once, and only once."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from klaviyo_admin.areas.fields import MomentField


@pytest.fixture(autouse=True)
def berlin() -> Iterator[None]:
    with timezone.override("Europe/Berlin"):
        yield


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2027-03-28T02:30", "The clocks change that night, and 02:30 does not come in Europe/Berlin."),
        ("2026-10-25T02:30", "The clocks change that night, and 02:30 comes twice in Europe/Berlin."),
    ],
)
def test_a_time_that_comes_twice_or_never_is_refused_in_words(typed: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MomentField().clean(typed)
    assert refused.value.messages == [f"{said} Choose a time before or after."]


def test_any_other_time_is_that_moment() -> None:
    assert MomentField().clean("2027-03-28T03:30") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert MomentField().clean("2026-10-25T03:00") == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)
    with pytest.raises(ValidationError, match="valid date"):
        MomentField().clean("soon")
