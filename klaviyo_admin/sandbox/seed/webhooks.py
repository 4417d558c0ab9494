"""Sows webhooks: one that listens, and one that is switched off."""

from klaviyo_admin.sandbox import deliveries, ids, things
from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.seed.ground import Ground

_HOOKS = (
    ("Returns to the warehouse", "So that the shelf is cleared in time.", ("Refunded Order",), deliveries.ENABLED),
    ("Orders for the bookkeepers", None, ("Placed Order", "Refunded Order"), "disabled"),
)


def furnish(ground: Ground) -> None:
    topics = dict(
        ground.db.execute(
            "SELECT metric.name, topic.id FROM topic JOIN metric ON metric.n = topic.metric WHERE topic.account = ?",
            (ground.account,),
        ).fetchall()
    )
    for place, (name, description, metrics, status) in enumerate(_HOOKS):
        where = things.Ledger(ground.db, ground.account, ground.today - (300 - 200 * place) * DAY)
        kept = {
            "description": description,
            "endpoint_url": f"https://example.com/hooks/{place + 1}",
            "secret_key": f"{ground.chance.getrandbits(128):032x}",
            "topics": [topics[metric] for metric in metrics],
            "here": "",
            "seen": deliveries.newest(ground.db),
        }
        things.add(where, deliveries.KIND, ids.ulid(where.now, ground.chance), kept, name=name, status=status)
