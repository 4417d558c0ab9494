"""The lines of the audit log: copies of what happened, never references, and never changed afterwards."""

import json
from typing import Any, NoReturn

from django.db import models


class AppendOnly(Exception):
    """Somebody tried to change or remove a line of the audit log."""


class ReadableEncoder(json.JSONEncoder):
    """Keeps letters as they are, so that a search by words finds them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"ensure_ascii": False})


class Lasting(models.QuerySet[Any]):
    def update(self, **_: Any) -> NoReturn:
        raise AppendOnly("Lines of the audit log are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Lines of the audit log are never removed.")


class Entry(models.Model):
    """One line. `id` counts from 1 without a gap; `hash` covers every other column and, by `previous_hash`, all lines before."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    account_name = models.TextField(blank=True)
    person_id = models.BigIntegerField(null=True)
    person_name = models.TextField()
    action = models.CharField(max_length=40)
    change_id = models.BigIntegerField(null=True, db_index=True)
    step = models.IntegerField(null=True)
    operation = models.TextField(blank=True)
    object_type = models.TextField(blank=True)
    object_id = models.TextField(blank=True)
    object_name = models.TextField(blank=True)
    sentence = models.TextField()
    detail = models.JSONField(default=dict, encoder=ReadableEncoder)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = Lasting.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        # Few, for each makes every line dearer: searches go by Block and Mark.
        indexes = [models.Index(fields=["object_id", "action", "-at"], name="audit_by_object")]

    def __str__(self) -> str:
        return f"{self.id} {self.action}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("Lines of the audit log are never changed.")
        super().save(*args, **options | {"force_insert": True})

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise AppendOnly("Lines of the audit log are never removed.")


class Head(models.Model):
    """Where the chain ends: one row, which a writer locks, so that two lines never follow the same one."""

    lines = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.lines} lines"


class Checkpoint(models.Model):
    """A signature on the first `lines` lines, whose last has `hash`. `key` is the public key; all in hex."""

    lines = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    objects = Lasting.as_manager()

    def __str__(self) -> str:
        return f"checkpoint of {self.lines} lines"

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise AppendOnly("Checkpoints of the audit log are never removed.")


class Stream(models.Model):
    """How far the live stream got: `lines` were taken by a destination, which is named by the SHA-256 of its address.

    `lease_until`, `fence` and `attempts` say who delivers now; `not_before`, `tries` and `error` what went wrong last.
    """

    destination = models.CharField(max_length=64, unique=True)
    lines = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    hinted_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"stream at line {self.lines}"


class Block(models.Model):
    """A run of lines that is in the index of the search (audit/index.py), with the first and the last moment in it."""

    number = models.BigIntegerField(primary_key=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"block {self.number}"


class Mark(models.Model):
    """Which lines of a block have a mark of this key: for each of `names` (JSON, a list of text) a set of places.

    `lines` is the size of each set in two bytes (the lower first), and then the sets.
    """

    pk = models.CompositePrimaryKey("key", "block")
    key = models.CharField(max_length=20)
    block = models.BigIntegerField()
    names = models.TextField()
    lines = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.key} in block {self.block}"
