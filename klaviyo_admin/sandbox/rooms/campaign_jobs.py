"""The room of campaign jobs: sending, cancelling or reverting it, and estimating how many it will reach."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import mailing, sending, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.refusals import invalid, missing
from klaviyo_admin.sandbox.rooms import campaigns
from klaviyo_admin.sandbox.rooms.campaign_shelves import TEMPLATE_OF
from klaviyo_admin.sandbox.rooms.reading import Room
from klaviyo_admin.sandbox.sending import MESSAGE
from klaviyo_admin.sandbox.shelves import Row

_ESTIMATES = 2.0  # seconds that an estimation takes
_SEND, _ESTIMATION = "campaign-send-job", "campaign-recipient-estimation"


def _campaign(ask: Ask, ident: str) -> Row:
    row = things.find(things.ledger(ask), sending.CAMPAIGN, ident)
    if row is None:
        raise missing(f"A campaign with id '{ident}' does not exist.")
    return row


def _document(ask: Ask, kind: str, row: Row, attributes: Json) -> Reply:
    at = f"{ask.here}/api/{kind}s/{row['id']}/"
    data = {"type": kind, "id": row["id"], "attributes": attributes, "links": {"self": at}}
    return Reply({"data": data, "links": {"self": at}})


def _messages(ask: Ask, row: Row) -> list[Row]:
    sql = "SELECT * FROM thing WHERE parent = ? AND kind = ? ORDER BY n"
    return ask.db.execute(sql, (row["n"], MESSAGE)).fetchall()


def send_campaign(ask: Ask) -> Reply:
    row = _campaign(ask, ask.document["data"]["id"])
    campaigns.must_be_draft(row)
    for message in _messages(ask, row):
        mail = things.content(message)["definition"]["channel"] == "email"
        if mail and not things.held_rows(ask.db, TEMPLATE_OF, message):
            raise invalid(f"The message {message['id']} has no template.", "/data/id")
    return _document(ask, _SEND, sending.begin(things.ledger(ask), row, ask.speed), {"status": "queued"})


def get_campaign_send_job(ask: Ask) -> Reply:
    row = _campaign(ask, ask.id)
    if "run" not in things.content(row):
        raise missing(f"A campaign-send-job with id {ask.id} does not exist.")
    return _document(ask, _SEND, row, {"status": _job_status(row["status"])})


def _job_status(status: str) -> str:
    if status == sending.DRAFT or status.startswith(sending.CANCELLED):
        return "cancelled"
    if status == sending.SENT:
        return "complete"
    return "queued" if status.startswith("Preparing") else "processing"


def cancel_campaign_send(ask: Ask) -> Reply:
    row = _campaign(ask, ask.id)
    ask.must_match()
    if row["status"] not in sending.UNDER_WAY:
        raise invalid(f"The campaign is {row['status']}; there is nothing to take back.")
    after = sending.CANCELLED if ask.attributes["action"] == "cancel" else sending.DRAFT
    sending.stop(things.ledger(ask), row, after)
    return Reply()


def refresh_campaign_recipient_estimation(ask: Ask) -> Reply:
    row = _campaign(ask, ask.document["data"]["id"])
    where = things.ledger(ask)
    channel = things.content(_messages(ask, row)[0])["definition"]["channel"]
    count = len(mailing.audience(where, things.content(row)["audiences"], channel))
    ready = ask.now + int(_ESTIMATES * SECOND / ask.speed)
    ask.db.execute(
        "UPDATE thing SET data = json_set(data, '$.estimation', json_object('ready', ?, 'count', ?)) WHERE n = ?",
        (ready, count, row["n"]),
    )
    return _document(ask, f"{_ESTIMATION}-job", row, {"status": "processing"})


def get_campaign_recipient_estimation_job(ask: Ask) -> Reply:
    row = _campaign(ask, ask.id)
    found = things.content(row).get("estimation")
    if found is None:
        raise missing(f"A {_ESTIMATION}-job with id {ask.id} does not exist.")
    return _document(
        ask, f"{_ESTIMATION}-job", row, {"status": "complete" if ask.now >= found["ready"] else "processing"}
    )


def get_campaign_recipient_estimation(ask: Ask) -> Reply:
    row = _campaign(ask, ask.id)
    found = things.content(row).get("estimation")
    if found is None or ask.now < found["ready"]:
        raise missing("No results or results were out of date. Schedule a new estimation.")
    return _document(ask, _ESTIMATION, row, {"estimated_recipient_count": found["count"]})


ROOM: Mapping[str, Room] = {
    "send_campaign": send_campaign,
    "get_campaign_send_job": get_campaign_send_job,
    "cancel_campaign_send": cancel_campaign_send,
    "refresh_campaign_recipient_estimation": refresh_campaign_recipient_estimation,
    "get_campaign_recipient_estimation_job": get_campaign_recipient_estimation_job,
    "get_campaign_recipient_estimation": get_campaign_recipient_estimation,
}
