"""Identifiers in the shapes of the live service."""

import random
import uuid

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# All pairs of signs, so that an id is put together from half as many parts: a seed of a million people draws six million.
# Two signs come twice where six bits are to choose one.
_CROCKFORD_PAIRS = tuple(a + b for a in _CROCKFORD for b in _CROCKFORD)
_SIX_BITS = f"{_BASE62}aA"
_SIX_BIT_PAIRS = tuple(a + b for a in _SIX_BITS for b in _SIX_BITS)
_SHIFTS, _LONG_SHIFTS = range(120, -1, -10), range(54, 5, -12)
_GREGORIAN = 0x01B21DD213814000  # 100 ns steps between 1582-10-15 and 1970-01-01


def ulid(moment: int, chance: random.Random) -> str:
    """26 characters that sort by time; for profiles and jobs. `moment` in microseconds."""
    number = (moment // 1000) << 80 | chance.getrandbits(80)
    return "".join([_CROCKFORD_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def six(chance: random.Random) -> str:
    """6 characters; for lists, segments and metrics. Always with a letter, so that it is never taken for a number."""
    return chance.choice(_BASE62[10:36]) + "".join(chance.choices(_BASE62, k=5))


def eleven(chance: random.Random) -> str:
    """11 characters; for events."""
    bits = chance.getrandbits(66)
    head = "".join([_SIX_BIT_PAIRS[bits >> shift & 4095] for shift in _LONG_SHIFTS])
    return head + _SIX_BITS[bits & 63]


def event_uuid(moment: int, number: int) -> str:
    """A version 1 UUID of the event's time, the same each time it is asked for."""
    ticks = moment * 10 + _GREGORIAN
    fields = (ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF, 0x80 | number >> 8 & 0x3F, number & 0xFF)
    return str(uuid.UUID(fields=(*fields, 0x02_00_00_00_00_01), version=1))
