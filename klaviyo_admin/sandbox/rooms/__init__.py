"""The rooms this sandbox has: which function answers which operation."""

from collections.abc import Mapping

from klaviyo_admin.sandbox.rooms import (
    accounts,
    consenting,
    conversations,
    events,
    identities,
    imports,
    lists,
    making,
    metrics,
    profiles,
    push_tokens,
    segments,
    suppressing,
)
from klaviyo_admin.sandbox.rooms.reading import Clockwork, Room

ROOMS: Mapping[str, Room] = {
    **accounts.ROOM,
    **profiles.ROOM,
    **imports.ROOM,
    **lists.ROOM,
    **segments.ROOM,
    **events.ROOM,
    **metrics.ROOM,
    **consenting.ROOM,
    **suppressing.ROOM,
    **identities.ROOM,
    **push_tokens.ROOM,
    **conversations.ROOM,
    **making.ROOMS,
}

# What moves with the clock: each is asked, before an operation, to do the work that is due by then.
CLOCKWORK: tuple[Clockwork, ...] = (imports.advance, consenting.advance, suppressing.advance, *making.CLOCKWORK)
