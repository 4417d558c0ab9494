"""The rooms this sandbox has: which function answers which operation."""

from collections.abc import Mapping

from klaviyo_admin.sandbox.rooms import accounts, events, imports, lists, metrics, profiles, segments
from klaviyo_admin.sandbox.rooms.reading import Clockwork, Room

ROOMS: Mapping[str, Room] = {
    **accounts.ROOM,
    **profiles.ROOM,
    **imports.ROOM,
    **lists.ROOM,
    **segments.ROOM,
    **events.ROOM,
    **metrics.ROOM,
}

# What moves with the clock: each is asked, before an operation, to do the work that is due by then.
CLOCKWORK: tuple[Clockwork, ...] = (imports.advance,)
