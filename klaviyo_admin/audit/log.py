"""The only writer of the audit log."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from django.db import connections, router
from django.utils import timezone

from klaviyo_admin.audit.appending import append
from klaviyo_admin.audit.models import Entry

SYSTEM = "the system"
_ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)*")


class Named(Protocol):
    """A person or an account: what the log needs of it is its key and what people call it."""

    @property
    def pk(self) -> Any: ...
    def __str__(self) -> str: ...


class NoTransaction(Exception):
    """A line was to be written outside the transaction of what it tells of."""


def record(
    action: str,
    *,
    sentence: str,
    person: Named | None = None,
    account: Named | None = None,
    change_id: int | None = None,
    step: int | None = None,
    operation: str = "",
    object: tuple[str, str, str] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Adds a line, in the caller's transaction, so that it stands if and only if what it tells of stands.

    Every other writer waits until that transaction ends: take other locks before, and do nothing slow after.
    `person` None is the system itself. `object` is (type, id, name). `detail` is JSON; a fraction in it is kept as
    text, because databases differ in how they give fractions back. No customer's personal data anywhere in it.
    """
    connection = connections[router.db_for_write(Entry)]
    if not connection.in_atomic_block:
        raise NoTransaction(f"“{action}” must be recorded in the transaction of what it tells of.")
    if not _ACTION.fullmatch(action):
        raise ValueError(f"“{action}” is no name of an action.")
    kind, ident, name = object or ("", "", "")
    columns = {
        "at": timezone.now(),
        "account_id": account.pk if account else None,
        "account_name": _plain(str(account)) if account else "",
        "person_id": person.pk if person else None,
        "person_name": _plain(str(person)) if person else SYSTEM,
        "action": action,
        "change_id": change_id,
        "step": step,
        "operation": operation,
        "object_type": kind,
        "object_id": _plain(str(ident)),
        "object_name": _plain(str(name)),
        "sentence": _plain(sentence),
        "detail": _plain(detail or {}),
    }
    entry = Entry(**columns)  # before its place is known: others wait from then on
    append(connection, columns, entry)
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    # PostgreSQL stores neither NUL nor half of a surrogate pair.
    return str(value).replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
