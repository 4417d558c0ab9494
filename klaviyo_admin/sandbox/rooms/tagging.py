"""Tags as the resources see them that carry them: campaigns, flows, lists and segments."""

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.asking import Ask, Json
from klaviyo_admin.sandbox.rooms.reading import Room, related
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Rows, Shelf, loader, shelf_of

TAG, GROUP = "tag", "tag-group"
CARRIERS = ("flow", "campaign", "list", "segment")


def _tag(row: Row, extras: Extras) -> dict[str, Json]:
    return {"name": row["name"]}


def _group(row: Row, extras: Extras) -> dict[str, Json]:
    return {"name": row["name"], **things.content(row)}


TAGS = things.shelf(
    TAG,
    "/api/tags",
    _tag,
    relations=(
        Relation("tag-group", shelf_of(GROUP), things.LOADING_PARENT, many=False),
        *(Relation(f"{kind}s") for kind in CARRIERS),
    ),
)
GROUPS = things.shelf(
    GROUP,
    "/api/tag-groups",
    _group,
    columns={"exclusive": "thing.data ->> '$.exclusive'", "default": "thing.data ->> '$.default'"},
    relations=(Relation("tags"),),
)


def tags(kind: str) -> Relation:
    """The relationship of a resource of this kind to its tags."""
    sql = (
        "SELECT tagging.object AS owner, thing.* FROM tagging JOIN thing ON thing.n = tagging.tag "
        f"WHERE tagging.kind = '{kind}' AND tagging.object IN ({{}}) ORDER BY thing.n"
    )
    return Relation("tags", shelf_of(TAG), loader(sql, "id"))


def tag_rooms(shelf: Shelf) -> tuple[Room, Room]:
    """The tags of a resource on this shelf, in full and as ids."""

    def carried(ask: Ask, row: Row) -> Rows:
        table = "tagging JOIN thing ON thing.n = tagging.tag"
        return Rows(table, "tagging.kind = ? AND tagging.object = ?", (shelf.type, row["id"]), n="thing.n")

    return related(shelf, TAGS, carried)
