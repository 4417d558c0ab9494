"""What a request changes, told to people: letters side by side in closed frames, lines of source, segments in sentences."""

from typing import Any

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.metrics.columns import sentences
from klaviyo_admin.areas.metrics.service import change_custom, start_change
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.intents import FieldChange, Intent, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages import plain_diff
from tests.changes.stage import Stage
from tests.pages.test_changes import browser, page, stage, url

__all__ = ["stage"]  # the fixture

EVIL = "<html><body><script>alert(1)</script><h1>It is back</h1><p>Hello {{ first_name }}</p></body></html>" + "x" * 200


def first(stage: Stage, name: str) -> Item:
    return api.reader(stage.account).page(name).items[0]


def template(stage: Stage, html: str = EVIL) -> Change:
    """A change of the HTML of the first template."""
    item = first(stage, "get_templates")
    body = {"data": {"type": "template", "id": item.id, "attributes": {"html": html}}}
    field = FieldChange(("html",), "HTML", item.get("html"), html)
    target = Target("template", item.id, item.get("name"), "get_template")
    write = operation("update_template").write({"id": item.id}, body)
    return stage.proposed(Intent("templates.edit", "Edit it.", (Request(write, target, (field,)),), target))


def segment(stage: Stage, definition: dict[str, Any]) -> Change:
    """A change of the definition of the first segment."""
    item = first(stage, "get_segments")
    body = {"data": {"type": "segment", "id": item.id, "attributes": {"definition": definition}}}
    field = FieldChange(("definition",), "Definition", item.get("definition"), definition)
    target = Target("segment", item.id, item.get("name"), "get_segment")
    write = operation("update_segment").write({"id": item.id}, body)
    return stage.proposed(Intent("segments.edit", "Edit it.", (Request(write, target, (field,)),), target))


def test_a_letter_is_shown_before_and_after_and_line_by_line(stage: Stage) -> None:
    change = template(stage)
    told = page(stage, "admin", change)
    for side in ("before", "after"):
        assert url(stage, change, f"steps/1/letter/{side}/html/") in told
    assert "<ins>+ &lt;h1&gt;It is back&lt;/h1&gt;</ins>" in told
    assert "<script>alert" not in told
    assert 'aria-label="Fields of request 1"' not in told


def test_the_frame_of_a_letter_lets_it_do_nothing(stage: Stage) -> None:
    change = template(stage)
    answer = browser(stage, "viewer").get(url(stage, change, "steps/1/letter/after/html/"))
    assert answer.content.decode() == EVIL
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy
    assert "https:" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    before = browser(stage, "viewer").get(url(stage, change, "steps/1/letter/before/html/"))
    assert before.content.decode() == first(stage, "get_templates").get("html")


def test_only_letters_of_what_was_proposed_are_drawn(stage: Stage) -> None:
    change = template(stage)
    client = browser(stage, "viewer")
    for rest in ("steps/1/letter/after/name/", "steps/1/letter/after/text/", "steps/9/letter/after/html/"):
        assert client.get(url(stage, change, rest)).status_code == 404
    Step.objects.filter(change=change).update(path="/api/templates/OTHER1")
    assert client.get(url(stage, change, "steps/1/letter/after/html/")).status_code == 404


def test_a_new_template_shows_what_it_will_be(stage: Stage) -> None:
    attributes = {"name": "New", "editor_type": "CODE", "html": EVIL}
    write = operation("create_template").write(document={"data": {"type": "template", "attributes": attributes}})
    change = stage.proposed(Intent("templates.create", "Create it.", (Request(write),)))
    told = page(stage, "admin", change)
    assert url(stage, change, "steps/1/letter/after/html/") in told
    assert "letter/before" not in told


def test_a_definition_reads_as_sentences_with_the_names_of_things(stage: Stage) -> None:
    group = {"type": "profile-group-membership", "is_member": True, "group_ids": [stage.lists()[0].id]}
    before = first(stage, "get_segments").get("definition")
    change = segment(stage, {"condition_groups": [before["condition_groups"][0], {"conditions": [group]}]})
    told = page(stage, "admin", change)
    assert f"is in “{stage.lists()[0].id}”" in told
    assert "No longer" in told
    assert url(stage, change, "steps/1/words/") in told
    assert 'aria-label="Fields of request 1"' not in told
    named = page(stage, "viewer", change, "steps/1/words/")
    assert f"is in “{stage.lists()[0].get('name')}”" in named
    assert "hx-get" not in named


def test_beside_what_klaviyo_holds_now_long_values_stay_in_the_table_shortened(stage: Stage) -> None:
    told = page(stage, "admin", template(stage), "?now=1")
    assert "In Klaviyo now" in told
    assert "…" in told


def test_a_custom_metric_is_told_in_lines_and_the_rest_of_it_stays_out_of_the_table(stage: Stage) -> None:
    item = first(stage, "get_custom_metrics")
    (ordered,) = item.attributes["definition"]["metric_groups"]
    metric = Item("metric", ordered["metric_id"], {"name": "Placed Order"})
    answers = start_change([item]) | {"metrics": (metric,), "wanted": 200}
    del answers["name"]
    change = stage.proposed(change_custom([item], answers))
    told = page(stage, "admin", change)
    assert "What the metric counts, and of which events:" in told
    assert "<del>" in told
    assert "where the value is a number greater than 150</del>" in told
    assert "where the value is a number greater than 200" in told
    assert "metric_filters" not in told.partition("The exact request")[0]
    words = browser(stage, "admin").get(url(stage, change, "steps/1/words/")).content.decode()
    assert "Placed Order where the value is a number greater than 200" in words


def test_the_definition_of_a_metric_that_goes_is_told_as_one(stage: Stage) -> None:
    definition = first(stage, "get_custom_metrics").attributes["definition"]
    field = {"path": ["definition"], "label": "Definition", "before": definition, "after": None}
    told = plain_diff.of(Step(fields=[field]), None)
    assert (told.metric, {group.state for group in told.groups}) == (True, {"gone"})


@pytest.mark.parametrize("groups", [[7], [{"metric_filters": 7}], [{"metric_filters": [7]}], 7])
def test_what_has_no_words_stays_in_the_table(groups: Any) -> None:
    definition = {"aggregation_method": "unique", "metric_groups": groups}
    field = {"path": ["definition"], "label": "Definition", "before": None, "after": definition}
    assert plain_diff.of(Step(fields=[field]), None).groups == ()


def test_a_way_of_counting_that_is_not_known_is_named() -> None:
    assert sentences({"aggregation_method": "unique", "metric_groups": []}, {}) == (("Counted by “unique”",),)
