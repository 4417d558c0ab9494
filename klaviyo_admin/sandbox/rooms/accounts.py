"""The room of accounts: a key sees its own account only."""

import json
from collections.abc import Mapping

from klaviyo_admin.sandbox.asking import Ask, Json, Reply, absent
from klaviyo_admin.sandbox.documents import collection, single
from klaviyo_admin.sandbox.paging import Found
from klaviyo_admin.sandbox.rooms.reading import Room
from klaviyo_admin.sandbox.shelves import Extras, Row, Shelf


def _account(row: Row, extras: Extras) -> dict[str, Json]:
    shown: dict[str, Json] = json.loads(row["attributes"])
    return shown


ACCOUNTS = Shelf("account", "/api/accounts", "account", {"id": "account.id"}, _account)


def _own(ask: Ask) -> Row:
    row: Row = ask.db.execute("SELECT * FROM account WHERE n = ?", (ask.account,)).fetchone()
    return row


def get_accounts(ask: Ask) -> Reply:
    return Reply(collection(ask, ACCOUNTS, Found([_own(ask)], None, None)))


def get_account(ask: Ask) -> Reply:
    row = _own(ask)
    if row["id"] != ask.id:
        raise absent(ask, "account")
    return Reply(single(ask, ACCOUNTS, row))


ROOM: Mapping[str, Room] = {"get_accounts": get_accounts, "get_account": get_account}
