"""The room of those who wait for goods: what they want is recorded as an event, whoever tells of it."""

from collections.abc import Callable, Mapping

from klaviyo_admin.sandbox import history
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms import recording
from klaviyo_admin.sandbox.rooms.reading import Room

_PROFILE = "/data/attributes/profile/data"
_REACHED_BY = {"EMAIL": "email", "SMS": "phone_number", "WHATSAPP": "phone_number"}


def _subscribing(who: Callable[[Ask, Json, str], int | None]) -> Room:
    """`who` says whose wish it is; a variant that is not in the catalogue cannot come back."""

    def room(ask: Ask) -> Reply:
        given, channels = (ask.attributes.get("profile") or {}).get("data"), ask.attributes["channels"]
        if given is None:
            raise invalid("'profile' is needed: somebody has to wait.", "/data/attributes/profile")
        for channel in channels:
            carrier = _REACHED_BY.get(channel)
            if carrier and not given["attributes"].get(carrier) and not given.get("id"):
                detail = f"'{carrier}' must not be empty for the channel {channel}."
                raise invalid(detail, f"{_PROFILE}/attributes/{carrier}")
        variant = (ask.document["data"]["relationships"]["variant"].get("data") or {}).get("id")
        sql = "SELECT * FROM thing WHERE account = ? AND kind = 'catalog-variant' AND id = ?"
        if not ask.db.execute(sql, (ask.account, variant)).fetchone():
            detail = f"A catalog-variant with id {variant} does not exist."
            raise Refusal(Problem("not_found", detail, "/data/relationships/variant/data/id"))
        profile = who(ask, given, _PROFILE)
        if profile is not None:
            about, name = {"VariantId": variant, "Channels": channels}, "Subscribed to Back in Stock"
            history.record(ask.db, ask.account, profile, name, ask.now, about, ask.chance, once=f"{variant}")
        return Reply()

    return room


ROOM: Mapping[str, Room] = {
    "create_back_in_stock_subscription": _subscribing(recording.profile),
    "create_client_back_in_stock_subscription": _subscribing(recording.visitor),
}
