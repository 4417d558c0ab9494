"""Sows a custom object: the workshops a shop gives, with the records its booking system sent."""

from klaviyo_admin.sandbox import ids, records, things
from klaviyo_admin.sandbox.moments import DAY, exact
from klaviyo_admin.sandbox.seed.ground import Ground

_NAMESPACE = "custom-objects"
_PROPERTIES = (
    ("title", "string"),
    ("seats", "int"),
    ("price", "float"),
    ("starts_at", "timestamp"),
    ("sold_out", "boolean"),
)
_WORKSHOPS = (
    "Candle pouring",
    "Pruning in spring",
    "Sourdough & stoneware",
    "Wreaths – Kränze binden",
    "Natural dyes 🌿",
)


def furnish(ground: Ground) -> None:
    where = things.Ledger(ground.db, ground.account, ground.today - 250 * DAY)
    about = {"visibility": "private", "description": "The till in the workshop", "namespace": _NAMESPACE}
    source = things.add(where, "data-source", ids.ulid(where.now, ground.chance), about, name="Booking system")
    kept = {"description": "A class with a date", "visibility": "private", "namespace": _NAMESPACE}
    kind = things.add(where, "object-type", ids.ulid(where.now, ground.chance), kept, name="Workshop", status="active")
    properties = [
        {"id": n, "name": name, "type": word, "description": ""} for n, (name, word) in enumerate(_PROPERTIES, 1)
    ]
    content = {"description": "", "properties": properties, "required": ["title"], "visibility": "private"}
    schema = things.add(
        where,
        "object-schema",
        ids.ulid(where.now, ground.chance),
        {**content, "published_at": where.now},
        name="Workshop",
        status="active",
        parent=kind["n"],
    )
    mappings = [_mapping(entry["id"], source["id"], entry["name"]) for entry in properties]
    _booking(ground, source["id"], schema["id"])
    mapping = {"property_mappings": mappings, "relationship_mappings": []}
    things.add(where, "source-mapping", ids.ulid(where.now, ground.chance), mapping, parent=schema["n"])
    for number in range(24):
        record = {
            "id": f"W{number:03}",
            "title": _WORKSHOPS[number % 5],
            "seats": 4 + number % 9,
            "price": 35.0 + number,
        }
        record |= {"starts_at": exact(ground.today + (number - 12) * 7 * DAY), "sold_out": number % 4 == 0}
        # A few are wrong, as in life, so that there is a log to read.
        wrong = {"seats": "a dozen"} if number % 11 == 10 else {}
        records.take(
            things.Ledger(ground.db, ground.account, ground.today - DAY),
            source["id"],
            {**record, **wrong},
            ground.chance,
        )


def _booking(ground: Ground, source: str, workshop: str) -> None:
    """A second type, of which there is only a draft so far: linked to workshops and to people."""
    where = things.Ledger(ground.db, ground.account, ground.today - 9 * DAY)
    kept = {"description": "A seat in a workshop", "visibility": "private", "namespace": _NAMESPACE}
    kind = things.add(where, "object-type", ids.ulid(where.now, ground.chance), kept, name="Booking", status="draft")
    names = (("booked_at", "timestamp"), ("seats", "int"))
    properties = [{"id": n, "name": name, "type": word, "description": ""} for n, (name, word) in enumerate(names, 1)]
    content = {
        "description": "",
        "properties": properties,
        "required": [],
        "visibility": "private",
        "published_at": None,
    }
    ident = ids.ulid(where.now, ground.chance)
    schema = things.add(where, "object-schema", ident, content, name="Booking", status="draft", parent=kind["n"])
    mapping = {"property_mappings": [_mapping(2, source, "seats")], "relationship_mappings": []}
    things.add(where, "source-mapping", ids.ulid(where.now, ground.chance), mapping, parent=schema["n"])
    links = (("object-schema", workshop, "is a seat in"), ("profile-object-schema", "profile", "was booked by"))
    for to, target, name in links:
        link = ids.ulid(where.now, ground.chance)
        about = {"to": to, "target": target, "relationship_id": link, "name": name, "description": ""}
        things.add(where, "object-link", link, about, parent=schema["n"])


def _mapping(number: object, source: str, name: object) -> dict[str, object]:
    return {
        "id": number,
        "type": "simple",
        "source": {"source_id": source, "id_path": "$.id", "data_path": f"$.{name}"},
    }
