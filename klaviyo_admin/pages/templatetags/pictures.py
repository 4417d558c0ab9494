"""How pictures that lie at Klaviyo are drawn: the browser fetches them there, which the page's policy must allow."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages.middleware import picture_hosts

register = template.Library()
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")


@register.simple_tag(takes_context=True)
def picture(context: Context, image: Item, name: str = "") -> SafeString:
    """The picture of an image, or a few words where it has no address that a browser may fetch."""
    address = str(image.get("image_url", ""))
    host = origin(address)
    if not host:
        return format_html('<span class="quiet">{}</span>', "No picture")
    request: Any = context["request"]
    picture_hosts(request).add(host)
    words = 'src="{}" alt="{}" loading="lazy" decoding="async" referrerpolicy="no-referrer"'
    return format_html("<img " + words + ">", address, name)


def origin(address: str) -> str:
    """ "https://host:port" of a web address; "" for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if good else ""
