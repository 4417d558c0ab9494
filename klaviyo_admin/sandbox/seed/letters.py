"""Sows what a shop writes with: templates and the blocks they share."""

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.seed.ground import Ground

_PAGE = (
    "<html><body><h1>{title}</h1><p>Hello {{{{ first_name|default:'there' }}}},</p><p>{text}</p>"
    "{goods}<p>{{% unsubscribe %}}</p></body></html>"
)
_LETTERS = (
    ("Welcome 1: hello", "Good to have you here", "We make few things, slowly. Here is where to start.", False),
    ("Welcome 2: how we work", "From our workbench", "Every piece passes through three pairs of hands.", False),
    ("Newsletter, long", "News of the month", "What we made, read and planted since the last letter.", True),
    ("Cart reminder", "You left something behind", "It is still on the shelf, and we keep it until Sunday.", True),
    ("Back in stock", "It is here again", "You asked us to tell you. We would not wait too long.", True),
    ("Thank you, {{ first_name|default:'friend' }} 🌿", "Thank you", "Your order is on its way.", False),
    ("Win-back – wir vermissen dich", "It has been a while", "Come and see what has changed.", True),
)


def furnish(ground: Ground) -> None:
    for place, (name, title, text, shows) in enumerate(_LETTERS):
        goods = "".join(f"<li>{p[0]}: {p[2]:.2f} {ground.shop.currency}</li>" for p in ground.shop.products[:3])
        html = _PAGE.format(title=title, text=text, goods=f"<ul>{goods}</ul>" if shows else "")
        kept = {"editor_type": "CODE" if place % 2 else "USER_DRAGGABLE", "html": html, "text": f"{title}\n\n{text}"}
        made = ground.today - (400 - 40 * place) * DAY
        where = things.Ledger(ground.db, ground.account, made)
        things.add(where, "template", ids.six(ground.chance), kept, name=name)
    where = things.Ledger(ground.db, ground.account, ground.today - 300 * DAY)
    address = ", ".join(ground.shop.address.values())
    for name, content in (("Footer", f"<p>{ground.shop.name}, {address}</p>"), ("Signature", "<p>Yours, the shop</p>")):
        data = {"content": content, "display_options": {}, "styles": {}}
        kept_block = {"definition": {"content_type": "block", "type": "text", "data": data}}
        things.add(where, "template-universal-content", ids.ulid(where.now, ground.chance), kept_block, name=name)
