"""Sows what a shop's visitors see and say: reviews of what they bought, the places of the shop, and how links are tagged."""

import json

from klaviyo_admin.sandbox import ids
from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.seed.ground import Ground

_WORDS = {
    5: (
        ("Exactly right", "Lovely thing, and it came well packed. 🌿"),
        ("Again and again", "Third one we bought. Das Beste, was es gibt!"),
    ),
    4: (
        ("Very good", "Would have liked it a little larger, but the quality is there."),
        ("Gerne wieder", "Schnelle Lieferung, schön verpackt."),
    ),
    3: (("It does", "Fine. Not what the picture made me hope for."),),
    2: (("Hm", "Came with a scratch; the shop was kind about it."),),
    1: (("Broken on arrival", "The second one broke too 😔"),),
}
_RATINGS = (5, 5, 5, 5, 5, 4, 4, 4, 3, 3, 2, 1)
_STATUSES = ("published",) * 10 + ("featured", "pending", "pending", "unpublished", "rejected")
_REPLY = "Thank you for telling us. We have written to you."
_SHARE, _MOST = 0.12, 400  # of those who bought; and never more than so many
_PLACES = {"SBXJP1": (45.5231, -122.6765), "SBXHC2": (51.4545, -2.5879)}


def furnish(ground: Ground) -> None:
    for around in range(4):
        latitude, longitude = (part + ground.chance.uniform(-0.2, 0.2) for part in _PLACES[ground.shop.id])
        ground.db.execute(
            "INSERT INTO geofence (account, id, latitude, longitude, radius) VALUES (?, ?, ?, ?, ?)",
            (
                ground.account,
                ids.ulid(ground.today, ground.chance),
                round(latitude, 5),
                round(longitude, 5),
                150.0 + 50 * around,
            ),
        )
    ground.db.execute(
        "INSERT INTO tracking_setting (account, id, data) VALUES (?, ?, ?)",
        (ground.account, ground.shop.id, json.dumps(_links())),
    )
    _reviews(ground)


def _links() -> dict[str, object]:
    def both(flow: str, campaign: str) -> dict[str, object]:
        return {"flow": {"type": "dynamic", "value": flow}, "campaign": {"type": "dynamic", "value": campaign}}

    fixed = {name: {"type": "static", "value": "klaviyo"} for name in ("flow", "campaign")}
    medium = {name: {"type": "static", "value": "email"} for name in ("flow", "campaign")}
    extra = {"name": "kx_message", **both("message_name", "campaign_name")}
    campaign = both("flow_name", "campaign_name_send_day")
    return {
        "auto_add_parameters": True,
        "utm_source": fixed,
        "utm_medium": medium,
        "utm_campaign": campaign,
        "custom_parameters": [extra],
    }


def _reviews(ground: Ground) -> None:
    goods = {name: place for place, (name, _, _) in enumerate(ground.shop.products)}
    items = {
        row["name"]: row
        for row in ground.db.execute(
            "SELECT * FROM thing WHERE account = ? AND kind = 'catalog-item'", (ground.account,)
        ).fetchall()
    }
    bought = ground.db.execute(
        "SELECT event.profile, min(event.at) AS at, event.properties ->> '$.ProductName' AS product, profile.email, "
        "profile.first_name AS author FROM event JOIN metric ON metric.n = event.metric JOIN profile ON profile.n = event.profile "
        "WHERE metric.account = ? AND metric.name = 'Ordered Product' AND profile.email IS NOT NULL "
        "GROUP BY event.profile ORDER BY event.profile LIMIT ?",
        (ground.account, int(_MOST / _SHARE)),
    ).fetchall()
    for row in bought:
        if ground.chance.random() < _SHARE and row["product"] in goods:
            item = items.get(row["product"])
            external = (
                item["id"].rpartition(":::")[2] if item else f"{ground.shop.id[3:]}-{goods[row['product']] + 1:03}"
            )
            _review(ground, dict(row), external, item["id"] if item else f"$custom:::$default:::{external}")


def _review(ground: Ground, row: dict[str, object], external: str, item: str) -> None:
    chance = ground.chance
    at = min(int(str(row["at"])) + chance.randrange(3, 30) * DAY, ground.today - DAY)
    rating, status = chance.choice(_RATINGS), chance.choice(_STATUSES)
    title, content = chance.choice(_WORDS[rating])
    slug = external.lower()
    product = {
        "url": f"{ground.shop.site}/{slug}",
        "name": row["product"],
        "image_url": f"{ground.shop.site}/{slug}.jpg",
        "external_id": external,
    }
    kept: dict[str, object] = {
        "email": row["email"],
        "author": row["author"],
        "title": title,
        "product": product,
        "images": [],
    }
    if status == "rejected":
        kept["rejection_reason"] = {"reason": "unrelated"}
    if status == "featured":
        kept["smart_quote"] = content.partition(".")[0]
    if rating <= 2 and status == "published":
        kept["public_reply"] = {"content": _REPLY, "author": ground.shop.name, "updated": "2026-01-05T09:00:00+00:00"}
    ground.db.execute(
        "INSERT INTO review (account, id, profile, item, type, status, rating, verified, content, created, updated, data) "
        "VALUES (?, ?, ?, ?, 'review', ?, ?, 1, ?, ?, ?, ?)",
        (
            ground.account,
            ids.ulid(at, chance),
            row["profile"],
            item,
            status,
            rating,
            content,
            at,
            at,
            json.dumps(kept, ensure_ascii=False),
        ),
    )
