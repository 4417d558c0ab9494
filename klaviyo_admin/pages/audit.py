"""The audit: search, one chain, export."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from klaviyo_admin.pages.render import page


def soon(request: HttpRequest, **_: Any) -> HttpResponse:
    """Stands here until the owner of this slice writes its pages."""
    return page(request, "soon.html", {})


urlpatterns = [
    path("a/<int:account>/audit/", soon, name="audit"),
    path("a/<int:account>/audit/export/", soon, name="audit-export"),
]
