"""Writes that no other is like: what makes up for each of them."""

from klaviyo_admin.changes.undoing import crowds, remaking, restoring, shapes
from klaviyo_admin.changes.undoing.done import NO_BEFORE, Done, Impossible, Opposite
from klaviyo_admin.intents import Ref, Request, Target
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.bodies import BadBody
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Json, Query

HIDDEN = "The image stays in the library, hidden: Klaviyo's API cannot delete images."
COPIED = "The message gets a copy of what it held before; the template that this takes is deleted again."
TOLD_WHOLE = ("CODE", "USER_DRAGGABLE")  # kinds of templates that are made of what Klaviyo shows of them
REVERTED = "Only what has not been delivered yet is held back; the campaign goes back to draft."


def sending(done: Done) -> Opposite:
    """Takes a campaign that was set to be sent back to draft."""
    ident = str(done.data.get("id", ""))
    inverse = catalogue.operation(done.operation.inverse)
    data = {"type": inverse.kind, "id": ident, "attributes": {"action": "revert"}}
    write = inverse.write({"id": ident}, {"data": data})
    return Opposite(
        done.number, (Request(write, done.target or Target("campaign", ident, ident, "get_campaign")),), (REVERTED,)
    )


def template(done: Done, number: int) -> Opposite:
    """Makes the former template of a message once more, gives it to the message, and takes it out of the library again."""
    if not done.before:
        raise Impossible("the message had no template before, and Klaviyo cannot take one away")
    (image,) = done.before
    if image["attributes"].get("editor_type") not in TOLD_WHOLE:
        raise Impossible("Klaviyo does not show all of the template that the message had before")
    make, give = catalogue.operation("create_template"), done.operation
    lost: list[str] = []
    made = restoring.written(make, {}, {"data": remaking.anew(make, image, lost)})
    name = str(image["attributes"].get("name") or image["id"])
    related = {"template": {"data": {"type": "template", "id": Ref(number)}}}
    given = give.write({}, {"data": {"type": give.kind, "id": done.data.get("id"), "relationships": related}})
    gone = catalogue.operation(make.inverse).write({"id": Ref(number)})
    requests = (Request(made, Target("template", "", name)), Request(given, done.target), Request(gone))
    return Opposite(done.number, requests, (COPIED,))


def hiding(done: Done) -> Opposite:
    """Hides an uploaded image."""
    inverse = catalogue.operation(done.operation.inverse)
    if not done.made:
        raise Impossible(remaking.NO_ANSWER)
    name = shapes.members(done.answer.get("attributes")).get("name")
    attributes = {"hidden": True, **({"name": name} if name else {})}
    write = inverse.write({"id": done.made}, {"data": {"type": "image", "id": done.made, "attributes": attributes}})
    return Opposite(
        done.number, (Request(write, Target("image", done.made, str(name or done.made), "get_image")),), (HIDDEN,)
    )


def device(done: Done, reader: Reader | None) -> Opposite:
    """Deletes a device that was not known before, by the id that its token has now."""
    if "tokens" not in done.image:
        raise Impossible(done.image.get("fault", NO_BEFORE))
    if done.attributes.get("token") in done.image["tokens"]:
        raise Impossible("the device was known before, and its earlier settings were not kept")
    if reader is None:
        return Opposite(done.number)
    ident = crowds.device(reader, done.body)
    if not ident:
        raise Impossible("the device is not known any more")
    inverse = catalogue.operation(done.operation.inverse)
    return Opposite(done.number, (remaking.deletion(done, inverse, ident),))


def redevice(done: Done) -> Opposite:
    """Registers a deleted device again, for the same person."""
    (image,) = done.before
    own = image["attributes"]
    owner = next(iter(image["related"].get("profile", ())), None)
    if owner is None:
        raise Impossible("Klaviyo does not show whose device it was")
    told = {key: own.get(key) for key in ("token", "platform", "vendor", "enablement_status", "background")}
    told |= {"profile": {"data": {"type": "profile", "id": owner[1], "attributes": {}}}}
    metadata = {key: value for key, value in shapes.members(own.get("metadata")).items() if value is not None}
    attributes = {key: value for key, value in told.items() if value is not None}
    attributes |= {"device_metadata": metadata} if metadata else {}
    return Opposite(
        done.number, (_made(done, {"type": "push-token", "attributes": attributes}),), ("The device gets another id.",)
    )


def visitor(done: Done) -> Opposite:
    """Registers a visitor's device again, or takes it out, by the token that the request held."""
    return Opposite(done.number, (_made(done, {"type": "", "attributes": done.attributes}),))


def _made(done: Done, data: dict[str, Json]) -> Request:
    inverse = catalogue.operation(done.operation.inverse)
    fitting = shapes.fitting(inverse)
    document = {"data": {**data, "type": inverse.kind}}
    try:
        fitted = fitting.fitted(document, lambda _: None) if fitting else document
        return Request(inverse.write({}, fitted, query=Query(others=done.query)))
    except BadBody as fault:
        raise Impossible(f"Klaviyo would not take it back: {fault.faults[0]}") from None
