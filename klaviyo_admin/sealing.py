"""Sealing at rest: the only module that knows SEALING_KEYS, and the model fields whose columns hold sealed bytes.

A sealed value is a Fernet token. The first key of SEALING_KEYS seals, every key of it unseals, so a key is rotated
by putting a new one in front, running `manage.py rotate_sealing_key`, and then removing the old one.
"""

import base64
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, Expression

if TYPE_CHECKING:
    Binary = models.BinaryField[Any, Any]
else:
    Binary = models.BinaryField


class Unreadable(Exception):
    """A token that none of the SEALING_KEYS opens: the key is gone, or the bytes were changed."""


def seal(data: bytes) -> bytes:
    """The token of `data`, under the newest key."""
    return _keyring().encrypt(data)


def unseal(token: bytes) -> bytes:
    """The data of a token, under whichever key made it. Raises Unreadable."""
    try:
        return _keyring().decrypt(bytes(token))
    except InvalidToken:
        raise Unreadable("None of the SEALING_KEYS opens this value.") from None


def reseal(token: bytes) -> bytes:
    """The same data under the newest key; the very same token if that key made it. Raises Unreadable."""
    try:
        _newest().decrypt(bytes(token))
    except InvalidToken:
        return seal(unseal(token))
    return bytes(token)


def check_keys() -> None:
    """Raises ImproperlyConfigured, with a sentence for whoever sets them, if the SEALING_KEYS cannot be used."""
    _keyring()


def derived(label: bytes) -> tuple[bytes, ...]:
    """32 secret bytes for another purpose from each of the SEALING_KEYS, newest first; none tells anything of its key.

    By HKDF-SHA256 with the purpose as its `label`: two labels give bytes that have nothing to do with one another.
    """
    check_keys()
    secrets = (base64.urlsafe_b64decode(key.strip()) for key in settings.SEALING_KEYS)
    return tuple(HKDF(SHA256(), 32, salt=None, info=label).derive(secret) for secret in secrets)


def _keyring() -> MultiFernet:
    return _opened(tuple(settings.SEALING_KEYS))[0]


def _newest() -> Fernet:
    return _opened(tuple(settings.SEALING_KEYS))[1]


@lru_cache(maxsize=4)
def _opened(keys: tuple[str, ...]) -> tuple[MultiFernet, Fernet]:
    opened = []
    for place, key in enumerate(keys, start=1):
        try:
            opened.append(Fernet(key.strip().encode()))
        except ValueError:
            raise ImproperlyConfigured(
                f"SEALING_KEYS: key {place} of {len(keys)} is no Fernet key (32 bytes in URL-safe base64). Make one with: "
                'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            ) from None
    return MultiFernet(opened), opened[0]


class SealedTokenField(Binary):
    """A column that keeps the token itself: whoever reads it must call `unseal`. For what few may ever open."""

    def get_lookup(self, lookup_name: str) -> Any:
        # Two tokens of the same data differ, so a comparison would silently find nothing.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class SealedBytesField(SealedTokenField):
    """Bytes in Python, a token in the database. Reading raises Unreadable if no key opens it."""

    def from_db_value(self, token: Any, _expression: Expression, _connection: BaseDatabaseWrapper) -> Any:
        return None if token is None else self.opened(unseal(token))

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        token = None if value is None else seal(self.closed(value))
        return super().get_db_prep_value(token, connection, prepared)

    def opened(self, data: bytes) -> Any:
        return data

    def closed(self, value: Any) -> bytes:
        return bytes(value)


class SealedJSONField(SealedBytesField):
    """Any JSON value in Python, a token in the database. None is stored as NULL."""

    def opened(self, data: bytes) -> Any:
        return orjson.loads(data)

    def closed(self, value: Any) -> bytes:
        return orjson.dumps(value)


def sealed_columns() -> Iterator[tuple[type[models.Model], SealedTokenField]]:
    """Every model and field whose column holds tokens, found by the type of the field."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedTokenField):
                yield model, field


def reseal_column(model: type[models.Model], field: SealedTokenField) -> int:
    """Puts a whole column under the newest key and returns how many rows changed. Raises Unreadable.

    Each row is compared and set, so one that others write meanwhile keeps their value, which is under the newest key.
    """
    token = models.ExpressionWrapper(models.F(field.name), output_field=models.BinaryField())
    rows = model._base_manager.annotate(token=token).filter(token__isnull=False)
    changed = 0
    for key, old in rows.values_list("pk", "token").iterator(chunk_size=200):
        new = reseal(old)
        if new != bytes(old):
            fresh: Combinable = models.Value(new, output_field=models.BinaryField())
            changed += rows.filter(pk=key, token=bytes(old)).update(**{field.name: fresh})
    return changed
