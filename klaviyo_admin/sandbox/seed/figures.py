"""Sows which metrics stand for the figures of a shop, and a custom metric of its own."""

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.seed.ground import Ground

_FIGURES = {
    "added_to_cart": "Added to Cart",
    "cancelled_sales": None,
    "ordered_product": "Ordered Product",
    "refunded_sales": "Refunded Order",
    "revenue": "Placed Order",
    "started_checkout": "Started Checkout",
    "viewed_product": "Viewed Product",
}
_MOST_GONE = 300  # of one segment
_LARGE = {"property": "$value", "filter": {"type": "numeric", "operator": "greater-than", "value": 150}}


def furnish(ground: Ground) -> None:
    metrics = {
        row["name"]: row
        for row in ground.db.execute("SELECT * FROM metric WHERE account = ?", (ground.account,)).fetchall()
    }
    for figure, name in _FIGURES.items():
        ground.db.execute(
            "INSERT INTO mapped_metric (account, id, metric, updated) VALUES (?, ?, ?, ?)",
            (ground.account, figure, metrics[name]["n"] if name else None, metrics["Placed Order"]["created"]),
        )
    where = things.Ledger(ground.db, ground.account, ground.today)
    group = {"metric_id": metrics["Placed Order"]["id"], "metric_filters": [_LARGE], "value_property": "$value"}
    definition = {"aggregation_method": "value", "metric_groups": [group]}
    _leave(ground)
    things.add(where, "custom-metric", ids.six(ground.chance), {"definition": definition}, name="Large orders")


def _leave(ground: Ground) -> None:
    """Those who were in a segment for a while: nobody stays for ever."""
    segments = ground.db.execute(
        "SELECT n, created, (SELECT count(*) FROM member WHERE member.circle = circle.n) AS members FROM circle "
        "WHERE account = ? AND kind = 'segment' ORDER BY n",
        (ground.account,),
    ).fetchall()
    for segment in segments:
        for _ in range(min(_MOST_GONE, segment["members"] // 4)):
            joined, gone = sorted(ground.chance.randrange(segment["created"], ground.today) for _ in "io")
            ground.db.execute(
                "INSERT INTO departure (circle, joined, gone) VALUES (?, ?, ?)",
                (segment["n"], joined, gone + SECOND),
            )
