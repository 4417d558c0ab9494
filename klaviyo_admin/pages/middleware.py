"""Knows what every answer must carry, in which time zone the reader lives, and how old what they see may be."""

from collections.abc import Callable, Iterator
from itertools import chain
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts import rights

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
ZONE_COOKIE = "zone"
DECIDING = ("/changes/", "/act/", "/imports/")  # pages on which people decide what is written
Answer = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicy:
    """Nothing inline, nothing from other hosts: text from Klaviyo that slips through as markup stays dead. Only pages
    that draw Klaviyo's own pictures may load those, and a frame that shows a letter says itself what it may."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", with_pictures(POLICY, picture_hosts(request)))
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        return response


class WholeText:
    """Refuses a request with a null character in what it asks or says: nobody types one, and PostgreSQL keeps none."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = (request.path, *texts(request.GET), *texts(request.POST))
        if any("\0" in text for text in given):
            raise BadRequest("A null character in an address or a form.")
        return self.get_response(request)


def texts(said: QueryDict) -> Iterator[str]:
    """Every name and value of an address or a form."""
    return chain(said, *(values for _, values in said.lists()))


def picture_hosts(request: HttpRequest) -> set[str]:
    """The origins ("https://host") whose pictures the page of this request draws; whoever draws one adds its origin."""
    hosts: set[str] = request.__dict__.setdefault("picture_hosts", set())
    return hosts


def with_pictures(policy: str, hosts: set[str]) -> str:
    """The policy with pictures of these origins allowed."""
    return policy.replace("img-src 'self'", " ".join(("img-src 'self'", *sorted(hosts))))


class ViewersZone:
    """Times are shown and typed in the zone that the browser named in its cookie; UTC until it has."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_named(request.COOKIES.get(ZONE_COOKIE, ""))):
            return self.get_response(request)


class Looks:
    """Who only looks may see what was read some seconds ago; who presses Refresh or reloads the page may not. Of roles
    that is never so: they are read for each answer, but only once."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with rights.one_look():
            if any(part in request.path for part in DECIDING):
                return self.get_response(request)
            with api.looking(fresh="fresh" in request.GET or reloaded(request)):
                return self.get_response(request)


def reloaded(request: HttpRequest) -> bool:
    """Browsers say so of a page that is reloaded, and of nothing else."""
    return bool({"no-cache", "max-age=0"} & set(request.headers.get("Cache-Control", "").replace(" ", "").split(",")))


def zone_named(name: str) -> ZoneInfo:
    """The zone of this IANA name; UTC for anything else."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
