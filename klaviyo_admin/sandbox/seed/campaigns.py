"""Sows campaigns: those whose letters people got, and a few that are on their way or never went."""

from typing import Any

from klaviyo_admin.sandbox import ids, sending, things
from klaviyo_admin.sandbox.moments import DAY, exact
from klaviyo_admin.sandbox.seed.ground import Ground
from klaviyo_admin.sandbox.seed.mailings import Mailing, mailings

_TRACKING = {
    "add_tracking_params": False,
    "custom_tracking_params": [],
    "is_tracking_clicks": True,
    "is_tracking_opens": True,
}


def furnish(ground: Ground) -> None:
    sent = mailings(ground.shop, ground.today)
    for mailing in reversed(sent):
        _plant(ground, mailing, sending.SENT, {"send_time": mailing.at})
    for name, status, days in (
        ("Gift guide – entwurf", sending.DRAFT, 0),
        ("Next month, early birds first 🐦", sending.SCHEDULED, 12),
        ("Postcard that never left", sending.CANCELLED, 0),
    ):
        made = ground.today - 5 * DAY
        idents = (ids.ulid(made, ground.chance), ids.ulid(made, ground.chance))
        mailing = Mailing(*idents, name, f"{name} from {ground.shop.name}", made)
        _plant(ground, mailing, status, _ahead(ground, made, days) if days else {})


def _ahead(ground: Ground, made: int, days: int) -> dict[str, Any]:
    starts = ground.today + days * DAY
    run = {"begun": made, "starts": starts, "ahead": True, "speed": 1.0, "done": 0}
    strategy = {"method": "static", "datetime": exact(starts), "options": {"is_local": False}}
    return {"send_strategy": strategy, "scheduled_at": made, "run": run}


def _plant(ground: Ground, mailing: Mailing, status: str, more: dict[str, Any]) -> None:
    where = things.Ledger(ground.db, ground.account, min(mailing.at, ground.today))
    newsletter = ground.db.execute(
        "SELECT id FROM circle WHERE account = ? AND name = 'Newsletter'", (ground.account,)
    ).fetchone()
    kept = {
        "audiences": {"included": [newsletter["id"]], "excluded": []},
        "send_strategy": {"method": "immediate"},
        "send_options": {"use_smart_sending": True},
        "tracking_options": _TRACKING,
        **{"archived": False, "scheduled_at": None, "send_time": None},
        **more,
    }
    campaign = things.add(where, sending.CAMPAIGN, mailing.campaign, kept, name=mailing.name, status=status)
    content = {
        **{"subject": mailing.subject, "preview_text": "Two minutes to read", "reply_to_email": None},
        **{"from_email": "hello@example.com", "from_label": ground.shop.name, "cc_email": None, "bcc_email": None},
    }
    times = [{"datetime": exact(mailing.at), "is_local": False}] if status == sending.SENT else None
    definition = {"channel": "email", "label": mailing.name, "content": content}
    message = things.add(
        where, sending.MESSAGE, mailing.message, {"definition": definition, "send_times": times}, parent=campaign["n"]
    )
    if status != sending.DRAFT:
        _give_template(ground, where, message["n"])


def _give_template(ground: Ground, where: things.Ledger, message: int) -> None:
    """A copy of one of the shop's templates."""
    source = ground.db.execute(
        "SELECT * FROM thing WHERE account = ? AND kind = 'template' AND status = '' ORDER BY n LIMIT 1 OFFSET 2",
        (ground.account,),
    ).fetchone()
    ident = ids.six(ground.chance)
    kept = things.content(source)
    copy = things.add(where, "template", ident, kept, name=source["name"], status=sending.CAMPAIGN)
    things.tie(ground.db, "template-of-message", message, [copy["n"]])
