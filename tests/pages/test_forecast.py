"""When a change will be done, in the words and in the zone of whoever looks."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from klaviyo_admin.changes.estimate import Estimate, Line
from klaviyo_admin.pages import forecast
from tests.changes.stage import Stage
from tests.pages.test_changes import browser, page, stage, url

__all__ = ["stage"]  # the fixture


def test_the_review_page_says_how_long_it_takes_and_the_progress_goes_on_saying_it(stage: Stage) -> None:
    change = stage.proposed(stage.renaming(3))
    assert "If it is approved now: sent within a few seconds." in page(stage, "marketer", change)
    change = stage.approved(stage.renaming(3, to="Other"))
    assert (
        "Sent within a few seconds." in browser(stage, "viewer").get(url(stage, change, "progress/")).content.decode()
    )
    stage.carried_out(change)
    assert "Sent within" not in page(stage, "marketer", change)


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "tomorrow"), (3, "%A"), (40, "on %-d %B")])
def test_a_long_change_names_the_day_in_the_viewers_zone(days: int, words: str) -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        now = timezone.localtime()
        found = Estimate(now, timedelta(days=days, seconds=3600 if now.hour < 23 else 61).total_seconds(), ())
        done = timezone.localtime(found.done)
        if days == 0 and done.date() != now.date():  # it is nearly midnight in Tokyo
            words = "tomorrow"
        expected = f"{done:{words}}" if "%" in words else words
        assert forecast.forecast(found, proposed=True).when == f"If it is approved now: done {expected} {done:%H:%M}."


def test_what_holds_it_up_is_said_in_numbers() -> None:
    line = Line("Update tracking setting", 300, 172_800, "100 a day", 37)
    told = forecast.forecast(Estimate(timezone.now(), 172_800, (line,), jobs=True), proposed=False)
    assert told.limits == ("300 × Update tracking setting: 100 a day allowed, 37 left now.",)
    assert told.after.startswith("Klaviyo then works on it")
