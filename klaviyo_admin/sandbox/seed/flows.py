"""Sows flows: the two whose letters people got, and some in other states."""

from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.seed.ground import Ground
from klaviyo_admin.sandbox.seed.mailings import FlowMail, flow_mails

Json = dict[str, Any]
_TYPES = {"list": "Added to List", "metric": "Metric"}


def furnish(ground: Ground) -> None:
    mails = flow_mails(ground.shop)
    number = int(ground.db.execute("SELECT count(*) FROM thing WHERE kind = 'flow-action'").fetchone()[0])
    action = 100_000_001 + number
    newsletter = id_of(ground, "circle", "Newsletter")
    checkout, order = (id_of(ground, "metric", name) for name in ("Started Checkout", "Placed Order"))
    for place, (mail, trigger, status, hours) in enumerate(
        (
            (mails["welcome"], {"type": "list", "id": newsletter}, "live", 1),
            (mails["cart"], {"type": "metric", "id": checkout}, "live", 4),
            (_other(ground, "Thank-you after an order"), {"type": "metric", "id": order}, "manual", 48),
            (_other(ground, "Win-back – «Come back to the garden»"), {"type": "metric", "id": order}, "draft", 2160),
        )
    ):
        _plant(ground, mail, trigger, status, hours, action + 2 * place)


def _other(ground: Ground, name: str) -> FlowMail:
    return FlowMail(ids.six(ground.chance), ids.six(ground.chance), name, f"{name}, step 1", "A word from us")


def id_of(ground: Ground, table: str, name: str) -> str:
    """The id of what was sown under this name before."""
    sql = f"SELECT id FROM {table} WHERE account = ? AND name = ?"
    return str(ground.db.execute(sql, (ground.account, name)).fetchone()["id"])


def _plant(ground: Ground, mail: FlowMail, trigger: Json, status: str, hours: int, first: int) -> None:
    """A delay, then a letter."""
    where = things.Ledger(ground.db, ground.account, ground.today - 900 * DAY)
    kept = {
        "archived": False,
        "trigger_type": _TYPES[trigger["type"]],
        "trigger": trigger["id"],
        "definition": {"triggers": [trigger], "profile_filter": None, "entry_action_id": str(first)},
    }
    flow = things.add(where, "flow", mail.flow, kept, name=mail.name, status=status)
    delay = {"id": str(first), "type": "time-delay", "links": {"next": str(first + 1)}}
    delay["data"] = {"unit": "hours", "value": hours, "timezone": "profile"}
    things.add(
        where, "flow-action", str(first), {"definition": delay}, name="time-delay", status=status, parent=flow["n"]
    )
    template = _template(ground, where)
    message: Json = {"id": mail.message, "name": mail.step, "subject_line": mail.subject, "template_id": template["id"]}
    message |= {"from_email": "hello@example.com", "from_label": ground.shop.name, "preview_text": ""}
    message |= {"smart_sending_enabled": True, "transactional": False, "add_tracking_params": False}
    send = {"id": str(first + 1), "type": "send-email", "links": {"next": None}}
    send["data"] = {"message": message, "status": status}
    action = things.add(
        where, "flow-action", str(first + 1), {"definition": send}, name="send-email", status=status, parent=flow["n"]
    )
    row = things.add(
        where,
        "flow-message",
        mail.message,
        {"definition": message, "channel": "email"},
        name=mail.step,
        parent=action["n"],
    )
    things.tie(ground.db, "template-of-message", row["n"], [template["n"]])


def _template(ground: Ground, where: things.Ledger) -> Any:
    """A copy of the shop's first template that belongs to a flow."""
    source = ground.db.execute(
        "SELECT * FROM thing WHERE account = ? AND kind = 'template' AND status = '' ORDER BY n LIMIT 1",
        (ground.account,),
    ).fetchone()
    kept = things.content(source)
    return things.add(where, "template", ids.six(ground.chance), kept, name=source["name"], status="flow")
