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
    _plant_drafts(ground)


def _plant_drafts(ground: Ground) -> None:
    """One for each channel that only waits to be sent; who looks at a shop finds all that a campaign can be."""
    made = ground.today - DAY
    for name, definition in (
        ("Opening hours between the years", None),
        ("Restock by text", _text(f"{ground.shop.name}: it is back! {ground.shop.site}")),
        ("Restock, to the app", _note("It is back", "The thing you looked at can be had again.")),
    ):
        idents = (ids.ulid(made, ground.chance), ids.ulid(made, ground.chance))
        mailing = Mailing(*idents, name, f"{name} at {ground.shop.name}", made)
        tracking = _TRACKING if definition is None else {k: v for k, v in _TRACKING.items() if "is_" not in k}
        _plant(ground, mailing, sending.DRAFT, {"tracking_options": tracking}, definition, ready=True)


def _text(body: str) -> dict[str, Any]:
    options = {"shorten_links": True, "add_org_prefix": True, "add_info_link": True, "add_opt_out_language": True}
    return {"channel": "sms", "content": {"body": body, "media_url": None}, "render_options": options}


def _note(title: str, body: str) -> dict[str, Any]:
    content = {"title": title, "body": body, "dynamic_image": None, "action_buttons": None}
    options = {"on_open": {"type": "open_app"}, "badge": {"display": False}, "play_sound": False}
    rest = {"kv_pairs": None, "notification_type": "standard", "options": options}
    return {"channel": "mobile_push", "content": content, **rest}


def _ahead(ground: Ground, made: int, days: int) -> dict[str, Any]:
    starts = ground.today + days * DAY
    run = {"begun": made, "starts": starts, "ahead": True, "speed": 1.0, "done": 0}
    strategy = {"method": "static", "datetime": exact(starts), "options": {"is_local": False}}
    return {"send_strategy": strategy, "scheduled_at": made, "run": run}


def _plant(
    ground: Ground,
    mailing: Mailing,
    status: str,
    more: dict[str, Any],
    definition: dict[str, Any] | None = None,
    *,
    ready: bool = False,
) -> None:
    """A campaign with its one message: an e-mail, unless `definition` is another. A draft has a template if `ready`."""
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
    kept_message = {
        "definition": definition or {"channel": "email", "label": mailing.name, "content": content},
        "send_times": times,
    }
    message = things.add(where, sending.MESSAGE, mailing.message, kept_message, parent=campaign["n"])
    if not definition and (ready or status != sending.DRAFT):
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
