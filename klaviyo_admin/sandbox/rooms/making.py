"""The rooms of what a shop makes: its letters, campaigns, flows, forms, goods, coupons and records."""

from collections.abc import Mapping

from klaviyo_admin.sandbox.rooms import templates, universal
from klaviyo_admin.sandbox.rooms.reading import Clockwork, Room

ROOMS: Mapping[str, Room] = {
    **templates.ROOM,
    **universal.ROOM,
}
CLOCKWORK: tuple[Clockwork, ...] = ()
