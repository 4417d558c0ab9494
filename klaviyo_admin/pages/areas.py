"""The pages of the areas: lists, details and actions, all driven by what an area declares."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from klaviyo_admin.pages.render import account_for, page


def soon(request: HttpRequest, account: int, **_: Any) -> HttpResponse:
    return page(request, "soon.html", {}, account_for(request, account))


urlpatterns = [
    path("a/<int:account>/<slug:key>/", soon, name="resource-list"),
    path("a/<int:account>/<slug:key>/act/<slug:action>/", soon, name="act"),
    path("a/<int:account>/<slug:key>/<path:id>/", soon, name="resource-item"),
]
