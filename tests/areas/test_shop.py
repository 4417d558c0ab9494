"""What a shop keeps: builders of bulk changes to the catalogue, to coupons, reviews and custom objects."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from klaviyo_admin.areas.catalogs import bulk, many, service
from klaviyo_admin.areas.catalogs.forms import EditProduct, PickProducts
from klaviyo_admin.areas.coupons import forms as coupon_forms
from klaviyo_admin.areas.coupons import service as coupons
from klaviyo_admin.areas.custom_objects import forms as object_forms
from klaviyo_admin.areas.custom_objects import records
from klaviyo_admin.areas.reviews import service as reviews
from klaviyo_admin.areas.reviews.forms import Moderate
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item

LEAVE = {"published": "", "prices": "", "value": None}


def product(number: int, **attributes: Any) -> Item:
    about = {"title": f"Mug {number}", "price": 10.0, "published": True, **attributes}
    return Item("catalog-item", f"$custom:::$default:::mug-{number}", about)


def rows_of(intent: Intent, plural: str) -> list[list[dict[str, Any]]]:
    """The rows of each request's body."""
    return [json.loads(request.write.body)["data"]["attributes"][plural]["data"] for request in intent.requests]


def given(form: type[Any], **data: Any) -> dict[str, Any]:
    filled = form(MultiValueDict({name: [value] for name, value in data.items()}))
    assert filled.is_valid(), filled.errors
    return dict(filled.cleaned_data)


def test_a_selection_is_changed_in_jobs_of_a_hundred_that_are_followed() -> None:
    answers = LEAVE | {"prices": "percent", "value": -15.0}
    intent = bulk.changing(bulk.PRODUCTS)([product(n) for n in range(250)], answers)
    assert [len(rows) for rows in rows_of(intent, "items")] == [100, 100, 50]
    assert {request.follow.job for request in intent.requests if request.follow} == {
        "get_bulk_update_catalog_items_job"
    }
    assert intent.requests[0].counts == 100
    field = intent.requests[2].fields[-1]
    assert (field.label, field.before, field.after) == ("Mug 249 · Price", 10.0, 8.5)
    assert intent.aloud() == "Change the price of 250 products."


def test_what_is_like_that_already_is_left_out_and_nothing_at_all_is_refused() -> None:
    items = [product(1), product(2, published=False)]
    intent = bulk.changing(bulk.PRODUCTS)(items, LEAVE | {"published": "no"})
    assert [[row["id"] for row in rows] for rows in rows_of(intent, "items")] == [[items[0].id]]
    with pytest.raises(ValidationError, match="like this already"):
        bulk.changing(bulk.PRODUCTS)([items[1]], LEAVE | {"published": "no"})


def test_a_price_never_falls_below_nothing() -> None:
    form = many.ChangeProducts({"prices": "percent", "value": "-120"})
    assert "fall below nothing" in str(form.errors)
    assert not many.ChangeProducts({"prices": "set", "value": "-1"}).is_valid()
    assert not many.ChangeProducts({}).is_valid()


def test_rows_become_products_in_their_categories() -> None:
    text = "external_id,title,description,url,categories\nmug-1,Mug,A mug,https://example.com/mug,kitchen; gifts"
    intent = bulk.creating(bulk.PRODUCTS)([], given(many.ProductRows, rows=text))
    ((row,),) = rows_of(intent, "items")
    assert row["attributes"]["external_id"] == "mug-1"
    linked = [one["id"] for one in row["relationships"]["categories"]["data"]]
    assert linked == ["$custom:::$default:::kitchen", "$custom:::$default:::gifts"]


def test_a_bad_line_is_named_with_its_value_and_remedy() -> None:
    form = many.ProductUpdates({"rows": "external_id,price,published\nmug-1,12 EUR,maybe"})
    said = str(form.errors)
    assert "Line 2, Price “12 EUR”" in said
    assert "Line 2, Shown “maybe”" in said


def test_a_line_that_changes_nothing_is_refused_by_its_number() -> None:
    answers = given(many.ProductUpdates, rows="external_id,price\nmug-1,9\nmug-2,")
    with pytest.raises(ValidationError, match="Line 3 changes nothing"):
        bulk.updating(bulk.PRODUCTS)([], answers)


def test_an_edit_answers_with_what_was_changed_alone() -> None:
    start = {"title": "Mug", "price": 10.0, "images": ["https://example.com/1.jpg"], "custom_metadata": {"a": 1}}
    hidden = {"initial-title": "Mug", "initial-price": "10.0", "initial-images": "https://example.com/1.jpg"}
    data = {"title": "Mug", "price": "12", "images": "https://example.com/1.jpg\r\n", "custom_metadata": '{"a": 1}'}
    form = EditProduct(data | hidden | {"initial-custom_metadata": '{"a":1}'}, initial=start)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"price": 12.0}
    assert not EditProduct({"title": "Mug", "images": "no address"}, initial=start).is_valid()


def test_products_join_a_category_by_name_or_by_id_each_once() -> None:
    category = Item("catalog-category", "$custom:::$default:::mugs", {"name": "Mugs"})
    text = "\n".join(f"mug-{number}" for number in range(130))
    answers = given(PickProducts, rows=text) | {"items": (product(5), product(999))}
    intent = service.add_products([category], answers)
    joined = [[one["id"] for one in json.loads(r.write.body)["data"]] for r in intent.requests]
    assert [len(ids) for ids in joined] == [100, 31]
    assert len({ident for ids in joined for ident in ids}) == 131
    assert intent.aloud() == "Put 131 products into the category “Mugs”."
    assert "Tick a product, or paste" in str(PickProducts(MultiValueDict()).errors)
    assert not json.loads(service.set_products([category], {"items": ()}).requests[0].write.body)["data"]


