"""The sowers of what a shop makes, in the order in which one needs the other."""

from klaviyo_admin.sandbox.seed import batches, campaigns, coupons, flows, forms, goods, letters, long_flows, objects
from klaviyo_admin.sandbox.seed.ground import Furnish

FURNISHINGS: tuple[Furnish, ...] = (
    letters.furnish,
    campaigns.furnish,
    flows.furnish,
    long_flows.furnish,
    forms.furnish,
    goods.furnish,
    coupons.furnish,
    batches.furnish,
    objects.furnish,
)
