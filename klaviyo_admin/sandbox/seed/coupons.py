"""Sows coupons with codes, of which some are in people's hands."""

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.seed.ground import Ground

_COUPONS = (
    ("WELCOME10", "10 % off the first order", "250", 40),
    ("WINTER_2026", "Free shipping until the snow melts ❄️", None, 25),
    ("Sorry5", "5 off, for a parcel that came late", None, 8),
)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def furnish(ground: Ground) -> None:
    people = ground.db.execute(
        "SELECT id FROM profile WHERE account = ? ORDER BY n LIMIT 30", (ground.account,)
    ).fetchall()
    where = things.Ledger(ground.db, ground.account, ground.today - 90 * DAY)
    for name, description, threshold, count in _COUPONS:
        monitor = {"low_balance_threshold": threshold} if threshold else None
        kept = {"description": description, "monitor_configuration": monitor}
        coupon = things.add(where, "coupon", name, kept)
        for number in range(count):
            code = "".join(ground.chance.choices(_LETTERS, k=8)) + str(number)
            holder = people[number]["id"] if number % 3 == 0 and number < len(people) else None
            about = {"unique_code": code, "expires_at": where.now + 365 * DAY, "profile": holder}
            status = ("USED" if number % 2 else "ASSIGNED_TO_PROFILE") if holder else "UNASSIGNED"
            things.add(where, "coupon-code", f"{name}-{code}", about, status=status, parent=coupon["n"])
