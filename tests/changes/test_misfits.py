"""Values that are not of the kind that Klaviyo declares: nobody saw them, so none is overwritten or put back in silence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import orjson
import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.profiles import consent
from klaviyo_admin.changes import merging, review, undo
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.reconcile import present
from klaviyo_admin.changes.staleness import place
from klaviyo_admin.changes.undoing import crowds, images
from klaviyo_admin.klaviyo.answers import uncut
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item
from tests.changes.stage import Stage


class Odd(httpx.BaseTransport):
    """A Klaviyo that shows one attribute of single things in a form of its own."""

    def __init__(self, line: httpx.BaseTransport, name: str, value: Any) -> None:
        self.line, self.name, self.value = line, name, value

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.line.handle_request(request)
        if request.method != "GET" or answer.status_code != 200:
            return answer
        document = orjson.loads(answer.read())
        for row in [document["data"]] if isinstance(document["data"], dict) else document["data"]:
            row["attributes"][self.name] = self.value
        return httpx.Response(200, content=orjson.dumps(document), request=request)


@contextmanager
def odd(stage: Stage, name: str, value: Any) -> Iterator[None]:
    with api.use_transport(Odd(stage.line, name, value)):
        yield


def profile(stage: Stage) -> Item:
    return api.reader(stage.account).page("get_profiles").items[0]


def edited(stage: Stage, answers: dict[str, Any]) -> Change:
    return stage.carried_out(stage.approved(stage.editing(profile(stage), answers)))


def settled(stage: Stage, change: Change) -> Change:
    """The same, proposed again over what Klaviyo holds now, and carried out."""
    steps = list(Step.objects.filter(change=change))
    found = {place(step): present(stage.account, steps)[0][step.pk] for step in steps}
    anew = review.propose(stage.marketer, stage.account, merging.settle(change, steps, found, ()), "I have seen it.")
    return stage.carried_out(review.approve(stage.admin, anew, anew.digest))


@pytest.mark.parametrize(
    ("taken", "came", "left"),
    [
        ("5", 5, "5"),
        (12.5, "12.5", 12.5),
        (None, {"a": 1}, {"a": 1}),
        (["a"], ["a", None], ["a", None]),
        ({"a": "7", "b": [1]}, {"a": 7, "b": [1]}, {"a": "7", "b": [1]}),
        ({"a": None}, {"a": [1]}, {"a": [1]}),
        (None, None, None),
    ],
)
def test_a_value_is_told_as_it_came_where_a_page_shows_only_a_part(taken: Any, came: Any, left: Any) -> None:
    assert uncut(taken, came) == left


def test_what_nobody_saw_is_not_overwritten_before_somebody_has(stage: Stage) -> None:
    with odd(stage, "location", [1, 2]):
        change = edited(stage, {"city": "Porto"})
        assert (change.status, stage.writes()) == ("stale", [])
        assert Step.objects.get(change=change).seen == [[1, 2]]
        change = settled(stage, change)
        assert (change.status, len(stage.writes())) == ("done", 1)
        with pytest.raises(undo.Impossible, match="would not take the values from before"):
            undo.build(change, list(Step.objects.filter(change=change)))


def test_what_a_page_shows_whole_is_changed_like_anything_else(stage: Stage) -> None:
    with odd(stage, "first_name", 5):
        assert edited(stage, {"last_name": "Lovelace", "first_name": "Ada"}).status == "done"


@pytest.mark.parametrize(("value", "kept"), [("yes", False), (True, True)])
def test_what_would_not_come_back_as_it_was_is_not_kept_for_an_undo(stage: Stage, value: Any, kept: bool) -> None:
    with odd(stage, "exclusive", value):
        reader = api.reader(stage.account)
        group = reader.page("get_tag_groups").items[0]
        image = images.take(reader, operation("delete_tag_group").write({"id": group.id}), ())
    assert image is not None
    assert ("things" in image) == kept
    assert (image.get("fault") == crowds.MISFIT) != kept


@pytest.mark.parametrize(("value", "kept"), [({"email": {"marketing": [1]}}, False), ({"email": {"more": [1]}}, True)])
def test_nor_is_the_consent_of_one_of_many(stage: Stage, value: Any, kept: bool) -> None:
    with odd(stage, "subscriptions", value):
        reader = api.reader(stage.account)
        suppress = consent.suppress(reader.page("get_profiles").items[:2], {}).requests[0].write
        image = images.take(reader, suppress, ())
    assert image is not None
    assert ("people" in image) == kept
    assert (image.get("fault") == crowds.MISFIT) != kept
