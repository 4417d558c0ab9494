"""Sows tags in their groups, and ties them to what the shop has by then."""

import uuid

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.seed.ground import Ground

_GROUPS = (
    ("Default Tag Group", False, ("newsletter", "sale", "one-off", "needs review 👀", "évergreen", "Q4")),
    ("Season", True, ("Spring", "Summer", "Autumn", "Winter")),
    ("Team", False, ("Workshop", "Retail", "Wholesale", "Kundenbetreuung – Deutschland, Österreich und die Schweiz")),
)
_SHARE = 0.45  # of all that can carry tags


def furnish(ground: Ground) -> None:
    where = things.Ledger(ground.db, ground.account, ground.today)
    groups = []
    for place, (name, exclusive, names) in enumerate(_GROUPS):
        data = {"exclusive": exclusive, "default": place == 0}
        group = things.add(where, "tag-group", _uuid(ground), data, name=name)
        tags = [things.add(where, "tag", _uuid(ground), {}, name=tag, parent=group["n"])["n"] for tag in names]
        groups.append(tags)
    carriers = ground.db.execute(
        "SELECT kind, id FROM circle WHERE account = :account UNION ALL "
        "SELECT kind, id FROM thing WHERE account = :account AND kind IN ('campaign', 'flow')",
        {"account": ground.account},
    ).fetchall()
    for row in carriers:
        for tags in groups:
            if ground.chance.random() < _SHARE:
                key = (ground.chance.choice(tags), row["kind"], row["id"])
                ground.db.execute("INSERT INTO tagging VALUES (?, ?, ?)", key)


def _uuid(ground: Ground) -> str:
    return str(uuid.UUID(int=ground.chance.getrandbits(128), version=4))
