"""The room of consent: bulk subscriptions and their end, which answer at once and take effect a little later."""

import json
import random
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from klaviyo_admin.sandbox import consent, devices, history, membership, moments, people
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.reading import Room
from klaviyo_admin.sandbox.shelves import Row

_ROWS = "/data/attributes/profiles/data"
_MOST_IN, _MOST_OUT = 1000, 100
_TAKES = 2.0  # seconds until a request takes effect
# What a subscription may tell of the person beside how to reach them.
_TOLD = ("first_name", "last_name", "organization", "locale", "title", "image", "location", "properties")
_CARRIER = {
    "email": "email",
    "sms": "phone_number",
    "whatsapp": "phone_number",
}  # what a channel needs to reach someone


def bulk_subscribe_profiles(ask: Ask) -> Reply:
    given = ask.attributes
    rows, historical = given["profiles"]["data"], bool(given.get("historical_import"))
    must_be_few(rows, _MOST_IN)
    must_be_proper(ask, _placed(rows))
    problems = [p for place, row in enumerate(rows) for p in _untimely(ask, row["attributes"], place, historical)]
    if problems:
        raise Refusal(*problems)
    payload = {"rows": rows, "historical": historical, "detail": given.get("custom_source") or ""}
    return queue(ask, "subscribe", target(ask), payload)


def bulk_unsubscribe_profiles(ask: Ask) -> Reply:
    rows = ask.attributes["profiles"]["data"]
    must_be_few(rows, _MOST_OUT)
    must_be_proper(ask, _placed(rows))
    return queue(ask, "unsubscribe", target(ask), {"rows": rows, "detail": ""})


def queue(ask: Ask, verb: str, circle: int | None, payload: Json) -> Reply:
    """Keeps the request until it is due. Payload: rows (JSON:API profiles with `subscriptions`), detail, historical."""
    due = ask.now + int(_TAKES * SECOND / ask.speed)
    ask.db.execute(
        "INSERT INTO consent_job (account, verb, due, circle, payload) VALUES (?, ?, ?, ?, ?)",
        (ask.account, verb, due, circle, json.dumps(payload, ensure_ascii=False)),
    )
    return Reply()


def must_be_few(rows: list[Json], most: int) -> None:
    if not 0 < len(rows) <= most:
        raise invalid(f"Between 1 and {most} profiles may be given at once.", _ROWS)


def must_be_proper(ask: Ask, rows: Mapping[str, Json]) -> None:
    """Refuses the whole request for one profile that cannot be reached by the channels it names.

    `rows` are the profiles by their place in the body.
    """
    problems = [p for pointer, row in rows.items() for p in _improper(ask, row, pointer)]
    if problems:
        raise Refusal(*problems)


def _placed(rows: list[Json]) -> dict[str, Json]:
    return {f"{_ROWS}/{place}": row for place, row in enumerate(rows)}


def target(ask: Ask) -> int | None:
    """The row number of the list that the body names, None without one. Raises Refusal (404)."""
    given = ((ask.document["data"].get("relationships") or {}).get("list") or {}).get("data")
    if not given:
        return None
    sql = "SELECT n FROM circle WHERE account = ? AND kind = 'list' AND id = ?"
    row = ask.db.execute(sql, (ask.account, given["id"])).fetchone()
    if row is None:
        detail = f"A list with id {given['id']} does not exist."
        raise Refusal(Problem("not_found", detail, "/data/relationships/list/data/id"))
    return int(row["n"])


def _improper(ask: Ask, row: Json, pointer: str) -> Iterator[Problem]:
    attributes, here = row["attributes"], f"{pointer}/attributes"
    yield from people.faults(attributes, here, new=False)
    ident = row.get("id")
    if ident and _by_id(ask.db, ask.account, ident) is None:
        yield Problem("invalid", f"A profile with id {ident} does not exist.", f"{pointer}/id")
    if not ident and not attributes.get("email") and not attributes.get("phone_number"):
        yield Problem("invalid", "A profile needs an email or a phone_number.", here)
    wanted = _wanted(attributes)
    if not wanted:
        yield Problem("invalid", "'subscriptions' must name at least one channel.", f"{here}/subscriptions")
    for channel in sorted({name.partition(".")[0] for name in wanted}):
        carrier = _CARRIER.get(channel)
        if carrier and not ident and not attributes.get(carrier):
            detail = f"'{carrier}' must not be empty when the {channel} channel is included in 'subscriptions'."
            yield Problem("invalid", detail, f"{here}/{carrier}")


def _untimely(ask: Ask, attributes: Json, place: int, historical: bool) -> Iterator[Problem]:
    """A time of consent goes with a historical import and with nothing else."""
    for name, said in _wanted(attributes).items():
        pointer = f"{_ROWS}/{place}/attributes/subscriptions/{name.replace('.', '/')}/consented_at"
        text = said.get("consented_at")
        if historical and not name.endswith("open_tracking"):
            if text is None:
                yield Problem("invalid", "'consented_at' is required when 'historical_import' is true.", pointer)
            elif moments.read(text) >= ask.now:
                yield Problem("invalid", "'consented_at' must be in the past.", pointer)
        elif text is not None:
            yield Problem("invalid", "'consented_at' is only allowed when 'historical_import' is true.", pointer)


