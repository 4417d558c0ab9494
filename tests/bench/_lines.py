"""Lines of an audit log as years of work would leave them, put in by the thousand, each as the chain would have it."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction

from klaviyo_admin.audit import chain, index
from klaviyo_admin.audit.models import Head

NAMES = (*chain.COLUMNS, "hash")
STEPS = ("change.proposed", "change.approved", "step.sent", "step.done", "change.ended")
PEOPLE = ("Ana Ortiz", "Ben Cole", "Chidi Obi", "Dora Lind", "Eve Tan", "Finn Ray", "Gil Paz", "Hana Mori")
RARE = "Zelda Quist"  # of every 50,000th change
WORK = (
    ("update_list", "list", "Rename the list “{name}” to “Autumn {n}”."),
    ("update_profile", "profile", "Change first_name and city of profile {id}."),
    ("create_coupon_code", "coupon-code", "Create the coupon code {id} for “{name}”."),
    ("update_campaign", "campaign", "Edit the campaign “{name}”, number {n}."),
    ("tag_segments", "segment", "Put a tag on the segment “{name}”."),
    ("create_template", "template", "Make an email template from “{name}”."),
)
EACH = len(STEPS)
_BLOCK = 5_000


def fill(lines: int, accounts: Sequence[tuple[int, str]], until: datetime | None = None) -> None:
    """So many lines over a year, of these accounts (id and name; of the last only one change in 40,000), and the index."""
    began = (until or datetime.now(UTC)) - timedelta(days=365)
    previous, rows = chain.START, []
    for line in _lines(lines, accounts, began):
        placed = {**line, "previous_hash": previous}
        previous = chain.digest(placed)
        rows.append((*placed.values(), previous))
        if len(rows) == _BLOCK or line["id"] == lines:
            _write(tuple(placed), rows)
            rows = []
    Head.objects.create(pk=1, lines=lines, hash=previous)
    while index.once():
        pass
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as the server does by itself before long
            vacuum = "" if connection.in_atomic_block else "VACUUM "  # which a test's transaction does not allow
            cursor.execute(f"{vacuum}ANALYZE audit_entry, audit_mark, audit_block")


def _lines(count: int, accounts: Sequence[tuple[int, str]], began: datetime) -> Iterator[dict[str, Any]]:
    chance, apart = random.Random(5), timedelta(days=365) / count
    for number in range(1, count + 1):
        change, step = divmod(number - 1, EACH)
        if step == 0:
            facts = _change(change, accounts, chance)
        yield {**facts, "id": number, "at": began + apart * number, **_step(facts, change, step)}


def _change(change: int, accounts: Sequence[tuple[int, str]], chance: random.Random) -> dict[str, Any]:
    operation, kind, said = WORK[chance.randrange(len(WORK))]
    account = accounts[-1] if change % 40_000 == 7 else accounts[change % (len(accounts) - 1)]
    person = RARE if change % 50_000 == 11 else PEOPLE[chance.randrange(len(PEOPLE))]
    ident = f"{chance.getrandbits(60):012X}"
    name = f"Spring sale {change % 997}"
    return {
        **{"account_id": account[0], "account_name": account[1], "person_id": sum(map(ord, person))},
        **{"person_name": person, "operation": operation, "object_type": kind, "object_id": ident},
        **{"object_name": name, "sentence": said.format(name=name, id=ident, n=change), "change_id": change},
    }


def _step(facts: dict[str, Any], change: int, step: int) -> dict[str, Any]:
    action = STEPS[step]
    digest = hashlib.sha256(str(change).encode()).hexdigest()
    details = {
        "change.proposed": {"digest": digest, "reason": f"Asked for by the shop in week {change % 52}", "risk": "read"},
        "change.approved": {"digest": digest, "comment": "Looks good"},
        "step.done": {"status": 200, "milliseconds": 80 + change % 400, "request_id": digest[:32]},
    }
    said = facts["sentence"] if step == 0 else f"{action.partition('.')[2].capitalize()}: {facts['sentence']}"
    return {
        **{"action": action, "step": 1 if action.startswith("step") else None, "sentence": said},
        "detail": details.get(action, {}),
    }


def _write(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Past the model and past the function that appends: a million lines in a minute."""
    names, detail = (*names, "hash"), names.index("detail")
    rows = [(*row[:detail], orjson.dumps(row[detail]).decode(), *row[detail + 1 :]) for row in rows]
    columns = ", ".join(names)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY audit_entry ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                for row in rows:
                    copy.write_row(row)
        else:
            at, stored = names.index("at"), connection.ops.adapt_datetimefield_value
            rows = [(*row[:at], stored(row[at]), *row[at + 1 :]) for row in rows]
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO audit_entry ({columns}) VALUES ({places})", rows)
