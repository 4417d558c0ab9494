"""The rooms of what a shop makes: its letters, campaigns, flows, forms, goods, coupons and records."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import deliveries, jobs, records, sending
from klaviyo_admin.sandbox.rooms import (
    campaign_jobs,
    campaign_messages,
    campaigns,
    catalog_jobs,
    catalogs,
    coupons,
    flows,
    forms,
    images,
    object_links,
    object_records,
    object_sources,
    object_types,
    templates,
    universal,
    web_feeds,
    webhooks,
)
from klaviyo_admin.sandbox.rooms.reading import Clockwork, Room

ROOMS: Mapping[str, Room] = {
    **templates.ROOM,
    **universal.ROOM,
    **images.ROOM,
    **campaigns.ROOM,
    **campaign_messages.ROOM,
    **campaign_jobs.ROOM,
    **flows.ROOM,
    **forms.ROOM,
    **web_feeds.ROOM,
    **webhooks.ROOM,
    **catalogs.ROOM,
    **catalog_jobs.ROOM,
    **coupons.ROOM,
    **object_types.ROOM,
    **object_links.ROOM,
    **object_sources.ROOM,
    **object_records.ROOM,
}
CLOCKWORK: tuple[Clockwork, ...] = (
    sending.advance,
    jobs.clock({**catalog_jobs.WORKS, **coupons.WORKS}),
    records.advance,
    deliveries.advance,
)
