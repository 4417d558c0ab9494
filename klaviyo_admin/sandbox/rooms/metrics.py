"""The room of metrics: the kinds of events there have been."""

from collections.abc import Mapping

from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of
from klaviyo_admin.sandbox.rooms.shelving import METRICS

ROOM: Mapping[str, Room] = {
    "get_metrics": all_of(METRICS),
    "get_metric": one_of(METRICS),
}
