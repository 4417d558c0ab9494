"""Two open changes of one thing: both authors are told, on both pages."""

from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.changes import review
from tests.changes.stage import Stage
from tests.pages.test_changes import page, stage

__all__ = ["stage"]  # the fixture

WARNING = "Other open changes write to the same things"


def test_two_open_changes_of_one_thing_warn_both_authors(stage: Stage) -> None:
    first = stage.proposed()
    assert WARNING not in page(stage, "marketer", first)
    second = review.propose(stage.admin, stage.account, stage.renaming(3, to="Other"), "Because.")
    for who, one, other in (("marketer", first, second), ("admin", second, first)):
        told = page(stage, who, one)
        assert WARNING in told
        assert f"/changes/{other.pk}/" in told


def test_nobody_is_warned_of_what_is_over_or_of_another_thing(stage: Stage) -> None:
    first, over = stage.proposed(), stage.proposed(stage.renaming(to="Other"))
    review.withdraw(stage.marketer, over)
    stage.proposed(lists.edit([stage.lists()[1]], {"name": "Another"}))
    for name in ("A", "B"):
        new = stage.proposed(lists.create([], {"name": name}))
        assert WARNING not in page(stage, "marketer", new)
    assert WARNING not in page(stage, "marketer", first)
    assert WARNING not in page(stage, "marketer", over)


def test_of_very_many_the_first_few_are_told_and_the_others_folded(stage: Stage) -> None:
    first = stage.proposed()
    for number in range(6):
        stage.proposed(stage.renaming(to=f"Other {number}"))
    told, folded = page(stage, "marketer", first).split("2 more")
    assert ["Other 3" in part for part in (told, folded)] == [True, False]
    assert ["Other 5" in part for part in (told, folded)] == [False, True]
