"""The only module that knows the key which signs the audit: Ed25519, so that anybody checks and only we sign.

The key is AUDIT_SIGNING_KEY. Without it, it is derived from the first of the SEALING_KEYS, so that every installation
signs from its first day; a key of its own is better, because it can be kept from whoever may open sealed data.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from klaviyo_admin import sealing

LABEL = b"klaviyo-admin: audit signing key, 1"


def public_keys() -> tuple[str, ...]:
    """The public keys of this installation in hex, the one that signs first. Raises ImproperlyConfigured."""
    return tuple(_public(key) for key in _keys())


def signed(purpose: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with `key` and `signature`, over `text(purpose, content)`."""
    key = _keys()[0]
    named = {**content, "key": _public(key)}
    return {**named, "signature": key.sign(text(purpose, named)).hex()}


def holds(purpose: str, content: Mapping[str, Any]) -> bool:
    """Whether the signature in it was made over the rest of it, by the key in it. Whose key that is, is not asked."""
    rest = {name: value for name, value in content.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(content.get("key"))))
        key.verify(bytes.fromhex(str(content.get("signature"))), text(purpose, rest))
    except (ValueError, InvalidSignature):
        return False
    return True


def text(purpose: str, content: Mapping[str, Any]) -> bytes:
    """What is signed: the purpose, a line break, and the content as JSON with sorted keys and no spaces, in UTF-8."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{purpose}\n{plain}".encode()


def _keys() -> list[Ed25519PrivateKey]:
    own = [_opened(key) for key in settings.AUDIT_SIGNING_KEYS]
    return [Ed25519PrivateKey.from_private_bytes(seed) for seed in (*own, *sealing.derived(LABEL))]


def _opened(key: str) -> bytes:
    try:
        seed = base64.b64decode(key.strip(), altchars=b"-_", validate=True)
    except ValueError:
        seed = b""
    if len(seed) != 32:
        raise ImproperlyConfigured(
            "AUDIT_SIGNING_KEY: it must be 32 bytes in URL-safe base64. Make one with: "
            'python -c "import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())"'
        )
    return seed


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