def _wanted(attributes: Json) -> dict[str, dict[str, Any]]:
    """Channel and kind ("email.marketing") to what was said of it."""
    return {
        f"{channel}.{kind}": said
        for channel, kinds in (attributes.get("subscriptions") or {}).items()
        for kind, said in (kinds or {}).items()
        if isinstance(said, dict)
    }


def _tokens(attributes: Json) -> list[Json]:
    return ((attributes.get("subscriptions") or {}).get("push") or {}).get("tokens") or []


def advance(db: sqlite3.Connection, account: int, now: int, chance: random.Random) -> None:
    """Lets the requests that are due take effect, in the order in which they came."""
    jobs = db.execute("SELECT * FROM consent_job WHERE account = ? AND due <= ? ORDER BY n", (account, now)).fetchall()
    for job in jobs:
        payload = json.loads(job["payload"])
        for row in payload["rows"]:
            _VERBS[job["verb"]](db, job, payload, row, chance)
        db.execute("DELETE FROM consent_job WHERE n = ?", (job["n"],))


def _subscribe(db: sqlite3.Connection, job: Row, payload: Json, row: Json, chance: random.Random) -> None:
    attributes, at = row["attributes"], job["due"]
    wanted = _wanted(attributes)
    known = _known(db, job["account"], row)
    circle = db.execute("SELECT * FROM circle WHERE n = ?", (job["circle"],)).fetchone()
    if not payload.get("historical") and _must_confirm(db, known, circle, wanted):
        return  # a letter asks for confirmation, and nobody here answers letters
    given = {name: attributes[name] for name in ("email", "phone_number") if attributes.get(name)}
    if known:
        n = int(known["n"])
        people.complete(db, known, given, at)
    else:
        n = people.add(db, job["account"], given, at, chance)
    about = {name: value for name, value in attributes.items() if name in _TOLD}
    if about:
        people.amend(db, n, about, {}, at)
    source = consent.Given("API", payload["detail"])
    for channel, said in wanted.items():
        agreed = moments.read(said["consented_at"]) if said.get("consented_at") else at
        consent.agree(db, n, channel, agreed, source)
    for token in _tokens(attributes):
        devices.register(db, job["account"], n, token, at, chance)
    if circle:
        membership.join(db, circle["n"], [n], at)
        db.execute("DELETE FROM list_suppression WHERE profile = ? AND circle = ?", (n, circle["n"]))
        history.record(db, job["account"], n, "Subscribed to List", at, {"List": circle["name"]}, chance)


def _must_confirm(db: sqlite3.Connection, known: Row | None, circle: Row | None, wanted: Mapping[str, Json]) -> bool:
    """An account asks addresses that it does not know; a list with double opt-in asks all that have not said yes."""
    if circle is None:
        return known is None
    if circle["opt_in"] != "double_opt_in":
        return False
    return known is None or all(consent.state(db, known["n"], channel) != "SUBSCRIBED" for channel in wanted)


def _unsubscribe(db: sqlite3.Connection, job: Row, payload: Json, row: Json, chance: random.Random) -> None:
    """Who is in the list leaves it; everybody else is unsubscribed from everything that the channel sends."""
    known = _known(db, job["account"], row)
    if known is None:
        return
    n, at = known["n"], job["due"]
    inside = "SELECT 1 FROM member WHERE circle = ? AND profile = ?"
    if job["circle"] and db.execute(inside, (job["circle"], n)).fetchone():
        membership.leave(db, job["circle"], [n])
        db.execute("INSERT OR REPLACE INTO list_suppression VALUES (?, ?, 'UNSUBSCRIBE', ?)", (n, job["circle"], at))
        return
    for token in _tokens(row["attributes"]):
        devices.forget(db, job["account"], token)
    for channel in _wanted(row["attributes"]):
        consent.decline(db, n, channel, at, consent.Given("API", payload["detail"]))
        if channel == consent.EMAIL:
            history.record(db, job["account"], n, "Unsubscribed", at, {"Channel": "email"}, chance)


def _known(db: sqlite3.Connection, account: int, row: Json) -> Row | None:
    if row.get("id"):
        return _by_id(db, account, row["id"])
    return people.find(db, account, {k: row["attributes"].get(k) for k in ("email", "phone_number")})


def _by_id(db: sqlite3.Connection, account: int, ident: str) -> Row | None:
    row: Row | None = db.execute("SELECT * FROM profile WHERE account = ? AND id = ?", (account, ident)).fetchone()
    return row


_VERBS = {"subscribe": _subscribe, "unsubscribe": _unsubscribe}
ROOM: Mapping[str, Room] = {
    "bulk_subscribe_profiles": bulk_subscribe_profiles,
    "bulk_unsubscribe_profiles": bulk_unsubscribe_profiles,
}