COUPON = Item("coupon", "SPRING", {"external_id": "SPRING"})


def test_generated_codes_are_as_many_as_wanted_all_different_and_in_jobs_of_a_thousand() -> None:
    answers = given(coupon_forms.GeneratedCodes, number="2500", begins="SPRING-", length="8")
    intent = coupons.generate([COUPON], answers)
    codes = [row["attributes"]["unique_code"] for rows in rows_of(intent, "coupon-codes") for row in rows]
    assert [len(rows) for rows in rows_of(intent, "coupon-codes")] == [1000, 1000, 500]
    assert len(set(codes)) == 2500
    assert all(code.startswith("SPRING-") and len(code) == 15 for code in codes)
    assert not coupon_forms.GeneratedCodes({"number": "5", "begins": "A B", "length": "8"}).is_valid()


def test_a_day_in_a_file_of_codes_is_meant_to_its_end() -> None:
    answers = given(coupon_forms.ManyCodes, rows="code,good until\nA1,2027-03-31\nA2,")
    ((first, second),) = rows_of(coupons.add_codes([COUPON], answers), "coupon-codes")
    assert first["attributes"]["expires_at"] == "2027-03-31T23:59:59Z"
    assert "expires_at" not in second["attributes"]
    assert "has no spaces" in str(coupon_forms.ManyCodes({"rows": "code\nA 1"}).errors)


def test_a_rejection_needs_a_reason_and_only_a_rejection_has_one() -> None:
    assert "Choose why" in str(Moderate({"status": "rejected"}).errors)
    assert "belongs to a rejection" in str(Moderate({"status": "published", "reason": "fake"}).errors)
    review = Item("review", "R1", {"title": "Hm", "status": {"value": "pending"}})
    intent = reviews.moderate([review], given(Moderate, status="rejected", reason="fake"))
    after = json.loads(intent.requests[0].write.body)["data"]["attributes"]["status"]
    assert after == {"value": "rejected", "rejection_reason": {"reason": "fake"}}


SOURCE = Item("data-source", "S1", {"title": "Till"})


def test_records_go_five_hundred_at_a_time_with_numbers_as_numbers() -> None:
    text = "id,seats,name\n" + "\n".join(f"{n},{n % 9},Class {n}" for n in range(1100))
    intent = records.add_records([SOURCE], given(object_forms.ManyRecords, rows=text))
    assert [request.counts for request in intent.requests] == [500, 500, 100]
    first = rows_of(intent, "data-source-records")[0][3]["attributes"]["record"]
    assert first == {"id": "3", "seats": 3, "name": "Class 3"}


def test_what_looks_like_a_number_stays_text_where_it_is_meant_so() -> None:
    rows = "id,postal code,seats,phone\n1,12345,4,49151123456789012"
    for text, code, seats in (("Postal Code", "12345", 4), ("*", "12345", "4"), ("", 12345, 4)):
        intent = records.add_records([SOURCE], given(object_forms.ManyRecords, rows=rows, text=text))
        record = rows_of(intent, "data-source-records")[0][0]["attributes"]["record"]
        assert (record["postal code"], record["seats"]) == (code, seats)
        assert record["phone"] == "49151123456789012", "its last digits would be lost as a number"


def test_records_keep_the_names_of_their_values_whatever_they_are() -> None:
    intent = records.add_records([SOURCE], given(object_forms.ManyRecords, rows="SKU;Colour\nM1;red", text=""))
    assert rows_of(intent, "data-source-records")[0][0]["attributes"]["record"] == {"SKU": "M1", "Colour": "red"}
    twice = object_forms.ManyRecords(MultiValueDict({"rows": ["id,id\n1,2"]}))
    assert "stands here twice" in str(twice.errors)


def test_the_audit_calls_a_review_by_its_product_not_by_its_words() -> None:
    about = {"title": "For my daughter Anna", "rating": 4, "product": {"name": "Mug"}, "status": {"value": "pending"}}
    intent = reviews.moderate([Item("review", "R1", about)], {"status": "published"})
    assert intent.target
    assert intent.target.name_on_record == "4 stars for Mug"
    assert "Anna" not in intent.on_record()


def test_products_named_in_a_file_go_by_jobs() -> None:
    text = "\n".join(f"mug-{number}" for number in range(120))
    intent = bulk.deleting_rows(bulk.PRODUCTS)([], given(many.DeletedRows, rows=text))
    assert [len(rows) for rows in rows_of(intent, "items")] == [100, 20]
    assert rows_of(intent, "items")[0][0]["id"] == "$custom:::$default:::mug-0"


def test_ids_of_records_may_be_those_of_the_source() -> None:
    kind = Item("object-type", "T1", {"title": "Workshop"})
    intent = records.delete_by_id([kind], given(object_forms.ManyIds, rows="W1\nT1::W2\nT1::W1"))
    assert intent.sentence == "Delete 2 records of the object type “Workshop”.", "one of them was named twice"
    related = json.loads(intent.requests[0].write.body)["data"]["relationships"]["object-records"]["data"]
    assert [one["id"] for one in related] == ["T1::W1", "T1::W2"]


def test_ids_of_the_shop_that_differ_in_case_are_different_things() -> None:
    answers = given(many.CategoryRows, rows="external_id,name\nmugs,Mugs\nMUGS,More mugs")
    assert len(rows_of(bulk.creating(bulk.CATEGORIES)([], answers), "categories")[0]) == 2
