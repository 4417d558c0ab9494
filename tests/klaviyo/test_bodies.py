"""Bodies: a wrong one is refused before it becomes a write, with a sentence that names the place."""

from typing import Any

import orjson
import pytest

from klaviyo_admin.klaviyo.catalogue import BadBody, operation
from klaviyo_admin.klaviyo.values import Query


def update(**attributes: Any) -> dict[str, Any]:
    return {"data": {"type": "profile", "id": "01HZ", "attributes": attributes}}


def told(name: str, document: Any) -> list[str]:
    return [str(fault) for fault in operation(name).faults(document)]


def test_a_fitting_body_has_no_faults() -> None:
    document = update(
        email="ana@example.com",
        phone_number=None,
        location={"latitude": 40.7, "longitude": "-74.0", "city": None},
        properties={"any": {"thing": [1, None, True]}},
    )
    assert told("update_profile", document) == []


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (None, "/ is null, but must be an object"),
        ([], "/ is a list, but must be an object"),
        ({}, "/ lacks “data”"),
        ({"data": {"type": "profile", "attributes": {}}}, "/data lacks “id”"),
        (update(email=5), "/data/attributes/email is 5, but must be text or null"),
        (update(email=True), "/data/attributes/email is true, but must be text or null"),
        (update(email={}), "/data/attributes/email is an object, but must be text or null"),
        (update(e_mail="x"), "/data/attributes has “e_mail”, which this operation does not know"),
        (update(properties=[]), "/data/attributes/properties is a list, but must be an object or null"),
        (
            update(location={"latitude": {}}),
            "/data/attributes/location/latitude is an object, which fits none of the allowed forms (a number, text, null)",
        ),
        (
            {"data": {"type": "person", "id": "1", "attributes": {}}},
            "/data/type is “person”, but must be one of “profile”",
        ),
    ],
)
def test_a_fault_says_where_what_was_given_and_what_is_allowed(document: Any, sentence: str) -> None:
    assert told("update_profile", document) == [sentence]


def test_all_faults_are_told_at_once_but_not_thousands() -> None:
    assert len(told("update_profile", update(email=1, first_name=2, last_name=3))) == 3
    rows = [{"type": "profile", "attributes": {"email": number}} for number in range(1000)]
    assert len(told("bulk_import_profiles", bulk(rows))) == 20


def test_a_long_value_is_cut() -> None:
    assert told("update_profile", update(properties="x" * 500)) == [
        f"/data/attributes/properties is “{'x' * 59}…”, but must be an object or null"
    ]


def test_the_faults_of_the_alternative_that_was_meant_are_told() -> None:
    filter_of = {"type": "numeric", "operator": "greater-than", "value": "ten"}
    condition = {
        "type": "profile-metric",
        "metric_id": "AbC123",
        "measurement": "count",
        "measurement_filter": filter_of,
        "timeframe_filter": {"type": "date", "operator": "alltime"},
    }
    groups = {"condition_groups": [{"conditions": [condition]}]}
    document = {"data": {"type": "segment", "attributes": {"name": "Buyers", "definition": groups}}}
    place = "/data/attributes/definition/condition_groups/0/conditions/0/measurement_filter"
    assert all(sentence.startswith(place) for sentence in told("create_segment", document))
    filter_of["value"] = 10
    assert told("create_segment", document) == []


@pytest.mark.parametrize("moment", ["2026-07-15T09:30:00Z", "2026-07-15T09:30:00+02:00", "2026-07-15T09:30:00"])
def test_moments_are_taken_as_klaviyo_takes_them(moment: str) -> None:
    assert told("create_event", event(moment)) == []


def test_a_moment_that_is_none_is_refused_with_an_example() -> None:
    assert told("create_event", event("tomorrow")) == [
        "/data/attributes/time is “tomorrow”, but must be a date and time such as 2026-07-15T09:30:00Z"
    ]


def event(moment: str) -> dict[str, Any]:
    metric = {"data": {"type": "metric", "attributes": {"name": "Viewed Page"}}}
    person = {"data": {"type": "profile", "attributes": {"email": "ana@example.com"}}}
    attributes = {"properties": {}, "metric": metric, "profile": person, "time": moment}
    return {"data": {"type": "event", "attributes": attributes}}


def test_a_write_holds_the_checked_bytes_and_the_address() -> None:
    write = operation("update_profile").write(
        {"id": "01HZ"},
        update(first_name="Zoë"),
        query=Query(additional_fields={"profile": ("subscriptions",)}),
    )
    assert write.path == "/api/profiles/01HZ?additional-fields%5Bprofile%5D=subscriptions"
    assert (write.operation, write.method) == ("update_profile", "PATCH")
    assert orjson.loads(write.body) == update(first_name="Zoë")


def test_ready_bytes_are_kept_as_they_are_and_checked() -> None:
    found = operation("update_profile")
    body = b'{ "data": {"type": "profile", "id": "01HZ", "attributes": {}} }'
    assert found.write({"id": "01HZ"}, body=body).body == body
    with pytest.raises(BadBody, match="is no JSON"):
        found.write({"id": "01HZ"}, body=b"{")
    with pytest.raises(BadBody, match="lacks “data”"):
        found.write({"id": "01HZ"}, body=b"{}")


def test_a_bad_body_carries_every_fault() -> None:
    with pytest.raises(BadBody) as caught:
        operation("update_profile").write({"id": "01HZ"}, update(email=5, shoe_size=9))
    assert [fault.pointer for fault in caught.value.faults] == ["/data/attributes/email", "/data/attributes"]
    assert caught.value.operation == "update_profile"


def test_an_operation_without_a_body_takes_none() -> None:
    assert operation("delete_list").write({"id": "AbC123"}).body == b""
    with pytest.raises(BadBody, match="takes no body"):
        operation("delete_list").write({"id": "AbC123"}, {"data": []})
    with pytest.raises(BadBody, match="must be an object"):
        operation("create_list").write()


def bulk(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": rows}}}}


def test_ten_thousand_profiles_fit_into_one_body() -> None:
    attributes = {
        "first_name": "Ana",
        "location": {"city": "New York", "zip": None},
        "properties": {"a": 1, "b": ["x"]},
    }
    rows = [{"type": "profile", "attributes": {**attributes, "email": f"p{n}@example.com"}} for n in range(10_000)]
    body = orjson.dumps(bulk(rows))
    assert operation("bulk_import_profiles").write(body=body).body == body
