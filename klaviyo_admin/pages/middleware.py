"""Knows what every answer must carry, and in which time zone the reader lives."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

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


def zone_named(name: str) -> ZoneInfo:
    """The zone of this IANA name; UTC for anything else."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
