"""The generator: facts and no prose, the same every time, and differences that can be read."""

import copy
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command

from klaviyo_admin.klaviyo import comparison, generator
from klaviyo_admin.klaviyo.bodies import Body
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.corrections import NULLABLE, corrected
from klaviyo_admin.klaviyo.shapes import shapes_of
from tests.klaviyo.spec import PROSE, spec


def test_the_facts_of_an_operation_are_taken_out() -> None:
    areas = generator.areas_of(spec())
    assert list(areas) == ["big_boxes", "images"]
    assert areas["big_boxes"]["revision"] == "2099-01-15"
    assert areas["big_boxes"]["operations"]["get_boxes"] == {
        "method": "GET",
        "path": "/api/boxes",
        "success": [200],
        "limits": {
            "burst": 3,
            "minute": 60,
            "reduced": [{"when": "additional-fields[box]=weight", "burst": 1, "minute": 15}],
        },
        "scopes": ["boxes:read"],
        "filters": {
            "id": {"operators": {"list": ["any", "equals"], "single": ["equals"]}, "type": "string"},
            "tags": {"operators": {"none": ["has"]}},
            "made": {"operators": {"single": ["less-than"]}, "type": "string", "format": "date-time"},
        },
        "sorts": ["name", "-name"],
        "includes": ["tags"],
        "cursor": "page[cursor]",
        "page": {"default": 20, "minimum": 1, "maximum": 100},
        "fields": {"box": "box/2"},
        "additional_fields": {"box": ["weight"]},
        "kind": "box",
    }
    assert areas["big_boxes"]["operations"]["create_box"] == {
        "method": "POST",
        "path": "/api/boxes",
        "success": [201, 202],
        "limits": {"burst": 1, "minute": 15, "day": 100},
        "scopes": ["boxes:read", "boxes:write"],
        "aliases": ["make_box"],
        "body": "BoxCreate",
        "kind": "box",
    }
    assert areas["images"]["operations"]["upload_box"]["media"] == "multipart/form-data"


def test_field_lists_are_kept_once_and_numbered_where_they_differ() -> None:
    content = generator.areas_of(spec())["big_boxes"]
    assert content["fields"] == {"box": ["id"], "box/2": ["id", "name"]}
    assert content["operations"]["get_box"]["fields"] == {"box": "box"}


def test_a_deletion_has_the_kind_of_what_is_read_at_its_address() -> None:
    assert generator.areas_of(spec())["big_boxes"]["operations"]["delete_box"]["kind"] == "box"


def test_no_prose_is_kept() -> None:
    written = orjson.dumps(generator.areas_of(spec())).decode()
    assert PROSE not in written
    assert "example" not in written
    assert '"description":{"type":"string"}' in written, "a member may be called description"


def test_only_schemas_that_a_body_needs_are_kept() -> None:
    areas = generator.areas_of(spec())
    assert list(areas["big_boxes"]["schemas"]) == ["BoxCreate", "BoxEnum", "Lid"]
    assert list(areas["images"]["schemas"]) == ["BoxUpload"]


@pytest.mark.parametrize(
    "members",
    [
        {"name": None},
        {"name": "x"},
        {"colour": None},
        {"colour": "red"},
        {"lid": None},
        {"lid": {"round": True, "box": {}}},
        {"note": None},
        {"note": {"anything": 1}},
        {"size": None},
        {"size": 1},
        {"size": 1.5},
        {"size": "2026-07-15"},
    ],
)
def test_what_may_be_null_may_be_null_and_alternatives_may_overlap(members: dict[str, Any]) -> None:
    body = Body(generator.areas_of(spec())["big_boxes"]["schemas"], "BoxCreate")
    assert body.faults({"data": {"type": "box", **members}}) == ()


@pytest.mark.parametrize("members", [{"type": None}, {"colour": "green"}, {"lid": 1}, {"size": True}, {"made": None}])
def test_what_may_not_be_null_is_refused(members: dict[str, Any]) -> None:
    body = Body(generator.areas_of(spec())["big_boxes"]["schemas"], "BoxCreate")
    assert len(body.faults({"data": {"type": "box", **members}})) == 1


