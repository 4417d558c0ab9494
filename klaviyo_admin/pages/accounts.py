"""Connected Klaviyo accounts and who may do what in them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from klaviyo_admin.pages.render import page


def soon(request: HttpRequest, **_: Any) -> HttpResponse:
    """Stands here until the owner of this slice writes its pages."""
    return page(request, "soon.html", {})


urlpatterns = [
    path("accounts/", soon, name="accounts"),
    path("accounts/connect/", soon, name="account-connect"),
    path("a/<int:account>/settings/", soon, name="account-settings"),
]
