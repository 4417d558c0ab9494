"""Knows what a person is told where a page could not be made for a reason that has a name: a panel, not a fault of ours."""

import logging

from django.http import HttpRequest, HttpResponse

from klaviyo_admin.changes.bodies import Damaged
from klaviyo_admin.changes.digests import Locked
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.pages.middleware import Answer
from klaviyo_admin.pages.render import Trouble, page, trouble
from klaviyo_admin.sealing import Unreadable

_log = logging.getLogger(__name__)


class Unopened:
    """The last net: what Klaviyo refused and no view caught, and what is kept here and no longer opens."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        panel = told(error)
        if panel is None:
            return None
        _log.error("%s: %s (%s)", request.path, panel.text, type(error).__name__)
        return page(request, "trouble.html", {"trouble": panel}, status=panel.status)


def told(error: Exception) -> Trouble | None:
    """The panel for an error that has a remedy; None for a fault of ours."""
    if isinstance(error, KlaviyoError):
        return trouble(error)
    if isinstance(error, Unreadable | Damaged | Locked):
        remedy = "Whoever runs this installation can put the missing key, or the file, back."
        return Trouble("What is kept here cannot be opened", str(error), remedy, status=503)
    return None
