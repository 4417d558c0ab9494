"""A small OpenAPI document in Klaviyo's dialect, written for the tests of the generator."""

from typing import Any

PROSE = "Words that must not be kept"


def spec() -> dict[str, Any]:
    return {
        "openapi": "3.0.2",
        "info": {"version": "2099-01-15"},
        "paths": {
            "/api/boxes": {"get": GET_BOXES, "post": CREATE_BOX},
            "/api/boxes/{id}": {"delete": DELETE_BOX, "get": GET_BOX},
            "/api/box-image": {"post": UPLOAD},
        },
        "components": {"schemas": SCHEMAS},
    }


def parameter(name: str, place: str = "query", required: bool = False, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "description": PROSE,
        "required": required,
        "schema": {"example": PROSE, **schema},
    }


def names(*allowed: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(allowed)}}


def operation(name: str, area: str = "Big Boxes", **more: Any) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": PROSE,
        "description": PROSE,
        "tags": [area],
        "parameters": [],
        "x-klaviyo-ratelimit": {"burst": "3/s", "steady": "60/m"},
        "x-klaviyo-scopes": ["boxes:read"],
        "responses": {"200": {"description": PROSE, **content("BoxDocument")}, "4XX": {}, "5XX": {}},
        **more,
    }


def content(schema: str, media: str = "application/vnd.api+json") -> dict[str, Any]:
    return {"content": {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


REVISION = parameter("revision", "header", True, type="string", default="2099-01-15")
ID = parameter("id", "path", True, type="string")
GET_BOXES = operation(
    "get_boxes",
    parameters=[
        REVISION,
        parameter("fields[box]", **names("id", "name")),
        parameter("additional-fields[box]", **names("weight")),
        parameter("filter", type="string"),
        parameter("include", **names("tags")),
        parameter("page[cursor]", type="string"),
        parameter("page[size]", type="integer", default=20, minimum=1, maximum=100),
        parameter("sort", type="string", enum=["name", "-name"]),
    ],
    **{
        "description": f"{PROSE}<br>Rate limits when using the `additional-fields[box]=weight` parameter in your API "
        "request:<br>Burst: `1/s`<br>Steady: `15/m`<br>",
        "x-klaviyo-filters": {
            "id": {"operators": {"single": ["equals"], "list": ["any", "equals"]}, "value": {"type": "string"}},
            "tags": {"operators": {"none": ["has"]}},
            "made": {"operators": {"single": ["less-than"]}, "value": {"type": "string", "format": "date-time"}},
        },
    },
)
GET_BOX = operation("get_box", parameters=[REVISION, ID, parameter("fields[box]", **names("id"))])
CREATE_BOX = operation(
    "create_box",
    requestBody={"description": PROSE, "required": True, **content("BoxCreate")},
    responses={"202": {"description": PROSE}, "201": {"description": PROSE}, "4XX": {}},
    **{
        "x-klaviyo-ratelimit": {"burst": "1/s", "steady": "15/m", "daily": "100/d"},
        "x-klaviyo-scopes": ["boxes:write", "boxes:read"],
        "x-klaviyo-operation-aliases": ["make_box"],
    },
)
DELETE_BOX = operation("delete_box", parameters=[REVISION, ID], responses={"204": {"description": PROSE}})
UPLOAD = operation("upload_box", "Images", requestBody=content("BoxUpload", "multipart/form-data"))

BOX = {"name": {"type": "string"}, "size": {"type": "integer"}, "lid": {"$ref": "#/components/schemas/BoxLid"}}
LID = {
    "round": {"type": "boolean"},
    "colours": {"type": "array", "items": {"type": "string", "enum": ["red"]}},
    "width": {"oneOf": [{"type": "string"}, {"type": "number"}]},
    "of": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/components/schemas/BoxLid"}}]},
}


def thing(kind: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"type": {"$ref": f"#/components/schemas/{kind}"}, "attributes": {"properties": attributes}}}


RESPONSES: dict[str, Any] = {
    "BoxLid": {"properties": LID},
    "LidEnum": {"type": "string", "enum": ["lid"]},
    "BoxResponseResource": {**thing("BoxEnum", {**BOX, "notes": {"type": "object"}})},
    "GetBoxResponse": {
        "properties": {
            "data": {
                "type": "array",
                "items": {
                    "allOf": [
                        {"$ref": "#/components/schemas/BoxResponseResource"},
                        thing("BoxEnum", {"made": {"type": "string", "format": "date-time"}}),
                    ]
                },
            },
            "included": {"type": "array", "items": {"oneOf": [thing("LidEnum", LID)]}},
            "links": {"type": "object"},
        }
    },
}
SCHEMAS: dict[str, Any] = {
    **RESPONSES,
    "BoxEnum": {"type": "string", "enum": ["box"]},
    "BoxResource": {"type": "object", "properties": {"type": {"$ref": "#/components/schemas/BoxEnum"}}},
    "BoxDocument": {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/BoxResource"}, {}]}}
        },
    },
    "BoxCreate": {
        "type": "object",
        "required": ["data"],
        "properties": {
            "data": {
                "type": "object",
                "description": PROSE,
                "properties": {
                    "type": {"$ref": "#/components/schemas/BoxEnum"},
                    "name": {"type": "string", "nullable": True, "example": PROSE},
                    "colour": {"type": "string", "nullable": True, "enum": ["red", "blue"]},
                    "lid": {"$ref": "#/components/schemas/Lid", "nullable": True},
                    "note": {"nullable": True},
                    "made": {"type": "string", "format": "date-time"},
                    "size": {
                        "oneOf": [{"type": "integer"}, {"type": "number"}, {"type": "string", "format": "date"}],
                        "nullable": True,
                    },
                    "description": {"type": "string", "description": PROSE},
                },
            }
        },
    },
    "Lid": {
        "type": "object",
        "properties": {"round": {"type": "boolean"}, "box": {"$ref": "#/components/schemas/Lid"}},
    },
    "BoxUpload": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}},
    "Unused": {"type": "object"},
}
