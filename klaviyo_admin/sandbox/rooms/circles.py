"""What lists and segments have in common: they are looked up, counted and paged through in the same way."""

from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms.reading import owner
from klaviyo_admin.sandbox.shelves import Row, Rows, Shelf

_MEMBERS = "member JOIN profile ON profile.n = member.profile"


def members(ask: Ask, circle: Row) -> Rows:
    """The profiles of a list or segment, with the time each joined."""
    return Rows(
        _MEMBERS,
        "member.circle = ?",
        (circle["n"],),
        extra=", member.joined",
        columns={"joined_group_at": "member.joined", "profile_id": "profile.id"},
        sort="joined_group_at",
        n="member.profile",
    )


def shown(ask: Ask, shelf: Shelf, ident: str, status: int = 0) -> Reply:
    """The document of one list or segment, counted where `profile_count` was asked for."""
    counted = "(SELECT count(*) FROM member WHERE member.circle = circle.n)"
    count = counted if "profile_count" in ask.query.additional.get(shelf.type, ()) else "NULL"
    row = ask.db.execute(
        f"SELECT *, {count} AS members FROM circle WHERE account = ? AND id = ? AND {shelf.only}",
        (ask.account, ident),
    ).fetchone()
    return Reply(single(ask, shelf, row), status)


def get_one(ask: Ask, shelf: Shelf) -> Reply:
    return shown(ask, shelf, owner(ask, shelf)["id"])


def erase(ask: Ask, shelf: Shelf) -> Reply:
    row = owner(ask, shelf)
    for table in ("member", "departure", "list_suppression"):
        ask.db.execute(f"DELETE FROM {table} WHERE circle = ?", (row["n"],))
    ask.db.execute("DELETE FROM circle WHERE n = ?", (row["n"],))
    return Reply()


def proper_name(name: str) -> str:
    """Raises Refusal for a name of nothing but blanks."""
    if not name.strip():
        raise invalid("The name may not be blank.", "/data/attributes/name")
    return name