def test_a_figure_may_be_given_no_metric_although_the_document_forbids_it() -> None:
    def faults(name: str, data: Any) -> int:
        related = {"relationships": {name: {"data": data}}}
        document = {"data": {"type": "mapped-metric", "id": "revenue", **related}}
        return len(operation("update_mapped_metric").faults(document))

    assert faults("metric", None) == 0
    assert faults("metric", {"type": "metric", "id": "ABC123"}) == 0
    assert faults("metric", {"type": "metric"}) == 1
    assert faults("custom-metric", None) == 1, "nobody saw the live service take that"


def test_a_correction_is_made_once_and_only_where_its_place_is() -> None:
    stored = {name: schema for area in generator.read().values() for name, schema in area["schemas"].items()}
    for name in NULLABLE:
        assert corrected(name, stored[name]) == stored[name]
        assert corrected(name, {"type": "object"}) == {"type": "object"}


def test_the_shape_of_what_is_answered_is_what_all_that_describe_it_agree_about() -> None:
    lid = {"round": "flag", "colours": ["text"], "width": "plain", "of": None}
    assert shapes_of(spec()) == {
        "box": {"name": "text", "size": "number", "lid": lid, "notes": {}, "made": "text"},
        "lid": lid,
    }


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "gone.json").write_text("{}")
    assert generator.write(spec(), tmp_path) == 5
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(first) == {"big_boxes.json", "images.json", "index.json", "answers.json"}
    generator.write(spec(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert generator.read(tmp_path) == generator.areas_of(spec())
    assert list(comparison.differences(generator.read(tmp_path), generator.areas_of(spec()))) == []


def test_the_stored_catalogue_is_as_the_generator_writes_it() -> None:
    stored = generator.read()
    index = orjson.loads((generator.FOLDER / generator.INDEX).read_bytes())
    assert index == generator.index_of(stored)
    for area, content in stored.items():
        assert content["area"] == area
        assert (generator.FOLDER / f"{area}.json").read_bytes() == generator.lines(content)


def test_a_difference_is_a_line_that_can_be_read() -> None:
    before = generator.areas_of(spec())
    document = copy.deepcopy(spec())
    paths = document["paths"]
    paths["/api/boxes"]["get"]["x-klaviyo-ratelimit"] = {"burst": "10/s", "steady": "60/m", "daily": "5/d"}
    paths["/api/boxes"]["get"]["parameters"][1]["schema"]["items"]["enum"] = ["id", "title"]
    paths["/api/boxes/{id}"]["get"]["x-klaviyo-scopes"] = ["lids:read"]
    paths["/api/boxes/{id}"]["get"]["parameters"][1]["schema"]["type"] = "integer"
    paths["/api/lids"] = {"get": {**paths["/api/boxes/{id}"].pop("delete"), "operationId": "get_lids"}}
    document["components"]["schemas"]["Lid"]["properties"]["round"] = {"type": "string"}
    assert list(comparison.differences(before, generator.areas_of(document))) == [
        "- delete_box  (DELETE /api/boxes/{id}) is gone",
        "~ get_box  parameters.id.type: string → integer",
        "~ get_box  scopes: +lids:read -boxes:read",
        "~ get_boxes  fields.box: +title -name",
        "~ get_boxes  limits.burst: 3 → 10",
        "~ get_boxes  limits.day: nothing → 5",
        "+ get_lids  (GET /api/lids) is new",
        "~ big_boxes body Lid  properties.round.type: boolean → string",
    ]


def test_the_command_compares_without_writing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "spec.json"
    file.write_bytes(orjson.dumps(spec()))
    before = (generator.FOLDER / generator.INDEX).read_bytes()
    call_command("catalogue", str(file), "--compare")
    said = capsys.readouterr().out
    assert "- get_profiles  (GET /api/profiles) is gone" in said
    assert "+ get_boxes  (GET /api/boxes) is new" in said
    assert said.endswith("differences from the stored catalogue\n")
    assert (generator.FOLDER / generator.INDEX).read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"openapi": "3.0.2"}'])
def test_the_command_refuses_a_file_that_is_no_openapi_document(tmp_path: Path, text: str) -> None:
    file = tmp_path / "spec.json"
    file.write_text(text)
    with pytest.raises(CommandError):
        call_command("catalogue", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("catalogue", str(tmp_path / "nowhere.json"))
