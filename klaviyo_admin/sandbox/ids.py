"""Identifiers in the shapes of the live service."""

import random
import uuid

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_GREGORIAN = 0x01B21DD213814000  # 100 ns steps between 1582-10-15 and 1970-01-01


def ulid(moment: int, chance: random.Random) -> str:
    """26 characters that sort by time; for profiles and jobs. `moment` in microseconds."""
    number = (moment // 1000) << 80 | chance.getrandbits(80)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def six(chance: random.Random) -> str:
    """6 characters; for lists, segments and metrics. Always with a letter, so that it is never taken for a number."""
    return chance.choice(_BASE62[10:36]) + "".join(chance.choices(_BASE62, k=5))


def eleven(chance: random.Random) -> str:
    """11 characters; for events."""
    return "".join(chance.choices(_BASE62, k=11))


def event_uuid(moment: int, number: int) -> str:
    """A version 1 UUID of the event's time, the same each time it is asked for."""
    ticks = moment * 10 + _GREGORIAN
    fields = (ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF, 0x80 | number >> 8 & 0x3F, number & 0xFF)
    return str(uuid.UUID(fields=(*fields, 0x02_00_00_00_00_01), version=1))
