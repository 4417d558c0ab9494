"""Sows sign-up forms, web feeds and pictures."""

from typing import Any

from klaviyo_admin.sandbox import ids, pictures, things
from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.rooms import forms, images
from klaviyo_admin.sandbox.seed.ground import Ground

_FORMS = (
    ("Newsletter pop-up", "live", ("popup", "popup")),
    ("Footer sign-up", "live", ("embed",)),
    ("Spring flyout – 10 % off 🌸", "draft", ("flyout",)),
    ("Willkommen! Bienvenue! (full page)", "draft", ("full_screen",)),
)
_WORDS = ("10 % off your first order", "Be the first to know")


def furnish(ground: Ground) -> None:
    for place, (name, status, shapes) in enumerate(_FORMS):
        where = things.Ledger(ground.db, ground.account, ground.today - (500 - 90 * place) * DAY)
        tested = len(shapes) > 1
        versions = [_version(shape, status, tested, number) for number, shape in enumerate(shapes)]
        given = {"name": name, "status": status, "ab_test": tested, "definition": {"versions": versions}}
        forms.plant(ground.chance, where, ids.six(ground.chance), given)
    where = things.Ledger(ground.db, ground.account, ground.today - 200 * DAY)
    for name, form in (("new_products", "json"), ("journal", "xml")):
        kept = {"url": f"{ground.shop.site}/{name}.{form}", "request_method": "get", "content_type": form}
        things.add(where, "web-feed", ids.ulid(where.now, ground.chance), kept, name=name, status="ok")
    for name in ("Logo", "Header", *(product[0] for product in ground.shop.products)):
        images.keep(where, name, pictures.painted(name), "png")


def _version(shape: str, status: str, tested: bool, number: int) -> dict[str, Any]:
    asks = (
        {"type": "html_text", "properties": {"content": f"<h2>{_WORDS[number % 2]}</h2>"}},
        {"type": "email", "properties": {"placeholder": "E-mail address", "required": True}},
        {"type": "button", "properties": {"label": "Sign up"}, "action": {"type": "next_step", "submit": True}},
    )
    thanks = ({"type": "html_text", "properties": {"content": "<p>Thank you! Look into your mailbox.</p>"}},)
    steps: list[dict[str, Any]] = [
        {"name": name, "columns": [{"rows": [{"blocks": [block]} for block in blocks]}]}
        for name, blocks in (("Ask", asks), ("Thank you", thanks))
    ]
    shows = [] if shape == "embed" else [{"type": "delay", "properties": {"seconds": 5 + 10 * number}}]
    about = {"type": shape, "status": status, "ab_test": tested, "name": f"Variation {number + 1}"}
    return {"steps": steps, "triggers": shows, **about}
