"""The rooms this sandbox has: which function answers which operation."""

from collections.abc import Mapping

from klaviyo_admin.sandbox.rooms import (
    accounts,
    aggregates,
    back_in_stock,
    consenting,
    conversations,
    custom_metrics,
    events,
    form_reports,
    identities,
    imports,
    lists,
    making,
    mapped_metrics,
    message_reports,
    metric_properties,
    metrics,
    profiles,
    push_tokens,
    reviews,
    segment_reports,
    segments,
    storefront,
    suppressing,
    tags,
    tracking,
    visitors,
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
    **metric_properties.ROOM,
    **custom_metrics.ROOM,
    **mapped_metrics.ROOM,
    **aggregates.ROOM,
    **tags.ROOM,
    **tracking.ROOM,
    **reviews.ROOM,
    **visitors.ROOM,
    **storefront.ROOM,
    **message_reports.ROOM,
    **form_reports.ROOM,
    **segment_reports.ROOM,
    **back_in_stock.ROOM,
    **making.ROOMS,
}

# What moves with the clock: each is asked, before an operation, to do the work that is due by then.
CLOCKWORK: tuple[Clockwork, ...] = (imports.advance, consenting.advance, suppressing.advance, *making.CLOCKWORK)
