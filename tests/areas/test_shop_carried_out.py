"""Changes to a shop from the form's answers to what Klaviyo holds afterwards, through approval and the worker's hands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from klaviyo_admin import api
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.areas.catalogs import bulk, many, service
from klaviyo_admin.areas.catalogs.categories import CATEGORIES
from klaviyo_admin.areas.catalogs.products import PRODUCTS
from klaviyo_admin.areas.custom_objects import forms as object_forms
from klaviyo_admin.areas.custom_objects import records
from klaviyo_admin.areas.custom_objects import service as objects
from klaviyo_admin.areas.custom_objects.resources import DATA_SOURCES
from klaviyo_admin.areas.custom_objects.schemas import OBJECT_SCHEMAS
from klaviyo_admin.areas.custom_objects.types import OBJECT_TYPES
from klaviyo_admin.areas.reviews import service as reviews
from klaviyo_admin.areas.reviews.resources import REVIEWS
from klaviyo_admin.changes import results, undo
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item, Query
from tests.changes.stage import Stage, set_up


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path
    with set_up(60) as made:
        yield made


def some(stage: Stage, resource: Resource, size: int = 1) -> list[Item]:
    """Things of a resource as its pages read them."""
    reader = api.reader(stage.account)
    found = reader.page(resource.source.list, query=Query()).items[:size]
    return [resource.item(reader, item.id) for item in found]


def done(stage: Stage, intent: Intent) -> Change:
    change = stage.carried_out(stage.approved(intent))
    assert change.status == "done", [step.error for step in change.steps.all()]
    return change


def now(stage: Stage, resource: Resource, item: Item) -> Item:
    return resource.item(api.reader(stage.account), item.id)


def given(form: type[Any], **data: Any) -> dict[str, Any]:
    filled = form(data)
    assert filled.is_valid(), filled.errors
    return dict(filled.cleaned_data)


def test_new_prices_of_a_selection_arrive_and_can_be_taken_back(stage: Stage) -> None:
    before = some(stage, PRODUCTS, 3)
    answers = {"published": "no", "prices": "set", "value": 3.5}
    change = done(stage, bulk.changing(bulk.PRODUCTS)(before, answers))
    after = [now(stage, PRODUCTS, item) for item in before]
    assert {(item.get("price"), item.at(("published",), False)) for item in after} == {(3.5, False)}
    back = undo.build(change, list(change.steps.all()), reader=api.reader(stage.account)).intent
    done(stage, back)
    assert [now(stage, PRODUCTS, i).get("price") for i in before] == [i.get("price") for i in before]


def test_a_row_that_klaviyo_refuses_is_kept_with_its_reason(stage: Stage) -> None:
    (known,) = some(stage, PRODUCTS)
    line = "{},Mug,A mug,https://example.com/mug"
    ids = ["mug-1", known.get("external_id"), "mug-2"]
    text = "external_id,title,description,url\n" + "\n".join(line.format(ident) for ident in ids)
    change = done(stage, bulk.creating(bulk.PRODUCTS)([], given(many.ProductRows, rows=text)))
    step = Step.objects.get(change=change)
    assert (step.completed_rows, step.failed_rows) == (2, 1)
    (error,) = results.row_errors(step)
    assert error["pointer"].startswith("/data/attributes/items/data/1/")


def test_a_product_joins_a_category_and_leaves_all_of_them(stage: Stage) -> None:
    (product,), categories = some(stage, PRODUCTS), some(stage, CATEGORIES, 5)
    reader = api.reader(stage.account)

    def where() -> set[str]:
        return {item.id for item in reader.page("get_categories_for_catalog_item", {"id": product.id}).items}

    new = next(category for category in categories if category.id not in where())
    done(stage, service.add_categories([product], {"categories": [new]}))
    assert new.id in where()
    done(stage, service.remove_categories([product], {"categories": [new]}))
    assert new.id not in where()
    done(stage, service.set_categories([product], {"categories": []}))
    assert not where()


def test_a_change_of_a_product_that_moved_meanwhile_is_stale(stage: Stage) -> None:
    (product,) = some(stage, PRODUCTS)
    change = stage.approved(service.edit_product([product], {"title": "Mug", "price": 3.0}))
    done(stage, service.edit_product([product], {"price": 4.0}))
    assert stage.carried_out(change).status == "stale"


def test_a_rejected_review_is_stale_if_somebody_published_it_first(stage: Stage) -> None:
    (item,) = some(stage, REVIEWS)
    rejected = {"status": "rejected", "reason": "fake", "explanation": ""}
    change = stage.approved(reviews.moderate([item], rejected))
    done(stage, reviews.moderate([item], {"status": "unpublished"}))
    assert stage.carried_out(change).status == "stale"
    done(stage, reviews.moderate([now(stage, REVIEWS, item)], rejected))
    assert now(stage, REVIEWS, item).get("status.rejection_reason.reason") == "fake"


def test_a_new_type_takes_records_in_and_gives_them_up_again(stage: Stage) -> None:
    (source,) = some(stage, DATA_SOURCES)
    columns = [
        {"name": "number", "kind": "string", "required": "yes", "description": "", "id": 1},
        {"name": "seats", "kind": "int", "required": "", "description": "", "id": 2},
    ]
    answers = {"title": "Table", "description": "", "visibility": "private", "columns": columns}
    done(stage, objects.create_type([], answers | {"source": source, "id_path": "$.id", "publish": True}))
    stage.sandbox.advance(10)
    kind = next(item for item in some(stage, OBJECT_TYPES, 9) if item.get("title") == "Table")
    assert kind.get("status") == "active"
    rows = "id,number,seats\nT1,one,4\nT2,two,six"
    done(stage, records.add_records([source], given(object_forms.ManyRecords, rows=rows)))
    stage.sandbox.advance(10)
    reader = api.reader(stage.account)
    kept = reader.page("get_records_for_object_type", {"id": kind.id}).items
    assert [record.get("record_properties.seats") for record in kept] == [4]
    (log,) = reader.page("get_ingestion_logs_for_object_type", {"id": kind.id}).items
    assert "seats" in log.get("summary")
    done(stage, records.delete_by_id([kind], given(object_forms.ManyIds, rows="T1")))
    stage.sandbox.advance(10)
    assert not reader.page("get_records_for_object_type", {"id": kind.id}).items


def test_only_a_draft_is_mapped_edited_and_published(stage: Stage) -> None:
    kinds = {item.get("title"): item for item in some(stage, OBJECT_TYPES, 9)}
    (source,), reader = some(stage, DATA_SOURCES), api.reader(stage.account)
    draft = OBJECT_SCHEMAS.item(reader, kinds["Booking"].related["draft-schema"][0].id)
    lines = [{"id": 1, "name": "booked_at", "path": "$.when"}, {"id": 2, "name": "seats", "constant": 2}]
    done(stage, objects.map_schema([draft], {"mappings": lines, "source": source, "id_path": "id"}))
    mapped = objects.start_mapping([now(stage, OBJECT_SCHEMAS, draft)])
    assert [(line["path"], line["constant"]) for line in mapped["mappings"]] == [("$.when", None), ("", 2)]
    done(stage, objects.publish([draft], {}))
    stage.sandbox.advance(10)
    assert now(stage, OBJECT_SCHEMAS, draft).get("status") == "active"
    with pytest.raises(ValidationError, match="only a draft"):
        objects.publish([now(stage, OBJECT_SCHEMAS, draft)], {})
